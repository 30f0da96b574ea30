using System.Diagnostics;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>
/// Hosts the core of a partition on the store of today: a bounded mailbox, one turn at a time, and the next one decided while the last one commits. Reads back
/// what the core needs, snapshots and recovers it.
/// </summary>
internal sealed class Shard : WorkItem
{
    private readonly Mailbox _mailbox;
    private readonly Queue<Envelope> _taken = new();
    private readonly EngineOptions _options;
    private readonly IActorLogic _logic;
    private readonly ShardStorage _storage;
    private readonly Committer _committer;
    private readonly Queue<PendingTurn> _inFlight = new();
    private readonly PostOffice? _post;
    private readonly Action<Shard>? _gone;
    private readonly PartitionCore _core;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytesSinceSnapshot;
    private volatile bool _ending;

    /// <summary>Recovers, and serves from then on.</summary>
    /// <param name="gone">Told once, when nothing of the shard is in flight or waiting any more: it was ended, or fenced.</param>
    /// <exception cref="JournalException">The journal is torn, corrupt or has a gap, or does not answer.</exception>
    /// <exception cref="FencedException">Another host has it by now.</exception>
    public Shard(
        ShardEpoch owned, ShardStorage storage, IActorLogic logic, EngineOptions options, Committer committer, IDispatcher dispatcher, PostOffice? post = null, Action<Shard>? gone = null)
        : base(dispatcher)
    {
        Owned = owned;
        _storage = storage;
        _logic = logic;
        _options = options;
        _committer = committer;
        _gone = gone;
        _post = post;
        _mailbox = new Mailbox(options.MailboxMessagesMax);
        (var state, _bytesSinceSnapshot) = Recover();
        _core = new PartitionCore(Index, owned.Epoch, state, OpenDays.Every(logic), options.TurnLimits, post);
        Send(Notices.From(state));
    }

    /// <summary>The shard, and the epoch it is written under: fixed, for a shard that comes back is another one.</summary>
    public ShardEpoch Owned { get; }

    public int Index => Owned.Shard;

    public long Epoch => Owned.Epoch;

    public PartitionState State => _core.State;

    /// <summary>What reading passivated claims back came to.</summary>
    public ReadBackFigures ReadBack { get; } = new();

    /// <summary>The committer's: turns of this incarnation and earlier ones are lost.</summary>
    public int LostIncarnation { get; set; } = -1;

    /// <summary>True once another host is known to own it: nothing is decided any more.</summary>
    public bool IsFenced { get; private set; }

    /// <param name="incarnation">See <see cref="Mailbox.TryPost"/>.</param>
    public PostOutcome TryPost(in Envelope envelope, ref MailboxLife? incarnation)
    {
        var outcome = _mailbox.TryPost(envelope, ref incarnation);
        if (outcome == PostOutcome.Taken)
            Schedule();
        return outcome;
    }

    /// <summary>Called by the committer: the turn is durable, or lost.</summary>
    public void OnCommitted(PendingTurn turn, CommitStatus status)
    {
        turn.Status = status;
        Schedule();
    }

    /// <summary>Decides nothing from now on: what waits is answered <see cref="Outcome.Unknown"/>. Done when nothing is in flight any more.</summary>
    public Task End()
    {
        _ending = true;
        Schedule();
        return _end.Task;
    }

    protected override void Run()
    {
        Settle();
        if (_ending || IsFenced)
        {
            WindUp();
            return;
        }

        if (_core.MustRestore && !TryRestore())
        {
            AnswerUnknown(_core.Abandon());
            if (IsFenced)
                WindUp();
            return;
        }

        if (_bytesSinceSnapshot >= _options.SnapshotEveryBytes && _core.CanSnapshot)
            Snapshot();
        if (_core.Uncommitted < _options.TurnsInFlightMax)
            TakeTurn();
        ReadWhatIsNeeded();
        if (_core.Uncommitted < _options.TurnsInFlightMax && (!_mailbox.IsEmpty || _core.HasWork))
            Schedule();
    }

    private void WindUp()
    {
        // Closed first: what is posted after the last look into the mailbox would never be answered.
        if (_inFlight.Count == 0)
            _mailbox.Close();
        AnswerUnknown(_core.Abandon());
        if (_inFlight.Count > 0 || _end.Task.IsCompleted)
            return;
        _gone?.Invoke(this);
        _end.TrySetResult();
    }

