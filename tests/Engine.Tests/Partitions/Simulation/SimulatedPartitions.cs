using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>
/// Many partition cores in one thread. Each step is one that some partition can take, drawn from the seed: the same
/// seed and the same calls bring the same interleaving back.
/// </summary>
internal sealed class SimulatedPartitions : ISteppedRuntime
{
    private static readonly Step[] Steps = Enum.GetValues<Step>();
    private readonly SimulatedPartition[] _partitions;
    private readonly List<(SimulatedPartition Partition, Step Step)> _ready = [];
    private readonly SimulationOptions _options;
    private readonly Dice _order;
    private long _steps;
    private bool _hasEnded;

    public SimulatedPartitions(SimulatedFrames frames, IActorLogic logic, SimulationOptions options)
    {
        (Frames, _options, _order) = (frames, options, new Dice(Mixing.Mix(options.Seed, 3)));
        var snapshots = new SimulatedSnapshots();
        _partitions = [.. Enumerable.Range(0, frames.Identity.TotalPartitions)
            .Select(i => new SimulatedPartition(i, frames, snapshots, logic, options))];
        StartAll();
    }

    public SimulatedFrames Frames { get; }

    public int StudentPartitions => Frames.Identity.StudentPartitions;

    public int LedgerPartitions => Frames.Identity.LedgerPartitions;

    public IReadOnlyList<SimulatedPartition> Partitions => _partitions;

    /// <summary>Messages taken and not answered.</summary>
    public int Unanswered { get; private set; }

    /// <summary>The relay between partitions in this process; null where no ledgers are kept.</summary>
    private Relay? Relay { get; set; }

    public bool TryPost(Command command, IReplyTo replyTo) =>
        IsTaken(
            command.Student.PartitionOf(StudentPartitions),
            new Envelope(command, CommandKind.None, default, new Recipient(this, replyTo)));

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        IsTaken(partition, Envelope.OfDay(mark, day, new Recipient(this, replyTo)));

    /// <summary>Takes one step; false when no partition can take any.</summary>
    public bool RunOne()
    {
        _ready.Clear();
        foreach (var partition in _partitions)
        {
            foreach (var step in Steps)
            {
                if (partition.Can(step))
                    _ready.Add((partition, step));
            }
        }

        if (_ready.Count == 0)
            return false;
        var (chosen, what) = _ready[_order.Below(_ready.Count)];
        if (what == Step.Write && _options.WritesInOrder)
            chosen =
                _ready.Where(ready => ready.Step == Step.Write).MinBy(ready => ready.Partition.NextWrite).Partition;
        chosen.Run(what, ++_steps);
        return true;
    }

    /// <summary>Takes steps until no partition can take any.</summary>
    public void RunUntilIdle()
    {
        while (RunOne())
        {
        }
    }

    /// <summary>
    /// Draws a trouble: mostly none, now and then a write, a reply or a read that fails, a partition or the process
    /// that crashes.
    /// </summary>
    public void Disturb(Dice dice)
    {
        if (dice.Below(500) == 0)
            Frames.FailNext = true;
        else if (dice.Chance(1))
            Frames.LoseNextReply = true;
        if (dice.Below(200) == 0)
            Frames.FailNextRead = true;
        if (dice.Below(1_000) == 0)
            Crash(dice.Below(_partitions.Length));
        else if (dice.Below(6_000) == 0)
            CrashAll();
    }

    public void Calm() => (Frames.FailNext, Frames.LoseNextReply, Frames.FailNextRead) = (false, false, false);

    /// <summary>One partition loses its memory and starts again.</summary>
    public void Crash(int partition)
    {
        _partitions[partition].Stop();
        _partitions[partition].Start(Relay);
    }

    /// <summary>All partitions lose their memory, and what was on its way between them, and start again.</summary>
    public void CrashAll()
    {
        foreach (var partition in _partitions)
            partition.Stop();
        StartAll();
    }

    public RuntimeState Inspect()
    {
        var (totals, parties, readBack) = (new Totals(), new PartyTotals(), new ReadBackFigures());
        var (digest, students, openClaims) = (0UL, 0L, 0L);
        var quarantined = new Dictionary<StudentId, QuarantinedStudent>();
        foreach (var partition in _partitions)
        {
            var state = partition.State;
            totals.Add(state.Totals);
            digest += state.Digest;
            if (state.Ledgers is { } ledgers)
                parties.Add(ledgers.Totals);
            students += state.StudentCount;
            openClaims += state.OpenClaimCount;
            readBack.Add(partition.ReadBack);
            foreach (var (student, why) in state.Quarantined)
                quarantined[student] = why;
        }

        return new RuntimeState(digest, totals, parties, students, openClaims, quarantined, readBack);
    }

    /// <summary>Lets what is under way end, and takes nothing more.</summary>
    public ValueTask DisposeAsync()
    {
        _hasEnded = true;
        RunUntilIdle();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ledger partitions first: student partitions need not keep the batches that these have taken.</summary>
    private void StartAll()
    {
        Relay = LedgerPartitions > 0 ? new Relay(StudentPartitions, LedgerPartitions) : null;
        foreach (var partition in _partitions.OrderBy(partition => partition.Index < StudentPartitions))
            partition.Start(Relay);
    }

    private bool IsTaken(int partition, in Envelope envelope)
    {
        if (_hasEnded || !_partitions[partition].TryPost(envelope))
            return false;
        Unanswered++;
        return true;
    }

    /// <summary>Passes on one answer, and fails at the second.</summary>
    private sealed class Recipient(SimulatedPartitions runtime, IReplyTo inner) : IReplyTo
    {
        private bool _isAnswered;

        public void OnReply(StudentId student, in Reply reply)
        {
            if (_isAnswered)
                throw new InvalidOperationException(
                    $"{reply.Command} of student {student} is answered twice, the second time {reply.Outcome}");
            _isAnswered = true;
            runtime.Unanswered--;
            inner.OnReply(student, reply);
        }
    }
}
