using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Actors;

/// <summary>
/// Where shards leave what is for other shards, once it is durable, and fetch what is for them. It keeps nothing that a restart could lose: student shards
/// offer again what party shards have not taken, and party shards repeat what claims have not answered.
/// </summary>
internal sealed class PostOffice(int studentShards, int partyShards)
{
    private readonly Counter[] _counters = [.. Enumerable.Range(0, studentShards).Select(_ => new Counter(partyShards))];
    private readonly ILookup<int, RecoveryLetter>[] _letters = [.. Enumerable.Repeat(NoLetters, partyShards)];

    /// <summary>A student shard's batches, durable now. Offered again after a reload, they are known already.</summary>
    private void Offer(int student, IReadOnlyList<PostingBatch> batches)
    {
        var counter = _counters[student];
        lock (counter)
        {
            foreach (var batch in batches)
            {
                if (batch.Number <= counter.Offered)
                    continue;
                counter.Offered = batch.Number;
                if (batch.Number > counter.TakenByAll)
                    counter.Batches.Enqueue(batch);
            }
        }
    }

    /// <summary>Takes what a shard has for others, once it is durable.</summary>
    public void Deliver(int shard, Mail mail)
    {
        if (mail.Through is { } through)
            Taken(shard - studentShards, through, mail.Letters);
        else
            Offer(shard, mail.Batches);
    }

    /// <summary>Adds what a party shard has not taken of the days before one to <paramref name="postings"/>, and moves its marks.</summary>
    /// <param name="through">By student shard, the last batch taken.</param>
    public void Fetch(int shard, DateOnly before, long[] through, List<Posting> postings)
    {
        for (var student = 0; student < studentShards; student++)
        {
            var counter = _counters[student];
            lock (counter)
            {
                foreach (var batch in counter.Batches)
                {
                    if (batch.Day >= before)
                        break;
                    if (batch.Number <= through[student])
                        continue;
                    through[student] = batch.Number;
                    foreach (ref readonly var posting in batch.Postings.AsSpan())
                    {
                        if (posting.Party == default || posting.Party.ShardOf(partyShards) == shard - studentShards)
                            postings.Add(posting);
                    }
                }
            }
        }
    }

    /// <summary>A party shard has taken batches durably, and repeats which set-offs are not answered.</summary>
    private void Taken(int party, long[] through, IEnumerable<RecoveryLetter> letters)
    {
        for (var student = 0; student < studentShards; student++)
        {
            var counter = _counters[student];
            lock (counter)
            {
                counter.Taken[party] = Math.Max(counter.Taken[party], through[student]);
                counter.TakenByAll = counter.Taken.Min();
                while (counter.Batches.TryPeek(out var first) && first.Number <= counter.TakenByAll)
                    counter.Batches.Dequeue();
            }
        }

        Volatile.Write(ref _letters[party], letters.ToLookup(letter => letter.Student.ShardOf(studentShards)));
    }

    /// <summary>The last batch of a student shard that every party shard has taken.</summary>
    public long TakenByAll(int student)
    {
        lock (_counters[student])
            return _counters[student].TakenByAll;
    }

    /// <summary>What a student shard's claims are to be told by a day, in an order that does not depend on who said it first.</summary>
    public IReadOnlyList<RecoveryLetter> LettersTo(int student, DateOnly day)
    {
        var due = new List<RecoveryLetter>();
        for (var party = 0; party < partyShards; party++)
        {
            foreach (var letter in Volatile.Read(ref _letters[party])[student])
            {
                if (letter.Due <= day)
                    due.Add(letter);
            }
        }

        if (due.Count > 1)
            due.Sort();
        return due;
    }

    private static readonly ILookup<int, RecoveryLetter> NoLetters = Array.Empty<RecoveryLetter>().ToLookup(_ => 0);

    /// <summary>One student shard's batches, and how far each party shard has come with them.</summary>
    private sealed class Counter(int partyShards)
    {
        public Queue<PostingBatch> Batches { get; } = [];

        public long[] Taken { get; } = new long[partyShards];

        public long TakenByAll { get; set; }

        public long Offered { get; set; }
    }
}

/// <summary>What a turn has for other shards.</summary>
/// <param name="Batches">A student shard's, for party shards.</param>
/// <param name="Through">What a party shard has taken; null from a student shard.</param>
/// <param name="Letters">All that a party shard's ledgers have to say to claims.</param>
internal sealed record Mail(IReadOnlyList<PostingBatch> Batches, long[]? Through, RecoveryLetter[] Letters)
{
    /// <summary>What a state has for others since it was asked last; null when it has nothing.</summary>
    public static Mail? From(ShardState state)
    {
        if (state.Ledgers is { } ledgers)
        {
            ledgers.Sum();
            return new Mail([], ledgers.Through, [.. ledgers.Letters()]);
        }

        return state.Outbox?.HandOver() is { Count: > 0 } batches ? new Mail(batches, null, []) : null;
    }
}

/// <summary>A set-off that a provider's ledger tells a claim of (X7).</summary>
/// <param name="Due">Its value date.</param>
internal readonly record struct RecoveryLetter(PartyId Provider, StudentId Student, ulong Claim, byte Attempt, long AmountCentimes, DateOnly Due) : IComparable<RecoveryLetter>
{
    /// <summary>The same letter is the same command for ever, whenever it is decided.</summary>
    public RecoverOverpayment ToCommand(DateOnly known) => new(Student, Claim, Due, known, AmountCentimes) { Attempt = Attempt };

    public int CompareTo(RecoveryLetter other) => (Due, Student, Claim, Attempt).CompareTo((other.Due, other.Student, other.Claim, other.Attempt));
}
