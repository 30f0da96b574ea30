using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>
/// Simulated partitions under a conformance suite: each message that is posted is followed by all steps that there are
/// to take.
/// </summary>
internal sealed class PartitionsHarness : ILedgerHarness
{
    private readonly SimulatedFrames _frames;
    private readonly FaultyLogic _logic = new(new AmoeLogic(Rulebook.Embedded));
    private readonly PumpedPartitions _runtime;

    public PartitionsHarness(EngineOptions options, int partitions, int ledgerPartitions = 0)
    {
        _frames = new SimulatedFrames(
            new JournalIdentity(
                JournalIdentity.CurrentFormatVersion, partitions, Rulebook.EmbeddedText, "tests", 0, 0,
                ledgerPartitions));
        Journal = new FramesJournal(_frames);
        var simulation = new SimulationOptions
        {
            Seed = (ulong)(partitions * 16 + ledgerPartitions),
            Engine = options,
            SnapshotPercent = options.SnapshotEveryBytes == 1 ? 100 : 0,
            ResolvesLostReplies = true,
            WritesInOrder = true,
            DecidesAhead = true,
        };
        _runtime = new PumpedPartitions(new SimulatedPartitions(_frames, _logic, simulation));
    }

    public IActorRuntime Runtime => _runtime;

    public bool ResolvesLostReplies => true;

    public Task Served() => Task.CompletedTask;

    public bool RestartsFromSnapshots => false;

    public IJournal Journal { get; }

    public Task Decided(long commands)
    {
        Assert.True(
            _runtime.Inspect().Totals[Counter.Commands] >= commands,
            "nothing is left to do, and not everything is decided");
        return Task.CompletedTask;
    }

    public Task CommitIsHeld()
    {
        Assert.True(_frames.IsHeld);
        return Task.CompletedTask;
    }

    public void HoldCommits() => _frames.IsHeld = true;

    public void ReleaseCommits() => _runtime.Do(_ => _frames.IsHeld = false);

    public void FailNextCommit() => _frames.FailNext = true;

    public void LoseNextCommitReply() => _frames.LoseNextReply = true;

    public void ThrowOnDecide(ulong? reference) => _logic.PoisonedReference = reference;

    public void ThrowOnReplay(StudentId? student) => _logic.UnreplayableStudent = student;

    public Task CrashAndRestart()
    {
        _runtime.Do(partitions =>
        {
            partitions.CrashAll();
            _frames.IsHeld = false;
        });
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _frames.IsHeld = false;
        await _runtime.DisposeAsync();
    }

    /// <summary>
    /// A caller's message and all that follows from it. The continuation of a test may run on another thread than its
    /// begin: one at a time.
    /// </summary>
    private sealed class PumpedPartitions(SimulatedPartitions inner) : IActorRuntime
    {
        private readonly Lock _lock = new();

        public int StudentPartitions => inner.StudentPartitions;

        public int LedgerPartitions => inner.LedgerPartitions;

        public void Do(Action<SimulatedPartitions> what)
        {
            lock (_lock)
            {
                what(inner);
                inner.RunUntilIdle();
            }
        }

        public bool TryPost(Command command, IReplyTo replyTo)
        {
            var isTaken = false;
            Do(partitions => isTaken = partitions.TryPost(command, replyTo));
            return isTaken;
        }

        public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo)
        {
            var isTaken = false;
            Do(partitions => isTaken = partitions.TryPostDay(partition, mark, day, replyTo));
            return isTaken;
        }

        public RuntimeState Inspect()
        {
            lock (_lock)
                return inner.Inspect();
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
        }
    }
}
