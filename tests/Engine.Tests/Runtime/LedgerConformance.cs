using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Replay;
using Amoe.Engine.Tests.Postgres;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>
/// The promise of every runtime with ledgers: messages between partitions arrive exactly once, on a later day, whatever
/// fails on the way.
/// </summary>
public abstract class LedgerConformance
{
    private const int Students = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateOnly Day = Traffic.Day;

    internal abstract ILedgerHarness Start(EngineOptions options, int partitions, int ledgerPartitions);

    public enum Failure
    {
        None,
        CommitFails,
        ReplyIsLost,
        CrashBeforeLedgersTake,
        CrashAfterLedgersTook,
    }

    public static TheoryData<Failure, int> Failures
    {
        get
        {
            var data = new TheoryData<Failure, int>();
            foreach (var failure in Enum.GetValues<Failure>())
            {
                data.Add(failure, 1);
                data.Add(failure, int.MaxValue);
            }

            return data;
        }
    }

    [StoreTheory]
    [MemberData(nameof(Failures))]
    public async Task Every_posting_arrives_once(Failure failure, int snapshotEveryBytes)
    {
        await using var harness = Start(snapshotEveryBytes);
        await Live(harness, Day);
        if (failure == Failure.CrashBeforeLedgersTake)
            await harness.CrashAndRestart();
        if (failure == Failure.CommitFails)
            harness.FailNextCommit();
        if (failure == Failure.ReplyIsLost)
            harness.LoseNextCommitReply();
        await OpenLedgers(harness, Day.AddDays(1));
        if (failure == Failure.CrashAfterLedgersTook)
            await harness.CrashAndRestart();
        await harness.Served();
        await OpenLedgers(harness, Day.AddDays(1));
        await OpenLedgers(harness, Day.AddDays(2));

        var parties = harness.Runtime.Inspect().Parties;
        Assert.Equal(Students * 40_000, parties.CollectedCentimes);
        Assert.Equal((Students, 0), (parties.Transfers.Confirmed, parties.Transfers.InTransitCentimes));
        Assert.Equal(harness.Runtime.Inspect().Totals.Payments.PaidCentimes, parties.Transfers.PaidCentimes);
        Assert.Equal(parties.Transfers, parties.ToProviders);
        Assert.Equal(default, Audit(harness).Accounts.NotYetBooked);
    }

    [StoreFact]
    public async Task Failures_leave_the_digest_of_an_undisturbed_run()
    {
        var digests = new List<ulong>();
        foreach (var failure in Enum.GetValues<Failure>())
        {
            await using var harness = Start(snapshotEveryBytes: int.MaxValue);
            for (var day = Day; day < Day.AddDays(3); day = day.AddDays(1))
            {
                await Live(harness, day);
                if (failure is Failure.CommitFails)
                    harness.FailNextCommit();
                if (failure is Failure.ReplyIsLost)
                    harness.LoseNextCommitReply();
                await OpenLedgers(harness, day.AddDays(1));
                await harness.Served();
                await OpenLedgers(harness, day.AddDays(1));
                if (failure is Failure.CrashAfterLedgersTook or Failure.CrashBeforeLedgersTake)
                    await harness.CrashAndRestart();
            }

            digests.Add(Audit(harness).Digest);
            Assert.Equal(digests[^1], harness.Runtime.Inspect().Digest);
        }

        Assert.Single(digests.Distinct());
    }

    [StoreFact]
    public async Task The_digest_says_nothing_of_how_many_partitions_there_are()
    {
        var digests = new List<ulong>();
        foreach (var (partitions, ledgerPartitions) in new[] { (1, 1), (3, 2), (5, 4) })
        {
            await using var harness = Start(new EngineOptions(), partitions, ledgerPartitions);
            await Live(harness, Day);
            await OpenLedgers(harness, Day.AddDays(1));
            digests.Add(harness.Runtime.Inspect().Digest);
        }

        Assert.Single(digests.Distinct());
    }

    [StoreFact]
    public async Task What_a_day_brings_is_on_its_way_until_the_next_opens()
    {
        await using var harness = Start(snapshotEveryBytes: int.MaxValue);
        await Live(harness, Day);
        await OpenLedgers(harness, Day);
        Assert.Equal(0, harness.Runtime.Inspect().Parties.CollectedCentimes);
        var audit = Audit(harness);
        Assert.Empty(audit.Problems);
        Assert.Equal(Students * 40_000, audit.Accounts.NotYetBooked.Institutions.CollectedCentimes);

        await OpenLedgers(harness, Day.AddDays(1));
        Assert.Equal(Students * 40_000, harness.Runtime.Inspect().Parties.CollectedCentimes);
    }