    private void TakeTurn()
    {
        _mailbox.Take(_taken, _core.Room);
        while (_taken.TryDequeue(out var envelope))
            _core.Take(envelope);
        if (_core.Decide() is not { } turn)
            return;
        var pending = new PendingTurn(this, turn, Segment(turn));
        _bytesSinceSnapshot += pending.Segment.Payload.Length;
        _inFlight.Enqueue(pending);
        _committer.Enqueue(pending);
    }

    /// <summary>The store keeps segments: a frame has one bucket, and so one.</summary>
    private Segment Segment(Turn turn) => turn.Frame is { } frame
        ? Journal.Segment.Seal(Index, frame.FirstRecord, Epoch, frame.RecordCount, frame.Segments[0].Payload)
        : default;

    private void Settle()
    {
        while (_inFlight.TryPeek(out var pending) && pending.Status != CommitStatus.Pending)
        {
            IsFenced |= pending.Status == CommitStatus.Fenced;
            var release = _core.Settle(pending.Turn, pending.Status);
            if (pending.Status == CommitStatus.Durable)
            {
                _inFlight.Dequeue();
                Give(release);
            }
            else
            {
                // The committer reports those behind it as lost too; the core has dropped them already.
                _inFlight.Clear();
                AnswerUnknown(release);
            }
        }
    }

    /// <summary>Supplies the core with the records it needs. While they cannot be read, what waits is answered unknown, and sent again later.</summary>
    private void ReadWhatIsNeeded()
    {
        var requests = _core.TakeRequests();
        if (requests.Count == 0)
            return;
        var start = Stopwatch.GetTimestamp();
        try
        {
            foreach (var result in _storage.ReadBack(Index, requests, _logic, [.. _inFlight.Where(turn => !turn.IsEmpty).Select(turn => turn.Segment)], ReadBack))
                _core.Supply(result);
        }
        catch (JournalUnavailableException)
        {
            AnswerUnknown(_core.Abandon());
        }

        ReadBack.Add(Stopwatch.GetElapsedTime(start));
    }

    /// <summary>False while the journal cannot be read: nothing is decided on a state that may be wrong, and the next message tries again.</summary>
    private bool TryRestore()
    {
        try
        {
            (var state, _bytesSinceSnapshot) = Recover();
            _core.Restore(state);
        }
        catch (FencedException)
        {
            IsFenced = true;
            return false;
        }
        catch (JournalException)
        {
            return false;
        }

        Send(Notices.From(State));
        return true;
    }

    /// <summary>Confirms the ownership after reading: no other host could have written before, so what was read is all there is.</summary>
    private (PartitionState State, long TailBytes) Recover()
    {
        var recovered = _storage.Recover(Index, _logic);
        _committer.Confirm(Owned);
        return recovered;
    }

    private void Give(in Release release)
    {
        Send(release.Notices);
        foreach (var answer in release.Answers)
            answer.ReplyTo.OnReply(answer.Student, answer.Reply);
    }

    private void Send(Notices? notices)
    {
        if (notices is not null)
            _post?.Deliver(Index, notices);
    }

    /// <summary>These, and all that waits in the mailbox behind them.</summary>
    private void AnswerUnknown(in Release release)
    {
        // Taken before anyone is told: what comes from then on is of another incarnation of the mailbox.
        _mailbox.TakeAll(_taken);
        while (_taken.TryDequeue(out var envelope))
            _core.Take(envelope);
        Give(release);
        Give(_core.Abandon());
    }

    private void Snapshot()
    {
        if (_storage.TrySaveSnapshot(Index, _core))
            _bytesSinceSnapshot = 0;
    }
}

/// <summary>A turn on its way to the store.</summary>
/// <param name="Segment">What to append; without records when there are only answers that rest on turns before.</param>
internal sealed record PendingTurn(Shard Shard, Turn Turn, Segment Segment)
{
    private volatile CommitStatus _status;

    /// <summary>Written by the committer, read by the shard.</summary>
    public CommitStatus Status
    {
        get => _status;
        set => _status = value;
    }

    public int Incarnation => Turn.Incarnation;

    public bool IsEmpty => Turn.Frame is null;
}
