using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Scenarios;

/// <summary>
/// One random scenario through the whole engine in one thread under its seed, with commits that fail and replies that are lost. Whoever is
/// answered unknown sends again, as the design asks of him.
/// </summary>
internal sealed class ScenarioRun : IReplyTo, IDisposable
{
    private const int Shards = 3;
    private const int PartyShards = 2;
    private readonly Dictionary<(StudentId, CommandId), Command> _waiting = [];
    private readonly Queue<Command> _again = new();
    private readonly GatedJournal _journal;
    private readonly Dice _faults;
    private readonly AmoeLogic _logic;
    private readonly ulong _seed;

    public ScenarioRun(ulong seed, Rulebook rulebook)
    {
        (_seed, _logic) = (seed, new AmoeLogic(rulebook));
        _faults = new Dice(Mixing.Mix(seed, 2));
        Durable = new DurableRecords(new MemoryJournal(new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, rulebook.Text, "random", seed, 0, PartyShards)));
        _journal = new GatedJournal(Durable);
    }

    public DurableRecords Durable { get; }

    public IActorLogic Logic => _logic;

    public List<string> Problems { get; } = [];

    public HashSet<Outcome> Outcomes { get; } = [];

    public HashSet<Reason> Reasons { get; } = [];

    /// <param name="look">Shown the runtime before it ends.</param>
    public async Task<RuntimeState> Play(int students, Action<AmoeRuntime>? look = null)
    {
        var commands = new RandomLives(new Dice(Mixing.Mix(_seed, 1))).Of(students);
        var dispatcher = new SeededDispatcher(Mixing.Mix(_seed, 3));
        using var snapshots = new MemorySnapshotStore();
        var options = new EngineOptions { MailboxMessagesMax = 64, TurnMessagesMax = 1 + _faults.Below(40), TurnDeadlinesMax = 1 + _faults.Below(20), SnapshotEveryBytes = 4096, Threads = 1 };
        await using var runtime = AmoeRuntime.Start(_journal, snapshots, _logic, options, TimeProvider.System, dispatcher, dispatcher);
        foreach (var command in commands)
        {
            if (command is not Query)
                _waiting.TryAdd((command.Student, command.Id), command);
            SendAgain(runtime, dispatcher);
            Post(runtime, dispatcher, command);

            // Sometimes the store is behind, sometimes it breaks.
            if (_faults.Below(300) == 0)
                _journal.FailNext = true;
            else if (_faults.Chance(1))
                _journal.LoseNextReply = true;
            if (_faults.Chance(40))
                dispatcher.RunOne();

            // Ledgers are now ahead of the students, now far behind.
            if (_faults.Chance(2) && CommandBounds.IsDay(command.Known))
                runtime.TryPostDay(Shards + _faults.Below(PartyShards), CommandKind.OpenDay, command.Known, this);
            SendAgain(runtime, dispatcher);
        }

        (_journal.FailNext, _journal.LoseNextReply) = (false, false);
        dispatcher.RunUntilIdle();
        while (_again.Count > 0)
        {
            SendAgain(runtime, dispatcher);
            dispatcher.RunUntilIdle();
        }

        // Whatever day the lives ended on, the last right has lapsed by this one.
        Settle(runtime, dispatcher, new DateOnly(2028, 2, 1));
        look?.Invoke(runtime);
        return runtime.Inspect();
    }

    /// <summary>Days end on every shard until the ledgers have all that was posted, and the claims all that was set off.</summary>
    private void Settle(AmoeRuntime runtime, SeededDispatcher dispatcher, DateOnly day)
    {
        for (var last = day.AddDays(2 * LedgerDecider.ValueDays); day <= last; day = day.AddDays(1))
        {
            for (var shard = 0; shard < Shards + PartyShards; shard++)
            {
                runtime.TryPostDay(shard, CommandKind.CloseDay, day, this);
                dispatcher.RunUntilIdle();
            }
        }
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        Outcomes.Add(reply.Outcome);
        Reasons.Add(reply.Reason);
        if (reply.Outcome == Outcome.Unknown && _waiting.TryGetValue((student, reply.Command), out var command))
            _again.Enqueue(command);
        else if (reply.IsDecision && reply.Command.Kind.IsCommand() && !Durable.Has(student, reply.Command))
            Problems.Add($"{reply.Command} of student {student} was answered {reply.Outcome} before it was durable");
        else if (reply.Outcome is Outcome.Failed or Outcome.Quarantined)
            Problems.Add($"{reply.Command} of student {student} was answered {reply.Outcome}");
    }

    public AuditReport Audit(CancellationToken cancellation) => JournalAudit.Run(Durable, _logic, threads: 1, shardDone: null, cancellation);

    public void Dispose() => _journal.Dispose();

    private void SendAgain(AmoeRuntime runtime, SeededDispatcher dispatcher)
    {
        while (_again.TryDequeue(out var command))
            Post(runtime, dispatcher, command);
    }

    private void Post(AmoeRuntime runtime, SeededDispatcher dispatcher, Command command)
    {
        while (!runtime.TryPost(command, this))
        {
            // What is to be sent again comes before it.
            if (_again.TryPeek(out var lost) && runtime.TryPost(lost, this))
                _again.Dequeue();
            else if (!dispatcher.RunOne())
                throw new InvalidOperationException($"the mailbox is full and nothing is ready to run: a wake-up was lost before {command.Id} of student {command.Student}");
        }
    }
}

/// <summary>A journal that also remembers which commands are durable, and through which states students and claims went.</summary>
internal sealed class DurableRecords(IJournal inner) : IJournal, IRecordSink
{
    private readonly HashSet<(StudentId, CommandId)> _commands = [];

    public JournalIdentity Identity => inner.Identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => inner.Adoptions;

    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks) => inner.Adopt(rulebook, marks);

    public bool Has(StudentId student, CommandId command) => _commands.Contains((student, command));

    public void Append(IReadOnlyList<Segment> segments)
    {
        inner.Append(segments);
        foreach (var segment in segments)
        {
            var reader = new SegmentReader(segment);
            while (reader.Read(this))
            {
            }
        }
    }

    public void Confirm(IReadOnlyList<ShardEpoch> shards) => inner.Confirm(shards);

    public long Head(int shard) => inner.Head(shard);

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0) => inner.Read(shard, fromOffset);

    public IEnumerable<Segment> ReadAll() => inner.ReadAll();

    public JournalSize Measure() => inner.Measure();

    public void Dispose() => inner.Dispose();

    void IRecordSink.Begin(in RecordHeader header, long offset) => _commands.Add((header.Student, header.Id));

    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes)
    {
    }

    void IRecordSink.End()
    {
    }
}
