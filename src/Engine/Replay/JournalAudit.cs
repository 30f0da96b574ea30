using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Replay;

/// <summary>
/// Replays a whole journal and checks it: checksums and contiguity, that money adds up (the sum of lines is the claim
/// is the payment, and every party's ledger is what was posted to it), and that no line was paid for a day outside
/// entitlement as known when it was decided.
/// </summary>
public static class JournalAudit
{
    /// <summary>Problems kept per partition: enough to see what is wrong.</summary>
    private const int ProblemsMax = 20;

    /// <param name="threads">Partitions replayed at the same time.</param>
    /// <param name="partitionDone">Called when a partition is done, with the number of those that are.</param>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    public static AuditReport Run(
        IJournal journal, int threads, Action<int>? partitionDone = null, CancellationToken cancellation = default) =>
        Run(journal, new AmoeLogic(JournalRulebooks.Current(journal)), threads, partitionDone, cancellation);

    internal static AuditReport Run(
        IJournal journal, IActorLogic logic, int threads, Action<int>? partitionDone, CancellationToken cancellation)
    {
        var (students, parties) = (journal.Identity.StudentPartitions, journal.Identity.LedgerPartitions);
        var audits = new PartitionAudit[journal.Identity.TotalPartitions];
        var done = 0;
        journal.CheckStore();

        // Ledger partitions first: what they have taken is then known of every batch.
        EveryPartition.Do(parties, threads, i => Audit(students + i), cancellation);
        var reconciliation = new Reconciliation([.. audits[students..].Select(audit => audit.State.Ledgers!)]);
        EveryPartition.Do(students, threads, partition =>
        {
            var state = Audit(partition).State;
            if (state.Outbox is not { } outbox)
                return;
            reconciliation.Add(partition, outbox);
            state.Outbox = null;
        }, cancellation);
        return Sum(audits, reconciliation, journal.Measure().SegmentBytes);

        PartitionAudit Audit(int partition)
        {
            var audit = audits[partition] = new PartitionAudit(
                partition, journal, PartitionReplay.Begin(journal.Identity, partition, logic));
            audit.Run();
            partitionDone?.Invoke(Interlocked.Increment(ref done));
            return audit;
        }
    }

    private static AuditReport Sum(PartitionAudit[] audits, Reconciliation reconciliation, long bytes)
    {
        var totals = new Totals();
        var parties = PartyTotals.Of(audits.SelectMany(audit => audit.State.Ledgers?.Ledgers ?? []));
        var digest = 0UL;
        foreach (var audit in audits)
        {
            totals.Add(audit.State.Totals);
            digest += audit.State.Digest;
        }

        var accounts = new Accounts(
            totals, parties, reconciliation.NotYetBooked, OpenItems.Of(audits.Select(audit => audit.State)));
        var problems = audits.SelectMany(audit => audit.Problems)
            .Concat(reconciliation.Problems().Take(ProblemsMax))
            .Concat(accounts.Problems())
            .ToList();
        var closed =
            audits.Select(audit => audit.State.LastClosed).Where(day => day != default).DefaultIfEmpty().ToList();
        return new AuditReport(
            audits.Sum(audit => audit.Segments), audits.Sum(audit => audit.State.Offset), bytes, digest, accounts,
            audits.Sum(audit => audit.State.StudentCount), audits.Sum(audit => audit.State.Quarantined.Count),
            closed.Min(), closed.Max(), problems);
    }

    private sealed class PartitionAudit(int partition, IJournal journal, PartitionState state) : IRecordSink
    {
        private readonly Dictionary<(ulong Claim, Payee Payee), long> _owedBefore = [];
        private readonly Dictionary<(ulong Claim, Payee Payee), long> _owed = [];
        private readonly List<(long Offset, DateOnly Day, int Rulebook)> _opened = [];
        private readonly RecordBatch _batch = new();
        private RecordHeader _header;
        private long _offset;
        private int _adopted;

        public PartitionState State => state;

        public List<string> Problems { get; } = [];

        public long Segments { get; private set; }

        public void Run()
        {
            foreach (var segment in journal.Read(partition))
            {
                State.RequireNext(segment);
                var reader = new SegmentReader(segment);
                while (_batch.Fill(ref reader))
                {
                    State.Load(_batch);
                    foreach (ref readonly var record in _batch.Records)
                        _batch.Pass(record, this);
                }

                Segments++;
            }

            // Read last: a journal that is being written has opened a day before any partition has.
            if (journal.ReadBook() is { } book)
                CheckOpened(book);
            foreach (var (student, why) in State.Quarantined)
                Problem($"student {student} cannot be replayed: {why}");
        }

        public void Begin(in RecordHeader header, long offset)
        {
            (_header, _offset) = (header, offset);
            _owedBefore.Clear();
            _owed.Clear();
            if (header.Known < State.Day && header.IsCommand)
                Problem(
                    $"{header.Id} of student {header.Student} was known on {header.Known:yyyy-MM-dd}, before the partition's day {State.Day:yyyy-MM-dd}");
            if (header.Kind is CommandKind.OpenDay && header.Effective <= State.Day)
                Problem($"day {header.Effective:yyyy-MM-dd} was opened after {State.Day:yyyy-MM-dd}");
            if (header.Kind is CommandKind.OpenDay)
                _opened.Add((offset, header.Effective, _adopted));
            ((IRecordSink)State).Begin(header, offset);
        }

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
            if (e is ClaimEvent c
                && State.Student(_header.Student) is var student
                && student.FindOpen(c.Claim) is { } claim)
                Check(student, claim, c);
            else if (e is ClaimRecalled r
                && (!State.Student(_header.Student).PassivatedClaims.TryFind(r.Claim, out var passivated)
                    || passivated.PayableCentimes != LineOutcome.Sum(r.Outcomes)))
                Problem($"claim {r.Claim} is reactivated and was not passivated so");
            if (e is RulebookAdopted adopted)
                Check(adopted);
            ((IEventSink)State).On(e, bytes);
        }

        public void End()
        {
            // Before the record is booked: then a claim that closed leaves, and with it what it owes can no longer be
            // asked.
            foreach (var (of, before) in _owedBefore)
            {
                var owed = before + _owed.GetValueOrDefault(of);
                if (State.Student(_header.Student).FindOpen(of.Claim)?.AccountOf(of.Payee) is { } account
                    && account.OverpaidCentimes != owed)
                    Problem(
                        $"claim {of.Claim}: overpayments of the {of.Payee} come to {owed} centimes, and {account.OverpaidCentimes} are owed back");
            }

            ((IRecordSink)State).End();
        }

        /// <summary>
        /// A partition opens what the journal has opened, under the rulebook that the journal says. No rule decides
        /// what a ledger says.
        /// </summary>
        private void CheckOpened(JournalBook book)
        {
            foreach (var (offset, day, adopted) in _opened)
            {
                _offset = offset;
                if (day > book.LastDay)
                    Problem(
                        $"day {day:yyyy-MM-dd} was opened, and the journal has opened none after {book.LastDay:yyyy-MM-dd}");
                else if (State.Ledgers is null && book.Find(day).Rulebook is var rulebook && rulebook != adopted)
                    Problem(
                        $"day {day:yyyy-MM-dd} was opened under rulebook {adopted}, and the journal has opened it under {rulebook}");
            }
        }

        private void Check(RulebookAdopted e)
        {
            // Of rulebooks that were adopted one after the other before a day was opened, the last one decides.
            var isLater = e.Number > _adopted;
            _adopted = e.Number;
            if (!isLater || e.Number > journal.Adoptions.Count || e.Hash != journal.Adoptions[e.Number - 1].Hash)
                Problem(
                    $"the mark of adopted rulebook {e.Number} ({e.Hash}) does not stand for the journal's rulebook {_adopted}");
        }

        private void Check(Student student, Claim claim, ClaimEvent e)
        {
            switch (e)
            {
                case ClaimAdjudicated a when a.Outcomes.Length != claim.Lines.Length:
                    Problem($"claim {claim.Number} has {claim.Lines.Length} lines and {a.Outcomes.Length} outcomes");
                    break;
                case ClaimAdjudicated a:
                    for (var i = 0; i < a.Outcomes.Length; i++)
                        Check(student, claim, claim.Lines[i], a.Outcomes[i], isShared: false);
                    break;
                case ClaimRevised r when r.Outcomes.Length != claim.Lines.Length
                    || !r.Former.AsSpan().SequenceEqual(claim.Outcomes):
                    Problem($"claim {claim.Number} is revised from what was not decided");
                    break;
                case ClaimRevised r:
                    for (var i = 0; i < r.Outcomes.Length; i++)
                    {
                        if (r.Outcomes[i] != r.Former[i])
                            Check(student, claim, claim.Lines[i], r.Outcomes[i], (claim.SharedLines & 1U << i) != 0);
                    }

                    break;
                case PaymentSetOff s when s.AmountCentimes > claim.AccountOf(Payee.Student).DueCentimes
                    || s.AmountCentimes <= 0
                    || claim.IsHeld:
                    Problem(
                        $"claim {claim.Number}: {s.AmountCentimes} centimes set off, {claim.AccountOf(Payee.Student)}, status {claim.Status}");
                    break;
                case PaymentOrdered p when p.AmountCentimes != DueTo(claim, p.Payee)
                    || claim.Status != ClaimStatus.Payable:
                    Problem(
                        $"claim {claim.Number}: {p.AmountCentimes} centimes ordered, {DueTo(claim, p.Payee)} due, status {claim.Status}");
                    break;
                case PaymentReissued p when p.AmountCentimes != DueTo(claim, p.Payee)
                    || claim.IsHeld
                    || claim.InTransitCentimes > 0:
                    Problem(
                        $"claim {claim.Number}: {p.AmountCentimes} centimes ordered again, {DueTo(claim, p.Payee)} due, status {claim.Status}");
                    break;
                case PaymentMade p when p.AmountCentimes != claim.InTransitCentimes || p.AmountCentimes == 0:
                    Problem(
                        $"claim {claim.Number}: {p.AmountCentimes} centimes paid, {claim.InTransitCentimes} ordered, status {claim.Status}");
                    break;
                case PaymentReturned p when p.AmountCentimes == 0
                    || Returned(claim, p) is var payment
                        && (p.AmountCentimes != payment.AmountCentimes
                            || p.WasConfirmed != (payment.State == PaymentState.Confirmed)):
                    Problem(
                        $"claim {claim.Number}: {p.AmountCentimes} centimes of payment {p.Payment} came back, which is {Returned(claim, p)}");
                    break;
                case OverpaymentRecovered o when o.AmountCentimes > claim.AccountOf(o.Payee).OverpaidCentimes
                    || o.AmountCentimes <= 0:
                    Problem(
                        $"claim {claim.Number}: {o.AmountCentimes} centimes recovered, {claim.AccountOf(o.Payee).OverpaidCentimes} owed back");
                    break;
            }

            Owe(claim, e);
        }

        /// <summary>Checks that the overpayment in the record's events is the claim's debt after them.</summary>
        private void Owe(Claim claim, ClaimEvent e)
        {
            var (payee, change) = e switch
            {
                OverpaymentRaised o => (o.Payee, o.AmountCentimes),
                OverpaymentCancelled o => (o.Payee, -o.AmountCentimes),
                OverpaymentRecovered o => (o.Payee, -o.AmountCentimes),
                _ => (Payee.None, 0),
            };
            if (e is ClaimDeposited or ClaimReturned or ClaimCompleted or ClaimReceived)
                return;
            _owedBefore.TryAdd((claim.Number, Payee.Student), claim.AccountOf(Payee.Student).OverpaidCentimes);
            _owedBefore.TryAdd((claim.Number, Payee.Provider), claim.AccountOf(Payee.Provider).OverpaidCentimes);
            var of = (claim.Number, payee == Payee.None ? claim.OwnPayee : payee);
            _owed[of] = _owed.GetValueOrDefault(of) + change;
        }

        /// <summary>
        /// The amount that an order may pay: the provider is paid before the student is repaid the borne share.
        /// </summary>
        private static long DueTo(Claim claim, Payee payee) =>
            payee != Payee.None && claim.AccountOf(Payee.Provider).DueCentimes > 0
                ? 0
                : claim.AccountOf(payee).DueCentimes;

        /// <summary>The payment that comes back; not named in journals of the first version.</summary>
        private static Payment Returned(Claim claim, PaymentReturned e) =>
            claim.Payments[e.Payment != 0
                ? e.Payment
                : claim.Payments.LastIn(e.WasConfirmed ? PaymentState.Confirmed : PaymentState.InTransit)];

        private void Check(Student student, Claim claim, in ClaimLine line, in LineOutcome outcome, bool isShared)
        {
            if (outcome.RefundCentimes > (isShared ? outcome.AmountCentimes : 0))
                Problem(
                    $"claim {claim.Number}: {outcome.RefundCentimes} centimes of {outcome.AmountCentimes} refunded to a student who did not bear them");
            if (outcome.AmountCentimes > line.PaidCentimes)
                Problem($"claim {claim.Number}: {outcome.AmountCentimes} centimes for a line of {line.PaidCentimes}");
            if (outcome.AmountCentimes > 0 && Entitlement.On(student, line.CareDate) is var reason and not Reason.None)
                Problem(
                    $"claim {claim.Number}: paid for care on {line.CareDate:yyyy-MM-dd}, when student {student.Id} was not entitled ({reason})");
        }

        private void Problem(string what)
        {
            if (Problems.Count < ProblemsMax)
                Problems.Add($"partition {partition}, offset {_offset}: {what}");
        }
    }
}

/// <summary>The findings of an audit.</summary>
/// <param name="Records">Commands, deadlines and marks of days.</param>
/// <param name="Quarantined">Students whose history cannot be replayed.</param>
/// <param name="ClosedFrom">
/// The earliest of the partitions' last closed days; the journal can be resumed after it.
/// </param>
/// <param name="ClosedTo">The latest of them.</param>
/// <param name="Problems">What does not add up, by partition and offset; empty when all is well.</param>
public sealed record AuditReport(
    long Segments, long Records, long Bytes, ulong Digest, Accounts Accounts, long Students, int Quarantined,
    DateOnly ClosedFrom, DateOnly ClosedTo, IReadOnlyList<string> Problems);