    [StoreFact]
    public async Task Nothing_leaves_a_partition_before_it_is_durable()
    {
        await using var harness = Start(snapshotEveryBytes: int.MaxValue);
        await Ask(harness, Declared(1));

        // Alone, or the commit that fails could be one of days that another thread closes.
        harness.HoldCommits();
        var paid = harness.Runtime.Ask(Paid(1));
        await harness.CommitIsHeld();
        var closed = new Waiter();
        for (var partition = 0; partition < harness.Runtime.StudentPartitions; partition++)
            harness.Runtime.TryPostDay(partition, CommandKind.CloseDay, Day, closed);

        // The ledgers' turn is decided while the students' is not durable yet.
        var opened = OpenLedgersHeld(harness, Day.AddDays(1));
        harness.FailNextCommit();
        harness.ReleaseCommits();
        await Task.WhenAll(paid, opened).WaitAsync(Patience);
        await harness.Served();
        await OpenLedgers(harness, Day.AddDays(1));

        Assert.Equal(Outcome.Unknown, (await paid).Outcome);
        Assert.Equal(0, harness.Runtime.Inspect().Parties.CollectedCentimes);
        Assert.Empty(Audit(harness).Problems);
    }

    [StoreFact]
    public async Task A_journal_that_keeps_no_ledgers_posts_nothing()
    {
        await using var harness = Start(new EngineOptions(), partitions: 2, ledgerPartitions: 0);
        await Live(harness, Day);
        Assert.Equal((0, default), (harness.Runtime.LedgerPartitions, Audit(harness).Accounts.NotYetBooked));
    }

