using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>The default runtime on a dispatcher that runs it in one thread under a seed, on a journal whose commits fail.</summary>
internal sealed class SeededRuntime : ISteppedRuntime
{
    private readonly SeededDispatcher _dispatcher;
    private readonly MemorySnapshotStore _snapshots = new();
    private readonly GatedJournal _journal;

    public SeededRuntime(GatedJournal journal, IActorLogic logic, EngineOptions options, ulong seed)
    {
        (_journal, _dispatcher) = (journal, new SeededDispatcher(seed));
        Inner = AmoeRuntime.Start(journal, _snapshots, logic, options, TimeProvider.System, _dispatcher, _dispatcher);
    }

    public AmoeRuntime Inner { get; }

    /// <summary>Not counted here.</summary>
    public int Unanswered => 0;

    public int ShardCount => Inner.ShardCount;

    public int PartyShardCount => Inner.PartyShardCount;

    public bool TryPost(Command command, IReplyTo replyTo) => Inner.TryPost(command, replyTo);

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo) => Inner.TryPostDay(shard, mark, day, replyTo);

    public RuntimeState Inspect() => Inner.Inspect();

    public bool RunOne() => _dispatcher.RunOne();

    public void RunUntilIdle() => _dispatcher.RunUntilIdle();

    /// <summary>Sometimes the store is behind, sometimes it breaks.</summary>
    public void Disturb(Dice dice)
    {
        if (dice.Below(300) == 0)
            _journal.FailNext = true;
        else if (dice.Chance(1))
            _journal.LoseNextReply = true;
    }

    public void Calm() => (_journal.FailNext, _journal.LoseNextReply) = (false, false);

    public async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        _snapshots.Dispose();
    }
}
