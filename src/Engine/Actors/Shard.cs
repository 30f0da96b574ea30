using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Actors;

/// <summary>
/// A bounded mailbox and one turn at a time: takes a batch of messages, lets each actor decide and evolve, hands one segment to the
/// committer, and decides the next turn while the last one commits. Answers go out only when their turn is durable.
/// </summary>
internal sealed class Shard : WorkItem, IActorHistory
{
    private readonly Mailbox _mailbox;
    private readonly EngineOptions _options;
    private readonly IActorLogic _logic;
    private readonly ShardStorage _storage;
    private readonly Committer _committer;
    private readonly Queue<Envelope> _waiting = new();
    private readonly Queue<Turn> _inFlight = new();
    private readonly SegmentWriter _writer = new();
    private readonly PostOffice? _post;
    private readonly Inbox? _inbox;
    private readonly Action<Shard>? _gone;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TurnDecider _decider;
    private long _bytesSinceSnapshot;
    private int _generation;
    private bool _mustReload;
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
        _mailbox = new Mailbox(options.MailboxMessagesMax);
        (_post, _inbox) = (post, post is null ? null : new Inbox(Index, post));
        (State, _bytesSinceSnapshot) = Recover();
        Send(Mail.From(State));
        _decider = NewDecider();
    }

    /// <summary>The shard, and the epoch it is written under: fixed, for a shard that comes back is another one.</summary>
    public ShardEpoch Owned { get; }

    public int Index => Owned.Shard;

    public long Epoch => Owned.Epoch;

    public ShardState State { get; private set; }

    /// <summary>The committer's: turns of this life and earlier ones are lost.</summary>
    public int LostGeneration { get; set; } = -1;

    /// <summary>True once another host is known to own it: nothing is decided any more.</summary>
    public bool IsFenced { get; private set; }

    /// <param name="life">See <see cref="Mailbox.TryPost"/>.</param>
    public PostOutcome TryPost(in Envelope envelope, ref MailboxLife? life)
    {
        var outcome = _mailbox.TryPost(envelope, ref life);
        if (outcome == PostOutcome.Taken)
            Schedule();
        return outcome;
    }

    /// <summary>Called by the committer: the turn is durable, or lost.</summary>
    public void OnFate(Turn turn, TurnFate fate)
    {
        turn.Fate = fate;
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
        ReleaseAnswers();
        if (_ending || IsFenced)
        {
            WindUp();
            return;
        }

        if (_mustReload)
        {
            // What was decided before is in the journal first, or lost.
            if (_inFlight.Count > 0)
                return;
            if (!TryReload())
            {
                AnswerUnknown();
                if (IsFenced)
                    WindUp();
                return;
            }
        }

        if (_inFlight.Count == 0 && _bytesSinceSnapshot >= _options.SnapshotEveryBytes)
            Snapshot();
        if (_inFlight.Count < _options.TurnsInFlightMax)
            TakeTurn();
        if (_inFlight.Count < _options.TurnsInFlightMax && (!_mailbox.IsEmpty || _decider.HasBacklog))
            Schedule();
    }

    private void WindUp()
    {
        // Closed first: what is posted after the last look into the mailbox would never be answered.
        if (_inFlight.Count == 0)
            _mailbox.Close();
        AnswerUnknown();
        if (_inFlight.Count > 0 || _end.Task.IsCompleted)
            return;
        _gone?.Invoke(this);
        _end.TrySetResult();
    }

    private void TakeTurn()
    {
        _mailbox.Take(_waiting, _options.TurnMessagesMax);
        if (!_decider.HasBacklog)
            return;
        _writer.Begin(State.Day);
        List<Answer> answers;
        try
        {
            answers = _decider.DecideWaiting();
        }
        catch (JournalUnavailableException)
        {
            Abandon();
            return;
        }

        if (_writer.Count == 0 && answers.Count == 0)
            return;
        var segment = _writer.Count > 0 ? Sealed() : default;
        _bytesSinceSnapshot += segment.Payload.Length;
        var turn = new Turn(this, _generation, segment, answers, Mail.From(State));
        _inFlight.Enqueue(turn);
        _committer.Enqueue(turn);
    }

    /// <summary>The store failed in the middle of a turn: the state is half-changed, and nothing of the turn stands. Those before it may.</summary>
    private void Abandon()
    {
        _mustReload = true;
        AnswerUnknown(_decider.Answers);
    }

    private void ReleaseAnswers()
    {
        while (_inFlight.TryPeek(out var turn))
        {
            if (turn.Fate == TurnFate.Pending)
                return;
            if (turn.Fate != TurnFate.Durable)
            {
                IsFenced = turn.Fate == TurnFate.Fenced;
                DropInFlight();
                return;
            }

            _inFlight.Dequeue();
            Send(turn.Mail);
            foreach (var answer in turn.Answers)
                answer.ReplyTo.OnReply(answer.Student, answer.Reply);
        }
    }

    /// <summary>
    /// A turn was lost: so is every later one, and the state that was decided with them. Whoever waits is told that nothing is known, and the
    /// shard begins again from the journal. What waits behind is not decided either: it would be ahead of what is sent again.
    /// </summary>
    private void DropInFlight()
    {
        var lost = _inFlight.SelectMany(turn => turn.Answers).ToArray();
        _inFlight.Clear();
        _generation++;
        _mustReload = true;
        AnswerUnknown(lost);
    }

    /// <summary>False while the journal cannot be read: nothing is decided on a state that may be wrong, and the next message tries again.</summary>
    private bool TryReload()
    {
        try
        {
            (State, _bytesSinceSnapshot) = Recover();
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

        Send(Mail.From(State));
        _decider = NewDecider();
        _mustReload = false;
        return true;
    }

    /// <summary>Asked after reading: what was read is then all there is, for nobody else could write before.</summary>
    private (ShardState State, long TailBytes) Recover()
    {
        var recovered = _storage.Recover(Index, _logic);
        _storage.Confirm(Owned);
        return recovered;
    }

    private void Send(Mail? mail)
    {
        if (mail is not null)
            _post?.Deliver(Index, mail);
    }

    /// <summary>These, and all that waits behind them.</summary>
    private void AnswerUnknown(params IReadOnlyList<Answer> answers)
    {
        // Taken before anyone is told: what comes from then on is of another life.
        _mailbox.TakeAll(_waiting);
        foreach (var answer in answers)
            answer.ReplyTo.OnReply(answer.Student, new Reply(answer.Reply.Command, Outcome.Unknown));
        while (_waiting.TryDequeue(out var envelope))
        {
            var id = envelope.Command?.Id ?? new CommandId(envelope.Mark, 0);
            envelope.ReplyTo.OnReply(envelope.Command?.Student ?? default, new Reply(id, Outcome.Unknown));
        }
    }

    /// <summary>
    /// Between turns, when nothing is in flight: the state is then exactly what the journal has up to the offset. But for a student in quarantine,
    /// whose state is what a defect left: until it is mended the shard keeps its last snapshot, and a restart replays him again.
    /// </summary>
    private void Snapshot()
    {
        if (State.Quarantined.Count == 0 && _storage.TrySaveSnapshot(Index, State))
            _bytesSinceSnapshot = 0;
    }

    private TurnDecider NewDecider() => new(State, _logic, _writer, _options, this, _waiting, _inbox);

    StudentCell IActorHistory.Rebuild(StudentId student) => _storage.RebuildCell(Index, student, _logic, Undurable());

    Claim? IActorHistory.LoadClaim(StudentId student, in ClosedClaim closed) => _storage.LoadClaim(Index, student, closed, _logic, Undurable());

    ClaimsRevised? IActorHistory.LoadRevised(StudentId student, CommandId command) => _storage.LoadRevised(Index, student, command, Undurable());

    /// <summary>What is decided and not in the journal yet, with the turn being decided.</summary>
    private List<Segment> Undurable()
    {
        var segments = _inFlight.Where(turn => !turn.IsEmpty).Select(turn => turn.Segment).ToList();
        if (_writer.Count > 0)
            segments.Add(Sealed());
        return segments;
    }

    private Segment Sealed() => _writer.Seal(Index, State.Offset - _writer.Count, Epoch);
}