    [StoreFact]
    public async Task An_audit_names_a_ledger_that_is_not_what_was_posted_to_it()
    {
        await using var harness = Start(snapshotEveryBytes: int.MaxValue);
        await Live(harness, Day);
        await OpenLedgers(harness, Day.AddDays(1));
        var logic = new AmoeLogic(Amoe.Engine.Rules.Rulebook.Embedded);
        var books = Enumerable.Range(harness.Runtime.StudentPartitions, harness.Runtime.LedgerPartitions)
            .Select(partition => PartitionReplay.Of(harness.Journal, partition, logic).Ledgers!).ToList();
        var institution = PartyId.Institution(3);
        books[institution.PartitionOf(books.Count)].Evolve(new InstitutionBooked(institution, 1, 0));
        var reconciliation = new Reconciliation(books);
        for (var partition = 0; partition < harness.Runtime.StudentPartitions; partition++)
            reconciliation.Add(partition, PartitionReplay.Of(harness.Journal, partition, logic).Outbox!);

        Assert.Equal(
            $"institution 3: the events of students and claims come to collected {Students * 40_000}; its ledger to collected {Students * 40_000 + 1}; not yet booked is nothing",
            Assert.Single(reconciliation.Problems()));
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_provider_owes_is_set_off_and_its_claim_notified_on_the_value_date(bool crashes)
    {
        await using var harness = Start(snapshotEveryBytes: int.MaxValue);
        await Overpaid(harness);
        Assert.Equal((70_000, 70_000), Owed(harness));

        // The day before the value date nothing has happened; on the day itself the claim books it, and the ledger
        // hears of it on the next.
        var due = Day.AddDays(3 + LedgerDecider.ValueDays);
        await OpenDays(harness, Day.AddDays(4), due.AddDays(-1));
        if (crashes)
            await harness.CrashAndRestart();
        Assert.Equal(70_000, harness.Runtime.Inspect().Totals.Overpayments.OwedBackCentimes);
        await OpenDays(harness, due, due);
        Assert.Equal(0, harness.Runtime.Inspect().Totals.Overpayments.OwedBackCentimes);
        if (crashes)
            await harness.CrashAndRestart();
        await OpenDays(harness, due.AddDays(1), due.AddDays(2));

        Assert.Equal((0, 0), Owed(harness));
        Assert.Equal(70_000, harness.Runtime.Inspect().Parties.SetOffCentimes);
        Assert.Empty(Audit(harness).Problems);
        Assert.Equal(Audit(harness).Digest, harness.Runtime.Inspect().Digest);
    }

    [StoreFact]
    public async Task A_set_off_of_what_proves_to_be_due_after_all_is_refused_by_the_claim_and_released()
    {
        await using var harness = Start(snapshotEveryBytes: int.MaxValue);
        await Overpaid(harness);
        await OpenDays(harness, Day.AddDays(4), Day.AddDays(4));
        await Ask(harness, new CorrectFact(new StudentId(1), 78, Day, Day.AddDays(4), CommandKind.ReportOtherCoverage));

        // The claim is closed by the value date, and has nothing to recover.
        await OpenDays(harness, Day.AddDays(5), Day.AddDays(12));
        Assert.Equal((0, 0), Owed(harness));
        Assert.Equal(0, harness.Runtime.Inspect().Parties.SetOffCentimes);
        Assert.Equal(1, harness.Runtime.Inspect().Totals.CommandsRefusedFor(Reason.NothingToRecover));
        Assert.Empty(Audit(harness).Problems);
    }

    /// <summary>
    /// A clinic is paid for care of a student who proves to have been covered elsewhere, and then has another payment
    /// ordered.
    /// </summary>
    private static async Task Overpaid(ILedgerHarness harness)
    {
        await Ask(harness, [.. Declared(1), .. PaidToClinic(1, 64, Day), .. Declared(2)]);
        await OpenDays(harness, Day.AddDays(1), Day.AddDays(1));
        await Ask(harness, new ReportOtherCoverage(new StudentId(1), 77, Day, Day.AddDays(1), CoverageKind.Cnss, true));
        await OpenDays(harness, Day.AddDays(2), Day.AddDays(2));
        await Ask(harness, PaidToClinic(2, 128, Day.AddDays(2)));
        await OpenDays(harness, Day.AddDays(3), Day.AddDays(3));
    }

    private static (long Owed, long SetOffInTransit) Owed(ILedgerHarness harness) =>
        (harness.Runtime.Inspect().Parties.ProvidersOweCentimes,
            harness.Runtime.Inspect().Parties.SetOffInTransitCentimes);

    private static async Task OpenDays(ILedgerHarness harness, DateOnly day, DateOnly last)
    {
        for (; day <= last; day = day.AddDays(1))
            await harness.Runtime.MarkDay(CommandKind.OpenDay, day).WaitAsync(Patience);
    }

    private ILedgerHarness Start(int snapshotEveryBytes) =>
        Start(new EngineOptions { SnapshotEveryBytes = snapshotEveryBytes }, partitions: 3, ledgerPartitions: 2);

    private static AuditReport Audit(ILedgerHarness harness) => JournalAudit.Run(harness.Journal, threads: 1);

    /// <summary>A day on which every student pays his contribution, and a clinic is paid for his care.</summary>
    private static async Task Live(ILedgerHarness harness, DateOnly day)
    {
        for (var student = 1ul; student <= Students; student++)
        {
            if (day == Day)
                await Ask(harness, [.. Declared(student), Paid(student)]);
            await Ask(harness, PaidToClinic(student, (student * 64) + (ulong)(day.DayNumber - Day.DayNumber), day));
        }

        for (var partition = 0; partition < harness.Runtime.StudentPartitions; partition++)
            await Mark(harness, partition, CommandKind.CloseDay, day);
    }

    private static Command[] Declared(ulong student)
    {
        var id = new StudentId(student);
        var enrolment = Traffic.University with { Category = Category.PrivateHigherEducation };
        return
        [
            new Declare(id, 1, Day, Day, enrolment, CoverageKind.None, 2025),
            new ForwardApplication(id, 7, Day, Day, ApplicationDesk.Onousc),
            new TransmitApplication(id, 7, Day, Day), new AnswerFromAnam(id, 7, Day, Day, CoverageKind.None),
        ];
    }

    private static PayContribution Paid(ulong student) => new(new StudentId(student), 9, Day, Day, 40_000, 3, 2025);

    private static Command[] PaidToClinic(ulong student, ulong sheet, DateOnly day)
    {
        var deposit = new DepositClaim(
            new StudentId(student), sheet, day, day, ClaimWay.ThirdParty, Engine.Reference.ReferenceData.FundDeskId,
            900, true,
            FileItems.All,
            [new ClaimLine(
                Engine.Vocabulary.Act.Dialysis, Engine.Vocabulary.CareSector.Private, day, 1, 80_000, 70_000)]);
        return [deposit, .. Traffic.PaidClaim(student, sheet, day)[1..]];
    }

    private static async Task Ask(ILedgerHarness harness, params Command[] commands)
    {
        foreach (var command in commands)
            Assert.True((await harness.Runtime.Ask(command).WaitAsync(Patience)).IsDecision, $"{command.Id}");
    }

    private static async Task OpenLedgers(ILedgerHarness harness, DateOnly day)
    {
        for (var partition = harness.Runtime.StudentPartitions; partition < harness.Runtime.StudentPartitions
            + harness.Runtime.LedgerPartitions; partition++)
            await Mark(harness, partition, CommandKind.OpenDay, day);
    }

    private static Task OpenLedgersHeld(ILedgerHarness harness, DateOnly day) => Task.WhenAll(
        Enumerable.Range(harness.Runtime.StudentPartitions, harness.Runtime.LedgerPartitions)
            .Select(partition => Mark(harness, partition, CommandKind.OpenDay, day)));

    private static Task Mark(ILedgerHarness harness, int partition, CommandKind mark, DateOnly day)
    {
        var waiter = new Waiter();
        Assert.True(harness.Runtime.TryPostDay(partition, mark, day, waiter));
        return waiter.Done.WaitAsync(Patience);
    }

    private sealed class Waiter : IReplyTo
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public void OnReply(StudentId student, in Reply reply) => _done.TrySetResult();
    }
}
