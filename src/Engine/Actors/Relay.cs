using System.Runtime.InteropServices;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>
/// Carries postings and notices between partitions, once they are durable. It keeps nothing that a restart could lose:
/// student partitions offer again what ledger partitions have not taken, and ledger partitions repeat what claims have
/// not answered. Each host has one of its own, and a day opens with what was fetched from the others'.
/// </summary>
internal sealed class Relay(int studentPartitions, int ledgerPartitions) : IRelay
{
    private readonly LedgerInbox[] _inboxes = [.. Enumerable.Range(0, ledgerPartitions)
        .Select(_ => new LedgerInbox(studentPartitions))];
    private readonly Recoveries[] _recoveries = [.. Enumerable.Repeat(Recoveries.None, ledgerPartitions)];

    /// <summary>Takes what a partition has for others, once it is durable.</summary>
    public void Deliver(int partition, Notices notices)
    {
        if (notices.Through is { } through)
        {
            Taken(_inboxes[partition - studentPartitions], through);
            ImportRecoveries(partition - studentPartitions, through.Sum(), notices.Recoveries);
        }
        else
        {
            Offer(partition, notices.Batches);
        }
    }

    /// <summary>
    /// Adds what a ledger partition has not taken of the days before one to <paramref name="postings"/>, and moves its
    /// marks.
    /// </summary>
    /// <param name="through">By student partition, the last batch taken.</param>
    public void Fetch(int partition, DateOnly before, long[] through, List<Posting> postings)
    {
        var party = partition - studentPartitions;
        var inbox = _inboxes[party];
        lock (inbox)
        {
            foreach (ref readonly var batch in CollectionsMarshal.AsSpan(inbox.Batches))
            {
                // Days of a student partition do not go back: what is left here is behind all that is taken.
                if (batch.Day >= before || batch.Number <= through[batch.Student])
                    continue;
                through[batch.Student] = batch.Number;
                var recipients = batch.Recipients;
                for (var i = 0; i < recipients.Length; i++)
                {
                    if (recipients[i] == party || recipients[i] == Everyone)
                        postings.Add(batch.Postings[i]);
                }
            }
        }
    }

    /// <summary>The last batch of a student partition that every ledger partition has taken.</summary>
    public long TakenByAll(int student)
    {
        var taken = long.MaxValue;
        foreach (var inbox in _inboxes)
            taken = Math.Min(taken, Volatile.Read(ref inbox.Taken[student]));
        return taken;
    }

    /// <summary>
    /// The notices to the claims of a student partition that are due by a day. Their order does not depend on which
    /// ledger partition reported first.
    /// </summary>
    public IReadOnlyList<RecoveryNotice> NoticesTo(int student, DateOnly day)
    {
        List<RecoveryNotice>? due = null;
        for (var party = 0; party < ledgerPartitions; party++)
        {
            var recoveries = Volatile.Read(ref _recoveries[party]);
            if (recoveries.All.Length == 0)
                continue;
            foreach (var notice in recoveries.ByPartition[student])
            {
                if (notice.Due <= day)
                    (due ??= []).Add(notice);
            }
        }

        due?.Sort();
        return due ?? (IReadOnlyList<RecoveryNotice>)[];
    }

    /// <summary>
    /// The last batch of a student partition that a ledger partition has taken durably, as far as it is known here.
    /// </summary>
    public long TakenBy(int party, int student) => Volatile.Read(ref _inboxes[party].Taken[student]);

    /// <summary>The last batch of a student partition that came for a ledger partition, or that it has taken.</summary>
    public long KnownTo(int party, int student)
    {
        var inbox = _inboxes[party];
        lock (inbox)
            return inbox.Known(student);
    }

    /// <summary>
    /// The batches of a student partition here for a ledger partition on another host, after the last one that it has.
    /// </summary>
    public IReadOnlyList<PostingBatch> Export(int party, int student, long behind)
    {
        var batches = new List<PostingBatch>();
        var inbox = _inboxes[party];
        lock (inbox)
        {
            foreach (ref readonly var batch in CollectionsMarshal.AsSpan(inbox.Batches))
            {
                if (batch.Student == student && batch.Number > behind)
                    batches.Add(new PostingBatch(batch.Number, batch.Day, batch.Of(party)));
            }
        }

        return batches;
    }

    /// <summary>
    /// A batch of a student partition on another host, for a ledger partition here. One that is here already does
    /// nothing.
    /// </summary>
    public void Import(int party, int student, PostingBatch batch) =>
        Add(_inboxes[party], new AddressedBatch(student, batch, Array.ConvertAll(batch.Postings, Recipient)));

