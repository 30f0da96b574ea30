using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Actors;

/// <summary>
/// Hosts the core of a partition of students as a persistent actor: what waits becomes one turn, a turn becomes one
/// event, and answers leave when that is durable. One write is in flight; the next turn gathers behind it. A day opens
/// once the journal's own actor has opened it.
/// </summary>
/// <remarks>
/// The framework is handed one event at a time. Two at a time would let the second be written though the first was
/// rejected, and the log would have a gap. Answers wait in their turn and never in <c>DeferAsync</c>, which fails in
/// the SQL journal behind a write.
/// </remarks>
internal partial class PartitionActor : HostedActor, IWithTimers
{
    private static readonly TimeSpan _lookAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly PartitionHost _host;
    private readonly RecentFrames _recent;
    private FrameIndex _index = new();
    private FrameChain _chain;
    private PartitionState _state;

    // Turns that are decided and not settled, oldest first.
    private readonly Queue<Turn> _uncommitted = new();

    // The oldest turn's frame, while it is being written.
    private EncodedFrame? _writing;
    private long _writingSince;

    // Null while answers wait for nothing but what is durable.
    private long? _leaseAwaitedSince;

    // Null until the incarnation is durable.
    private PartitionCore? _core;
    private long _incarnation;
    private readonly SessionReceiver<IActorRef> _sessions = new(new SessionLimits());
    private bool _isTurnAsked;
    private bool _isDraining;
    private readonly StudentRetries _retries;
    private readonly SnapshotCycle _snapshots;

    public PartitionActor(PartitionHost host)
        : base(host)
    {
        _host = host;
        _state = host.NewState();
        _chain = new FrameChain(host.Partition);
        _recent = new RecentFrames(host.RecentBytesMax);
        _retries = new StudentRetries(host.Partition);
        _snapshots = new SnapshotCycle(host);
        if (host.Snapshots.IsMade)
            SnapshotPluginId = PartitionHost.SnapshotPlugin;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private PartitionCore Core => _core!;

    /// <summary>A snapshot is taken between two turns: while one is due, none gathers behind a write.</summary>
    private bool HasRoom => Core.Uncommitted < (_snapshots.IsDue ? 1 : _host.TurnsInFlightMax) && !_isDraining;

    protected override bool ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer offer:
                return TryRestore(offer);
            case PersistedFrame persisted:
                Follow(persisted.Bytes);
                break;
            case RecoveryCompleted:
                RequireAllRead(_chain.Position.SequenceNumber);
                StartIncarnation();
                break;
        }

