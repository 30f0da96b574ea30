using System.Runtime.InteropServices;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Partitions;

/// <summary>
/// Decides the messages of one turn: finds the student, fires what is due first (T6), has the aggregate decide and
/// writes the record. An exception in an aggregate fails that command, and restarts that student with his claims.
/// </summary>
internal sealed partial class TurnDecider : IEventSink
{
    private readonly PartitionState _state;
    private readonly TurnLimits _limits;
    private readonly TurnWriter _writer;
    private readonly Inbox? _inbox;
    private readonly Queue<Envelope> _waiting;
    private readonly SetAside _setAside;
    private readonly int _incarnation;
    private readonly CurrentReadBack _readBack = new();
    private Conversation _conversation;
    private OpenDays _open;
    private List<Answer> _answers = [];
    private StudentActor _student = null!;
    private DateOnly _known;
    private bool _isBlocked;
    private bool _mustTellClaims = true;
    private int _fired;

    /// <param name="incarnation">The core's, for what it asks to be read.</param>
    public TurnDecider(
        PartitionState state, OpenDays open, TurnLimits limits, TurnWriter writer, Inbox? inbox,
        Queue<Envelope> waiting, SetAside setAside, int incarnation)
    {
        (_state, _limits, _writer, _inbox, _waiting, _setAside, _incarnation) = (state, limits, writer, inbox, waiting,
            setAside, incarnation);
        (_open, _conversation) = (open, new Conversation(open.Logic, _readBack, state));
    }

    /// <summary>The day to be opened for the next message; the open one, where its notices may be missing.</summary>
    public DayWanted? DayWanted { get; private set; }

    /// <summary>True while there is something that a turn can decide.</summary>
    public bool HasWork =>
        _setAside.HasReady || (_waiting.Count > 0 && !IsBlocked) || _state.Calendar.HasDue(_state.Day);

    // The next message is for a day that is not open, or this one cannot end before what is set aside is read.
    private bool IsBlocked => DayWanted is not null || (_isBlocked && !_setAside.IsEmpty);

    private bool IsFull => _writer.Length >= _limits.Bytes || _answers.Count >= _limits.Commands;

    /// <summary>Decides what waits, in order, until all is done, the turn is full, or a day has to wait.</summary>
    public List<Answer> DecideWaiting()
    {
        _answers = new List<Answer>(Math.Min(_waiting.Count, _limits.Commands));
        _isBlocked = false;
        _fired = 0;
        Resume();
        LoadStudents();
        FireDueDates();
        if (_mustTellClaims && _state.Day > _state.LastClosed)
        {
            if (_state.Day > _open.Through)
            {
                DayWanted = new DayWanted(_state.Day, _state.Day);
                return TakeUnfinished();
            }

            TellClaims();
        }

        while (!IsFull && _waiting.TryPeek(out var envelope))
        {
            if (!TryDecide(envelope))
            {
                _isBlocked = !_setAside.IsEmpty;
                break;
            }

            _waiting.Dequeue();
        }

        return TakeUnfinished();
    }

    /// <summary>More days may be opened.</summary>
    public void Open(OpenDays open) => (_open, DayWanted) = (open, null);

    /// <summary>The answers of a turn that ended by an exception; none after one that ended well.</summary>
    public List<Answer> TakeUnfinished()
    {
        (var answers, _answers) = (_answers, []);
        return answers;
    }

    /// <summary>
    /// Recoveries sent when the day opened may have been set aside and given up since, or lost with the partition's
    /// memory. They are sent again on the same day: on the next their records would have another known date.
    /// </summary>
    public void TellClaimsAgain() => _mustTellClaims = true;

