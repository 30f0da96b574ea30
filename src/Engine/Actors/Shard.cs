using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

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
    private TurnDecider _decider;
    private long _bytesSinceSnapshot;
    private int _generation;
    private bool _mustReload;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _ending;

    public Shard(int index, ShardStorage storage, IActorLogic logic, EngineOptions options, Committer committer, IDispatcher dispatcher, PostOffice? post = null)
        : base(dispatcher)
    {
        Index = index;
        _storage = storage;
        _logic = logic;
        _options = options;
        _committer = committer;
        _mailbox = new Mailbox(options.MailboxMessagesMax);
        (_post, _inbox) = (post, post is null ? null : new Inbox(index, post));
        (State, _bytesSinceSnapshot) = storage.Recover(index, logic);
        Send(Mail.From(State));
        _decider = NewDecider();
    }

    public int Index { get; }

    public ShardState State { get; private set; }

    public bool TryPost(in Envelope envelope)
    {
        if (!_mailbox.TryPost(envelope))
            return false;
        Schedule();
        return true;
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
        if (_ending)
        {
            // Closed first: what is posted after the last look into the mailbox would never be answered.
            if (_inFlight.Count == 0)
                _mailbox.Close();
            AnswerUnknown();
            if (_inFlight.Count == 0)
                _end.TrySetResult();
            return;
        }

        if (_mustReload && !TryReload())
        {
            AnswerUnknown();
            return;
        }

        if (_inFlight.Count == 0 && _bytesSinceSnapshot >= _options.SnapshotEveryBytes)
            Snapshot();
        if (_inFlight.Count < _options.TurnsInFlightMax)
            TakeTurn();
        if (_inFlight.Count < _options.TurnsInFlightMax && (!_mailbox.IsEmpty || _decider.HasBacklog))
            Schedule();
    }

    private void TakeTurn()
    {
        _mailbox.Take(_waiting, _options.TurnMessagesMax);
        if (!_decider.HasBacklog)
            return;
        _writer.Begin(State.Day);
        var answers = _decider.DecideWaiting();
        if (_writer.Count == 0 && answers.Count == 0)
            return;
        var segment = _writer.Count > 0 ? Sealed() : default;
        _bytesSinceSnapshot += segment.Payload.Length;
        var turn = new Turn(this, _generation, segment, answers, Mail.From(State));
        _inFlight.Enqueue(turn);
        _committer.Enqueue(turn);
    }

    private void ReleaseAnswers()
    {
        while (_inFlight.TryPeek(out var turn))
        {
            if (turn.Fate == TurnFate.Pending)
                return;
            if (turn.Fate == TurnFate.Lost)
            {
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
    /// shard begins again from the journal (design decision 4).
    /// </summary>
    private void DropInFlight()
    {
        var lost = _inFlight.ToArray();
        _inFlight.Clear();
        _generation++;
        _mustReload = true;
        foreach (var turn in lost)
        {
            foreach (var answer in turn.Answers)
                answer.ReplyTo.OnReply(answer.Student, new Reply(answer.Reply.Command, Outcome.Unknown));
        }
    }

    /// <summary>False while the journal cannot be read: nothing is decided on a state that may be wrong, and the next message tries again.</summary>
    private bool TryReload()
    {
        try
        {
            (State, _bytesSinceSnapshot) = _storage.Recover(Index, _logic);
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

    private void Send(Mail? mail)
    {
        if (mail is not null)
            _post?.Deliver(Index, mail);
    }

    private void AnswerUnknown()
    {
        _mailbox.Take(_waiting, int.MaxValue);
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

    /// <summary>What is decided and not in the journal yet, with the turn being decided.</summary>
    private List<Segment> Undurable()
    {
        var segments = _inFlight.Where(turn => !turn.IsEmpty).Select(turn => turn.Segment).ToList();
        if (_writer.Count > 0)
            segments.Add(Sealed());
        return segments;
    }

    private Segment Sealed() => _writer.Seal(Index, State.Offset - _writer.Count, ShardStorage.Epoch);
}
