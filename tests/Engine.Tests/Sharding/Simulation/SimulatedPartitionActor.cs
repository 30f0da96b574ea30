using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Tests.Partitions.Simulation;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// One incarnation of a partition on one host: core, frames and sessions are the real ones, and between them it does
/// what <see cref="PartitionActor"/> does, step for step. Snapshots are left out.
/// </summary>
internal sealed class SimulatedPartitionActor : IPeer
{
    private static readonly TimeSpan _lookAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly SimulatedEntity _entity;
    private readonly SimulatedHost _host;
    private readonly int _partition;
    private readonly PartitionState _state;
    private readonly FrameChain _chain;
    private readonly Queue<Turn> _uncommitted = new();
    private readonly Queue<(object Message, IPeer From)> _stash = new();
    private readonly Dictionary<IReplyTo, Envelope> _taken = [];
    private SessionReceiver<IPeer> _sessions;
    private EncodedFrame? _writing;
    private PartitionCore? _core;
    private bool _isTurnAsked;
    private TimeSpan? _leaseAwaitedSince;
    private bool _isLeaseAwaited;
    private bool _isDraining;
    private bool _isStopped;

    public SimulatedPartitionActor(SimulatedEntity entity, int partition)
    {
        (_entity, _host, _partition) = (entity, entity.Host, partition);
        var identity = World.Identity;
        _state = new PartitionState(World.Logic)
        {
            Outbox = partition < identity.StudentPartitions ? new Outbox(partition, _host.Relay) : null,
            Ledgers = partition < identity.StudentPartitions ? null : new LedgerBook(identity.StudentPartitions),
        };
        _chain = new FrameChain(partition);
        _sessions = new SessionReceiver<IPeer>(World.Weather.Limits);
    }

    public SimulatedProcess Process => _host.Process;

    public bool IsServing => _core is not null && !_isStopped;

    public PartitionState State => _state;

    private ClusterWorld World => _host.World;

    private bool HasRoom => _core!.Uncommitted < World.Weather.Engine.TurnsInFlightMax && !_isDraining;

    public void On(object message, IPeer from)
    {
        if (_host.HasEnded)
            return;
        if (_isStopped)
            Refuse((SessionMessage)message, from);
        else if (_core is null)
            _stash.Enqueue((message, from));
        else
            Take((SessionMessage)message, from);
    }

    public void Recover() => _host.AfterWrite(_partition, () =>
    {
        if (!_isStopped)
            World.Store.Read(_host, _partition, Replay, Fail);
    });

    public void DayOpened(DateOnly day)
    {
        if (_isStopped)
            return;
        _core!.Open(World.Open with { Through = day });
        AskForTurn();
    }

    public void Drain()
    {
        _isDraining = true;
        Release(_core!.Abandon());
        StopIfDrained();
    }

    /// <summary>However it ends: what is in flight or waits is answered unknown at once.</summary>
    public void Stop()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        World.Trace(() => $"{this} stops");
        if (_core is { } core)
        {
            if (World.Defect == ClusterDefect.FormerMailIsDecided && !_isDraining && !_host.HasEnded)
                LeaveToNext(core);
            if (_uncommitted.TryPeek(out var oldest))
                Release(core.Settle(oldest, CommitStatus.Lost));
            Release(core.Abandon());
            foreach (var (to, message) in _sessions.Stop())
                World.Network.Send(this, to, message);
        }