    /// <summary>Called by the writer for each event it wrote.</summary>
    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes) => _state.Count(_student, e, _known, bytes);

    private void LoadStudents()
    {
        foreach (var envelope in _waiting)
        {
            if (_state.Prefetch.Count == _limits.Commands)
                break;
            if (envelope.Command is { } command)
                _state.Prefetch.Add(command.Student);
        }

        _state.Prefetch.Load();
    }

    /// <summary>Goes on with the students whose records have come.</summary>
    private void Resume()
    {
        while (!IsFull && _setAside.TryTakeReady(out var student))
        {
            _readBack.Student = student;
            if (Resume(student))
                _setAside.Remove(student.Student);
            _readBack.Student = null;
        }
    }

    /// <summary>False when more has to be read, or the turn is full.</summary>
    private bool Resume(SetAsideStudent waiting)
    {
        // Tried again while a full turn had left commands.
        if (waiting.Request is not null)
            return false;
        if (waiting.Result is { } result && (result.Fault is not null || result.Student is not null))
            EndRestart(waiting, result);
        waiting.Result = null;

        // A due date that was set aside comes before the commands (T6).
        if (_state.Find(waiting.Student) is { } student && student.NextDueOn <= _state.Day && !Fire(student))
            return false;
        while (waiting.Commands.TryPeek(out var envelope))
        {
            if (IsFull)
            {
                _setAside.ResumeLater(waiting);
                return false;
            }

            if (!Decide(envelope.Command!, envelope.ReplyTo))
                return false;
            _setAside.Decided(waiting);
            if (_state.Find(waiting.Student) is { } decided && decided.NextDueOn <= _state.Day && !Fire(decided))
                return false;
        }

        return true;
    }

    private bool TryDecide(in Envelope envelope)
    {
        if (envelope.Command is not { } command)
            return TryMark(envelope);
        if (!CommandBounds.IsDay(command.Known))
        {
            // It would take the partition to a day from which no later command could bring it back.
            Answer(envelope.ReplyTo, command, Outcome.Stale, Reason.DateOutOfBounds);
            return true;
        }

        if (command.Known > _state.Day && !TryOpenDays(command.Known))
            return false;
        DecideOrSetAside(command, envelope.ReplyTo);
        return true;
    }

    /// <summary>False when records have to be read first; the student's commands are set aside from then on.</summary>
    private bool Fire(StudentActor student)
    {
        if (student.IsQuarantined)
            return true;
        _fired++;
        try
        {
            Begin(student, _state.Day);
            if (_conversation.Fire(student, _state.Day) == ConversationEnd.NeedsRecords)
            {
                Read(student.Id, _conversation.Needs);
                return false;
            }

            if (_conversation.Events.Count == 0)
                throw new InvalidOperationException(
                    $"student {student.Id} has a deadline on {student.NextDueOn} and nothing falls due");
            Finish(RecordHeader.Due(student.Id, _state.Day));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A deadline that cannot be decided would come back without end: the student goes out of service.
            _state.Retire(student);
            _state.Quarantine(student, $"deadline of {_state.Day:yyyy-MM-dd}: {e.Message}");
        }

        return true;
    }

    private void DecideOrSetAside(Command command, IReplyTo replyTo)
    {
        if (_setAside.Has(command.Student) || !Decide(command, replyTo))
            _setAside.Add(new Envelope(command, CommandKind.None, default, replyTo));
        else if (_state.Find(command.Student) is { } student && student.NextDueOn <= _state.Day)
            Fire(student); // What was learnt late may have a deadline that has passed already.
    }

    /// <summary>False when records have to be read first: the command is not decided.</summary>
    private bool Decide(Command command, IReplyTo replyTo)
    {
        var student = _state.Find(command.Student);
        var isNew = command is not Query && student?.Receipts.TryFind(command.Id, out _) != true;
        if (isNew && student is not { IsQuarantined: true })
        {
            if (command.Known < _state.Day)
            {
                Answer(replyTo, command, Outcome.Stale);
                return true;
            }

            student ??= _state.Student(command.Student);
        }

        student ??= new StudentActor(command.Student);

        // T6: what fell due comes before what the day brings.
        if (student.NextDueOn <= _state.Day && !Fire(student))
            return false;
        if (student.IsQuarantined)
        {
            Answer(replyTo, command, Outcome.Quarantined);
            return true;
        }

        try
        {
            Begin(student, command.Known);
            switch (_conversation.Decide(student, command))
            {
                case ConversationEnd.NeedsRecords:
                    Read(student.Id, _conversation.Needs);
                    return false;
                case ConversationEnd.Decided when _conversation.Outcome != Outcome.Answered:
                    Finish(
                        RecordHeader.Of(
                            command, _conversation.Fingerprint, _conversation.Outcome, _conversation.Reason));
                    break;
            }

            Answer(replyTo, command, _conversation.Outcome, _conversation.Reason, _conversation.Answer);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The aggregate's state is thrown away and replayed, and nothing of the command remains.
            _state.Retire(student);
            Read(student.Id, [], command);
            return false;
        }
    }

    /// <summary>A student whose history was read comes back; one whose records cannot be read does not.</summary>
    private void EndRestart(SetAsideStudent waiting, ReadResult result)
    {
        var command = waiting.Commands.TryPeek(out var first) ? first.Command : null;
        if (result.Student is { } replayed)
            _state.Replace(replayed);
        else
            Quarantine(
                _state.Student(waiting.Student), result, result.Request.IsOfWholeStudent ? waiting.Failed : command);
        if (command is not null && command == waiting.Failed)
        {
            Answer(first.ReplyTo, command, result.Student is null ? Outcome.Quarantined : Outcome.Failed);
            _setAside.Decided(waiting);
        }

        waiting.Failed = null;
    }

    private void Quarantine(StudentActor student, ReadResult result, Command? undecided)
    {
        if (!result.Request.IsOfWholeStudent)
            _state.RetireWhole(student);
        _state.Quarantine(
            student, $"{(undecided is null ? "the student" : $"{undecided.Id}")} cannot be decided: {result.Fault}");
    }

    private void Read(StudentId student, IReadOnlyList<Need> needs, Command? failed = null) =>
        _setAside.Wait(student, new ReadRequest(_incarnation, student, [.. needs]), failed);

    private void Begin(StudentActor student, DateOnly known)
    {
        (_student, _known) = (student, known);
        _state.Begin(student);
    }

    private void Finish(in RecordHeader header)
    {
        var writer = _writer.Of(_state.BucketOf(header.Student).Index);
        _state.Place = (_writer.FirstRecord, writer.Length, header.Id.Reference);
        writer.Append(header, CollectionsMarshal.AsSpan(_conversation.Events), this);
        _state.Book(_student, header);

        // A claim that was read is as it was before this record.
        _readBack.Student?.Forget();
    }

    private void Answer(
        IReplyTo replyTo, Command command, Outcome outcome, Reason reason = Reason.None, object? answer = null) =>
        _answers.Add(new Answer(replyTo, command.Student, new Reply(command.Id, outcome, reason, answer)));
}