        return true;
    }

    protected override bool ReceiveCommand(object message)
    {
        switch (message)
        {
            case Commands commands:
                Take(commands);
                break;
            case SessionMessage session:
                Take(session);
                break;
            case TakeTurn:
                _isTurnAsked = false;
                DecideTurn();
                break;
            case RecordsRead read:
                foreach (var result in read.Results)
                    Core.Supply(result);
                AskForTurn();
                break;
            case RecordsUnavailable:
                Release(Core.Abandon());
                AnswerRetries();
                break;
            case DayOpened opened:
                Core.Open(_host.Decides(opened.Rulebook, opened.Day));
                AskForTurn();
                break;
            case RetryStudents retry:
                _retries.Add(retry, Sender);
                Array.ForEach(retry.Students, Core.Retry);
                ReadWhatIsNeeded();
                AnswerRetries();
                break;
            case DayNotOpened:
                Release(Core.Abandon());
                break;
            case Drain:
                _isDraining = true;
                Release(Core.Abandon());
                StopIfDrained();
                break;
            default:
                return _snapshots.TryTake(message, Context);
        }

        return true;
    }

    /// <summary>Answers all that waits `Unknown`; the supervisor does so for the mailbox, by dead letters.</summary>
    protected override void PostStop()
    {
        base.PostStop();
        if (_core is not { } core)
            return;
        if (_uncommitted.TryPeek(out var oldest))
            Release(core.Settle(oldest, CommitStatus.Lost));
        Release(core.Abandon());
        AnswerRetries();
        Tell(_sessions.Stop());
    }

    private void Take(Commands commands)
    {
        // Their sender does not know yet that earlier commands are lost, and these must not overtake them.
        if (commands.Incarnation != 0 && commands.Incarnation != _incarnation)
        {
            _host.GiveUnknown(commands.Envelopes);
            return;
        }

        foreach (ref readonly var envelope in commands.Envelopes.AsSpan())
            Core.Take(envelope);
        if (_isDraining)
            Release(Core.Abandon());
        else
            AskForTurn();
    }

    /// <summary>Takes a message of a sender in another process.</summary>
    private void Take(SessionMessage message)
    {
        var answer = message switch
        {
            OpenSession open => _isDraining ? null : _sessions.Open(open, Sender),
            ProbeSession probe => _sessions.Probe(probe),
            Batch batch => Take(batch),
            _ => throw new InvalidOperationException($"{message} is for a sender"),
        };
        if (answer is not null)
            Sender.Tell(answer, Self);
    }

    private SessionRefused? Take(Batch batch)
    {
        switch (_sessions.Take(batch, out var items))
        {
            case BatchVerdict.Taken:
                _host.CountUnderWay(items.Count);
                foreach (var item in items)
                    Core.Take(item);
                if (_isDraining)
                    Release(Core.Abandon());
                else
                    AskForTurn();
                return null;
            case BatchVerdict.Refused:
                return new SessionRefused(batch.Session);
            default:
                return null;
        }
    }

    private void AskForTurn()
    {
        if (_isTurnAsked || !HasRoom)
            return;
        _isTurnAsked = true;
        Self.Tell(TakeTurn.Instance, Self);
    }

    private void DecideTurn()
    {
        if (HasRoom && Core.Decide() is { } turn)
        {
            _uncommitted.Enqueue(turn);
            WriteOldest();
        }

        SettleUnwritten();
        if (_isDraining)
        {
            StopIfDrained();
            return;
        }

        ReadWhatIsNeeded();
        _host.Quarantines.Note(_state.Quarantined);
        AnswerRetries();
        if (Core.TakeDayWanted() is { } day)
            _host.Days(Context.Parent).Tell(new OpenDay(day, _host.Partition), Self);
        if (Core.HasWork)
            AskForTurn();
    }

    private void AnswerRetries()
    {
        if (_retries.Answer(Core.TakeRetried(), Self))
            Context.Parent.Tell(new StartAgain(_host), Self);
    }

    private void WriteOldest()
    {
        if (_writing is not null || !_uncommitted.TryPeek(out var oldest) || oldest.Frame is not { } frame)
            return;
        var encoded = _chain.Encode(frame);
        (_writing, _writingSince) = (encoded, Stopwatch.GetTimestamp());
        PersistAsync(new PersistedFrame(encoded.Bytes), _ => OnPersisted());
    }

    /// <summary>
    /// A turn with answers alone rests on the turns before it, and these are durable once it is the oldest. They are
    /// true while no other process writes the journal: where that is not known they wait.
    /// </summary>
    private void SettleUnwritten()
    {
        while (_uncommitted.TryPeek(out var oldest) && oldest.Frame is null)
        {
            if (!_host.HasLease())
            {
                AwaitLease();
                return;
            }

            _leaseAwaitedSince = null;
            _uncommitted.Dequeue();
            Release(Core.Settle(oldest, CommitStatus.Durable));
            WriteOldest();
        }
    }

    private void AwaitLease()
    {
        _leaseAwaitedSince ??= Stopwatch.GetTimestamp();
        if (_isDraining || Stopwatch.GetElapsedTime(_leaseAwaitedSince.Value) > _host.WriteHeldMax)
            _host.RequireLease();
        Timers.StartSingleTimer(nameof(AwaitLease), TakeTurn.Instance, _lookAgainAfter);
    }

    private void OnPersisted()
    {
        var written = _writing!.Value;
        _chain.Advance(written);
        _snapshots.Passed(written.Bytes.Length);
        _writing = null;
        var turn = _uncommitted.Dequeue();
        _host.Wrote(Stopwatch.GetElapsedTime(_writingSince), written.Bytes.Length, turn.Answers.Count);
        _index.Add(turn.Frame!.FirstRecord);
        _recent.Add(turn.Frame);
        var release = Core.Settle(turn, CommitStatus.Durable);

        // The store is kept busy while answers are given out.
        WriteOldest();
        Release(release);
        SettleUnwritten();
        if (_isDraining)
        {
            StopIfDrained();
            return;
        }

        if (_snapshots.IsDue && Core.CanSnapshot)
            _snapshots.Save(
                PartitionSnapshot.Encode(_chain.Position, _index, Core), _chain.Position.SequenceNumber, Context);
        if (Core.HasWork)
            AskForTurn();
    }

    private void StopIfDrained()
    {
        if (_uncommitted.Count == 0)
            Context.Stop(Self);
    }

    private void Release(in Release release)
    {
        Send(release.Notices);
        _host.Give(release.Answers);
        Tell(_sessions.TakeAnswered());
    }

    private void Tell(IReadOnlyList<Addressed<IActorRef>> messages)
    {
        foreach (var (sender, message) in messages)
            sender.Tell(message, Self);
    }

    private void Send(Notices? notices)
    {
        if (notices is not null)
            _host.Relay.Deliver(_host.Partition, notices);
    }

    /// <summary>Reads block on the store, so they run beside the partition; what they find is a message.</summary>
    private void ReadWhatIsNeeded()
    {
        var requests = Core.TakeRequests();
        if (requests.Count == 0)
            return;
        List<Frame> uncommitted = [.. _uncommitted.Select(turn => turn.Frame).OfType<Frame>()];
        var (host, source) = (_host,
            new FrameSource(_host.Table, _host.Partition, _index, _recent, uncommitted, _state.Offset));
        Task.Run(() => new RecordsRead(host.ReadBack(requests, source)))
            .PipeTo(Self, failure: _ => new RecordsUnavailable());
    }
}