        _entity.OnStopped(this);
    }

    public override string ToString() => $"partition {_partition} on {_host}";

    /// <summary>
    /// A store that does not answer, a sequence number that is taken: the actor stops, and its supervisor starts
    /// another.
    /// </summary>
    private void Fail()
    {
        World.Trace(() => $"{this} fails");
        Stop();
    }

    private void Replay(List<byte[]> rows)
    {
        if (_isStopped)
            return;
        foreach (var bytes in rows)
            _state.Apply(_chain.Follow(bytes));
        if (World.Defect == ClusterDefect.InboxForgetsItsMark && _state.Ledgers is { } ledgers)
            ledgers.Evolve(new PostingsTaken(new long[World.Identity.StudentPartitions]));
        StartIncarnation();
    }

    private void StartIncarnation()
    {
        if (!_host.IsHeld)
        {
            Fail();
            return;
        }

        var incarnation = _chain.Position.Incarnation + 1;
        if (World.Defect == ClusterDefect.NoIncarnationFirst)
        {
            Serve(incarnation);
            return;
        }

        var writer = new TurnWriter(_state.Buckets.Length);
        writer.Begin(_state.Offset, _state.Day);
        writer.Marks.Append(
            RecordHeader.Mark(CommandKind.StartIncarnation, _state.Day),
            [new IncarnationStarted(incarnation, 0, "simulated", "tests")], null);
        var frame = writer.Seal(_partition, _chain.Position.NextSequenceNumber, incarnation)!;
        var encoded = _chain.Encode(frame);
        Persist(encoded, () =>
        {
            _chain.Advance(encoded);
            _state.Apply(frame);
            Serve(incarnation);
        });
    }

    private void Serve(long incarnation)
    {
        World.Trace(() => $"{this} serves as incarnation {incarnation} from frame {_chain.Position.SequenceNumber}");
        var through = World.Defect == ClusterDefect.OpenDayDecidedBeforePost
            ? _state.Day
            : OpenDays.RecoveredThrough(_state);
        _core = new PartitionCore(
            _partition, incarnation, _state, World.Open with { Through = through }, World.Weather.Engine.TurnLimits,
            _host.Relay);
        Send(Notices.From(_state));
        World.Serves(_partition, _host);
        if (_entity.Left is { } left)
        {
            (_sessions, _entity.Left) = (left.Sessions, null);
            foreach (var envelope in left.Waiting)
                Take(envelope);
            AskForTurn();
        }

        while (_stash.TryDequeue(out var stashed))
            Take((SessionMessage)stashed.Message, stashed.From);
    }

    private void Take(SessionMessage message, IPeer from)
    {
        SessionMessage? answer = message switch
        {
            OpenSession open => _isDraining ? null : _sessions.Open(open, from),
            ProbeSession probe => _sessions.Probe(probe),
            Batch batch => Take(batch),
            _ => throw new InvalidOperationException($"{message} is for a sender"),
        };
        if (answer is not null)
            World.Network.Send(this, from, answer);
    }

    private SessionRefused? Take(Batch batch)
    {
        switch (_sessions.Take(batch, out var items))
        {
            case BatchVerdict.Taken:
                foreach (var item in items)
                    Take(item);
                if (_isDraining)
                    Release(_core!.Abandon());
                else
                    AskForTurn();
                return null;
            case BatchVerdict.Refused:
                return new SessionRefused(batch.Session);
            default:
                return null;
        }
    }

    private void Take(in Envelope envelope)
    {
        if (World.Defect == ClusterDefect.FormerMailIsDecided)
            _taken[envelope.ReplyTo] = envelope;
        _core!.Take(envelope);
    }

    private void AskForTurn()
    {
        if (_isTurnAsked || !HasRoom)
            return;
        _isTurnAsked = true;
        Process.After(TimeSpan.FromMicroseconds(World.Dice.Below(150)), DecideTurn);
    }

    private void DecideTurn()
    {
        _isTurnAsked = false;
        if (_isStopped)
            return;
        if (HasRoom && _core!.Decide() is { } turn)
        {
            if (World.Defect == ClusterDefect.AnsweredTooSoon)
                AnswerNow(turn);
            _uncommitted.Enqueue(turn);
            WriteOldest();
        }

        SettleUnwritten();
        if (_isStopped)
            return;
        if (_isDraining)
        {
            StopIfDrained();
            return;
        }

        ReadWhatIsNeeded();
        if (_core!.TakeDayWanted() is { } day)
            Process.After(TimeSpan.Zero, () => _host.Days.Open(new OpenDay(day, _partition), this));
        if (_core.HasWork)
            AskForTurn();
    }

    private void WriteOldest()
    {
        if (_writing is not null || !_uncommitted.TryPeek(out var oldest) || oldest.Frame is not { } frame)
            return;
        var encoded = _chain.Encode(frame);
        _writing = encoded;
        Persist(encoded, OnPersisted);
    }

    private void Persist(EncodedFrame encoded, Action durable) =>
        new SimulatedWrite(_host, _partition, encoded, isDurable => Written(isDurable, durable)).Begin();

    private void Written(bool isDurable, Action durable)
    {
        if (_isStopped)
            return;
        if (isDurable)
            durable();
        else
            Fail();
    }

    /// <summary>Answers that rest on no write of their turn are true while no other host can have written.</summary>
    private void SettleUnwritten()
    {
        while (!_isStopped && _uncommitted.TryPeek(out var oldest) && oldest.Frame is null)
        {
            if (!_host.IsHeld)
            {
                World.Count(ClusterEffect.AnswerWithheldPastDeadline);
                if (World.Defect != ClusterDefect.AnswersPastDeadline)
                {
                    AwaitLease();
                    return;
                }
            }

            _leaseAwaitedSince = null;
            _uncommitted.Dequeue();
            World.Count(ClusterEffect.QuestionFromMemory);
            Release(_core!.Settle(oldest, CommitStatus.Durable));
            WriteOldest();
        }
    }

    private void AwaitLease()
    {
        _leaseAwaitedSince ??= World.Now;
        if (_isDraining || _host.IsLost || World.Now - _leaseAwaitedSince >= World.Weather.Engine.WriteHeldMax)
        {
            Fail();
            return;
        }

        if (_isLeaseAwaited)
            return;
        _isLeaseAwaited = true;
        Process.After(_lookAgainAfter, () =>
        {
            _isLeaseAwaited = false;
            DecideTurn();
        });
    }

    private void OnPersisted()
    {
        _chain.Advance(_writing!.Value);
        _writing = null;
        var release = _core!.Settle(_uncommitted.Dequeue(), CommitStatus.Durable);
        WriteOldest();
        Release(release);
        SettleUnwritten();
        if (_isStopped)
            return;
        if (_isDraining)
            StopIfDrained();
        else if (_core.HasWork)
            AskForTurn();
    }

    private void StopIfDrained()
    {
        if (_uncommitted.Count == 0)
            Stop();
    }

    private void Release(in Release release)
    {
        Send(release.Notices);
        foreach (var answer in release.Answers)
        {
            _taken.Remove(answer.ReplyTo);
            answer.ReplyTo.OnReply(answer.Student, answer.Reply);
        }

        foreach (var (to, message) in _sessions.TakeAnswered())
            World.Network.Send(this, to, message);
    }

    private void Send(Notices? notices)
    {
        if (notices is not null)
            _host.Relay.Deliver(_partition, notices);
    }

    private void ReadWhatIsNeeded()
    {
        var requests = _core!.TakeRequests();
        if (requests.Count == 0)
            return;
        World.Count(ClusterEffect.RecordsReadBack);
        if (_state.Day > _state.LastClosed && requests.Exists(request => IsForNotice(request.Student)))
            World.Injector.LetterSetAside(_host, _partition);
        var source = new SimulatedSource(
            World.Store.Frames, _partition, [.. _uncommitted.Select(turn => turn.Frame).OfType<Frame>()]);
        World.Store.Call(
            _host,
            () => new RecordReader(World.Logic, () => new PartitionState(World.Logic)).Read(requests, source).ToList(),
            Supply, () =>
            {
                if (!_isStopped)
                    Release(_core.Abandon());
            });
    }

    private bool IsForNotice(StudentId student) => _host.Relay.NoticesTo(_partition, _state.Day).Any(notice =>
        notice.Student == student
            && _state.Find(student)?.Receipts.TryFind(notice.ToCommand(_state.Day).Id, out _) != true);

    private void Supply(List<ReadResult> results)
    {
        if (_isStopped)
            return;
        foreach (var result in results)
            _core!.Supply(result);
        AskForTurn();
    }

    /// <summary>Refuses messages to an incarnation that has ended, as <c>LostBatches</c> does.</summary>
    private void Refuse(SessionMessage message, IPeer from)
    {
        if (World.Defect == ClusterDefect.FormerMailIsDecided && _entity.Actor is { } next && next != this)
            next.On(message, from);
        else if (message is Batch or ProbeSession)
            World.Network.Send(_host, from, new SessionRefused(message.Session));
    }

    private void AnswerNow(Turn turn)
    {
        List<Answer> answers = [.. turn.Answers];
        turn.Answers.Clear();
        Release(new Release(answers, null));
    }

    /// <summary>
    /// A defect: what no turn has decided waits for the next incarnation, with the sessions that brought it.
    /// </summary>
    private void LeaveToNext(PartitionCore core)
    {
        var decided = _uncommitted.SelectMany(turn => turn.Answers).Select(answer => answer.ReplyTo).ToHashSet();
        _entity.Left = (_sessions, [.. _taken.Values.Where(envelope => !decided.Contains(envelope.ReplyTo))]);
        var lost = _uncommitted.TryPeek(out var oldest) ? core.Settle(oldest, CommitStatus.Lost).Answers : [];
        core.Abandon();
        _uncommitted.Clear();
        Release(new Release([.. lost.Where(answer => decided.Contains(answer.ReplyTo))], null));
        _sessions = new SessionReceiver<IPeer>(World.Weather.Limits);
    }
}