    /// <summary>A ledger partition on another host has taken batches durably.</summary>
    public void Acknowledge(int party, IEnumerable<(int Student, long Taken)> marks)
    {
        var inbox = _inboxes[party];
        lock (inbox)
        {
            foreach (var (student, taken) in marks)
                inbox.Take(student, taken);
            inbox.Forget();
        }
    }

    /// <summary>
    /// All that a ledger partition's ledgers have to say to claims, and how many batches they had taken when they said
    /// it.
    /// </summary>
    public (long Taken, IReadOnlyList<RecoveryNotice> All) RecoveriesOf(int party)
    {
        var recoveries = Volatile.Read(ref _recoveries[party]);
        return (recoveries.Taken, recoveries.All);
    }

    /// <summary>
    /// Replaces the notices of a ledger partition's ledgers. A late import that is older than the present notices has
    /// no effect.
    /// </summary>
    /// <param name="taken">How many batches they had taken.</param>
    public void ImportRecoveries(int party, long taken, RecoveryNotice[] recoveries)
    {
        lock (_inboxes[party])
        {
            if (taken >= _recoveries[party].Taken)
                Volatile.Write(
                    ref _recoveries[party],
                    new Recoveries(
                        taken, recoveries,
                        recoveries.ToLookup(notice => notice.Student.PartitionOf(studentPartitions))));
        }
    }

    /// <summary>
    /// A student partition's batches, durable now. Offered again after a reload, they are known already.
    /// </summary>
    private void Offer(int student, IReadOnlyList<PostingBatch> batches)
    {
        foreach (var batch in batches)
        {
            var addressed = new AddressedBatch(student, batch, Array.ConvertAll(batch.Postings, Recipient));
            foreach (var inbox in _inboxes)
                Add(inbox, addressed);
        }
    }

    private static void Add(LedgerInbox inbox, in AddressedBatch batch)
    {
        lock (inbox)
        {
            if (batch.Number <= inbox.Known(batch.Student))
                return;
            inbox.Offered[batch.Student] = batch.Number;
            inbox.Batches.Add(batch);
        }
    }

    /// <summary>A ledger partition has taken batches durably.</summary>
    private void Taken(LedgerInbox inbox, long[] through)
    {
        lock (inbox)
        {
            for (var student = 0; student < studentPartitions; student++)
                inbox.Take(student, through[student]);
            inbox.Forget();
        }
    }

    private int Recipient(Posting posting) =>
        posting.Party == default ? Everyone : posting.Party.PartitionOf(ledgerPartitions);

    private const int Everyone = -1;

    /// <summary>
    /// The notices of a ledger partition's ledgers, by the student partition of the claims they are for.
    /// </summary>
    private sealed record Recoveries(long Taken, RecoveryNotice[] All, ILookup<int, RecoveryNotice> ByPartition)
    {
        public static readonly Recoveries None = new(0, [], Array.Empty<RecoveryNotice>().ToLookup(_ => 0));
    }

    /// <summary>
    /// The postings that a ledger partition has not taken durably, and its progress with each student partition.
    /// </summary>
    private sealed class LedgerInbox(int studentPartitions)
    {
        /// <summary>Those of one student partition in the order of their numbers.</summary>
        public List<AddressedBatch> Batches { get; } = [];

        /// <summary>By student partition, the last that came.</summary>
        public long[] Offered { get; } = new long[studentPartitions];

        public long[] Taken { get; } = new long[studentPartitions];

        public long Known(int student) => Math.Max(Offered[student], Taken[student]);

        public void Take(int student, long through) =>
            Volatile.Write(ref Taken[student], Math.Max(Taken[student], through));

        public void Forget() => Batches.RemoveAll(batch => batch.Number <= Taken[batch.Student]);
    }

    /// <summary>A student partition's batch, addressed.</summary>
    /// <param name="Student">The student partition it comes from.</param>
    /// <param name="Recipients">For each posting, which ledger partition it is for.</param>
    private readonly record struct AddressedBatch(int Student, PostingBatch Batch, int[] Recipients)
    {
        public long Number => Batch.Number;

        public DateOnly Day => Batch.Day;

        public Posting[] Postings => Batch.Postings;

        /// <summary>Those that are for one ledger partition, or for whichever waits for them.</summary>
        public Posting[] Of(int party)
        {
            var recipients = Recipients;
            return [.. Postings.Where((_, i) => recipients[i] == party || recipients[i] == Everyone)];
        }
    }
}
