using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Partitions.Simulation;

namespace Amoe.Engine.Tests.Scenarios.Lives;

/// <summary>
/// One random scenario through a runtime in one thread under its seed, with commits that fail, replies that are lost,
/// reads that come late and partitions that crash. A command answered unknown is sent again, as its sender has to.
/// </summary>
internal sealed class ScenarioRun : IReplyTo, IDisposable
{
    private const int Partitions = 3;
    private const int LedgerPartitions = 2;
    private readonly Dictionary<(StudentId, CommandId), Command> _waiting = [];
    private readonly Queue<Command> _again = new();
    private readonly DurableCommands _durable = new();
    private readonly ISteppedRuntime _runtime;
    private readonly Dice _faults;
    private readonly AmoeLogic _logic;
    private readonly ulong _seed;

    private ScenarioRun(
        ulong seed, Rulebook rulebook,
        Func<ScenarioRun, JournalIdentity, EngineOptions, (ISteppedRuntime, IJournal)> start)
    {
        (_seed, _logic) = (seed, new AmoeLogic(rulebook));
        _faults = new Dice(Mixing.Mix(seed, 2));
        var options = new EngineOptions
        {
            MailboxMessagesMax = 64,
            TurnMessagesMax = 1 + _faults.Below(40),
            TurnDeadlinesMax = 1 + _faults.Below(20),
            SnapshotEveryBytes = 4096,
            Threads = 1
        };
        var identity = new JournalIdentity(
            JournalIdentity.CurrentFormatVersion, Partitions, rulebook.Text, "random", seed, 0, LedgerPartitions);
        (_runtime, Durable) = start(this, identity, options);
    }

    /// <summary>What is durable.</summary>
    public IJournal Durable { get; }

    public IActorLogic Logic => _logic;

    public List<string> Problems { get; } = [];

    public HashSet<Outcome> Outcomes { get; } = [];

    public HashSet<Reason> Reasons { get; } = [];

    /// <summary>A scenario over simulated partitions.</summary>
    public static ScenarioRun OverPartitions(ulong seed, Rulebook rulebook) =>
        new(seed, rulebook, (run, identity, engine) =>
        {
            var frames = new SimulatedFrames(identity);
            frames.Committed = frame =>
            {
                for (var i = 0; i < frame.Segments.Count; i++)
                    run._durable.Add(frame.SegmentAt(i));
            };
            var options = new SimulationOptions
            {
                Seed = Mixing.Mix(seed, 3),
                Engine = engine,
                SnapshotPercent = 8,
                LosesSnapshots = true,
                VerifiesRecovery = true
            };
            return (new SimulatedPartitions(frames, run._logic, options), new FramesJournal(frames));
        });

    /// <param name="look">Shown the runtime before it ends.</param>
    public async Task<RuntimeState> Play(int students, Action<ISteppedRuntime>? look = null)
    {
        await using var runtime = _runtime;
        foreach (var command in new RandomLives(new Dice(Mixing.Mix(_seed, 1))).Of(students))
        {
            if (command is not Query)
                _waiting.TryAdd((command.Student, command.Id), command);
            SendAgain();
            Post(command);
            runtime.Disturb(_faults);
            if (_faults.Chance(40))
                runtime.RunOne();

            // Ledgers are now ahead of the students, now far behind.
            if (_faults.Chance(2) && CommandBounds.IsDay(command.Known))
                runtime.TryPostDay(
                    Partitions + _faults.Below(LedgerPartitions), CommandKind.OpenDay, command.Known, this);
            SendAgain();
        }

        runtime.Calm();
        runtime.RunUntilIdle();
        while (_again.Count > 0)
        {
            SendAgain();
            runtime.RunUntilIdle();
        }

        // Whatever day the lives ended on, the last entitlement period has ended by this one.
        Settle(new DateOnly(2028, 2, 1));
        if (runtime.Unanswered > 0)
            Problems.Add($"{runtime.Unanswered} messages have no answer");
        look?.Invoke(runtime);
        return runtime.Inspect();
    }

    /// <summary>
    /// Days end on every partition until the ledgers have all that was posted, and the claims all that was set off.
    /// </summary>
    private void Settle(DateOnly day)
    {
        for (var last = day.AddDays(2 * LedgerDecider.ValueDays); day <= last; day = day.AddDays(1))
        {
            for (var partition = 0; partition < Partitions + LedgerPartitions; partition++)
            {
                _runtime.TryPostDay(partition, CommandKind.CloseDay, day, this);
                _runtime.RunUntilIdle();
            }
        }
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        Outcomes.Add(reply.Outcome);
        Reasons.Add(reply.Reason);
        if (reply.Outcome == Outcome.Unknown && _waiting.TryGetValue((student, reply.Command), out var command))
            _again.Enqueue(command);
        else if (reply.IsDecision && reply.Command.Kind.IsCommand() && !_durable.Has(student, reply.Command))
            Problems.Add($"{reply.Command} of student {student} was answered {reply.Outcome} before it was durable");
        else if (reply.Outcome is Outcome.Failed or Outcome.Quarantined)
            Problems.Add($"{reply.Command} of student {student} was answered {reply.Outcome}");
    }

    public AuditReport Audit(CancellationToken cancellation) =>
        JournalAudit.Run(Durable, _logic, threads: 1, partitionDone: null, cancellation);

    public void Dispose() => Durable.Dispose();

    private void SendAgain()
    {
        while (_again.TryDequeue(out var command))
            Post(command);
    }

    private void Post(Command command)
    {
        while (!_runtime.TryPost(command, this))
        {
            // What is to be sent again comes before it.
            if (_again.TryPeek(out var lost) && _runtime.TryPost(lost, this))
                _again.Dequeue();
            else if (!_runtime.RunOne())
                throw new InvalidOperationException(
                    $"the mailbox is full and nothing is ready to run: a wake-up was lost before {command.Id} of student {command.Student}");
        }
    }
}
