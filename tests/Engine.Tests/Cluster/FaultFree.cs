using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>The same decisions as they are in one process to which nothing happens: the commands of a journal, in its order, decided again.</summary>
internal sealed class FaultFree : IReplyTo
{
    private readonly SeededDispatcher _dispatcher = new(seed: 1);

    public static ulong Digest(IJournal journal, Witness witness, IActorLogic logic)
    {
        using var again = new MemoryJournal(journal.Identity);
        var run = new FaultFree();
        var options = new EngineOptions { Threads = 1 };
        var runtime = AmoeRuntime.Start(again, null, logic, options, TimeProvider.System, run._dispatcher, run._dispatcher);
        for (var shard = 0; shard < journal.Identity.TotalShards; shard++)
        {
            foreach (var entry in History.OfShard(journal, shard))
                run.Post(runtime, shard, entry.Header, witness);
        }

        run._dispatcher.RunUntilIdle();
        return runtime.Inspect().Digest;
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        // What was decided is in the digest.
    }

    private void Post(AmoeRuntime runtime, int shard, RecordHeader header, Witness witness)
    {
        while (!TryPost(runtime, shard, header, witness))
            _dispatcher.RunUntilIdle();
    }

    private bool TryPost(AmoeRuntime runtime, int shard, RecordHeader header, Witness witness)
    {
        if (header.Kind is CommandKind.OpenDay or CommandKind.CloseDay)
            return runtime.TryPostDay(shard, header.Kind, header.Effective, this);

        // Deadlines fall due by themselves, and what ledgers say to claims they say again.
        return !header.IsCommand || witness.Find(header) is not { } command || runtime.TryPost(command with { Known = header.Known }, this);
    }
}
