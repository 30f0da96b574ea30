using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>
/// The same decisions as they are in one process to which nothing happens: the commands of a journal decided again, day by day (party shards first, as they open a
/// day before student shards do) and on each shard in the journal's order.
/// </summary>
internal sealed class FaultFree : IReplyTo
{
    private readonly SeededDispatcher _dispatcher = new(seed: 1);
    private readonly AmoeRuntime _runtime;
    private readonly Witness _witness;

    private FaultFree(MemoryJournal again, Witness witness, IActorLogic logic)
    {
        _witness = witness;
        _runtime = AmoeRuntime.Start(again, null, logic, new EngineOptions { Threads = 1 }, TimeProvider.System, _dispatcher, _dispatcher);
    }

    public static ulong Digest(IJournal journal, Witness witness, IActorLogic logic)
    {
        using var again = new MemoryJournal(journal.Identity);
        var run = new FaultFree(again, witness, logic);
        var (students, total) = (journal.Identity.ShardCount, journal.Identity.TotalShards);
        var records = Enumerable.Range(0, total).Select(shard => (Shard: shard, Headers: new Queue<RecordHeader>(History.OfShard(journal, shard).Select(entry => entry.Header)))).ToList();
        while (records.Exists(of => of.Headers.Count > 0))
        {
            var day = records.Where(of => of.Headers.Count > 0).Min(of => of.Headers.Peek().Known);
            foreach (var (shard, headers) in records.OrderBy(of => of.Shard < students))
                run.PostDay(shard, headers, day);
        }

        return run._runtime.Inspect().Digest;
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        // What was decided is in the digest.
    }

    private void PostDay(int shard, Queue<RecordHeader> headers, DateOnly day)
    {
        while (headers.TryPeek(out var header) && header.Known <= day)
        {
            while (!TryPost(shard, header))
                _dispatcher.RunUntilIdle();
            headers.Dequeue();
        }

        _dispatcher.RunUntilIdle();
    }

    private bool TryPost(int shard, RecordHeader header)
    {
        if (header.Kind is CommandKind.OpenDay or CommandKind.CloseDay)
            return _runtime.TryPostDay(shard, header.Kind, header.Effective, this);

        // Deadlines fall due by themselves, and what ledgers say to claims they say again.
        return !header.IsCommand || _witness.Find(header) is not { } command || _runtime.TryPost(command with { Known = header.Known }, this);
    }
}
