using System.Runtime.InteropServices;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// Decides the messages of one turn: finds the actor, answers what was answered before, fires deadlines first (T6), decides, evolves, and
/// writes the record. An exception in an actor refuses that command, restarts that actor and touches no other.
/// </summary>
internal sealed class TurnDecider(
    ShardState state, IActorLogic logic, SegmentWriter writer, EngineOptions options, IActorHistory history, Queue<Envelope> waiting, Inbox? inbox = null) : IEventSink
{
    private readonly Decision _decision = new();
    private readonly List<Event> _events = [];
    private readonly Queue<Message> _messages = new();
    private readonly Queue<CoverageChanged> _changes = new();
    private readonly ClaimActors _claims = new(state, history);
    private List<Answer> _answers = [];
    private StudentCell _cell = null!;
    private DateOnly _known;
    private int _fired;
    private int _touched;

    /// <summary>True while deadlines of the open day, or messages behind them, wait for the next turn.</summary>
    public bool HasBacklog => waiting.Count > 0 || state.Calendar.HasDue(state.Day);

    /// <summary>The answers of the turn, or of as much of it as was decided before the store failed.</summary>
    public IReadOnlyList<Answer> Answers => _answers;

    /// <summary>Decides what waits, in order, until it is done or a day has to wait for its deadlines. Returns the answers.</summary>
    /// <exception cref="JournalUnavailableException">A history is needed and cannot be read now: the state is half-changed.</exception>
    public List<Answer> DecideWaiting()
    {
        _answers = new List<Answer>(waiting.Count);
        _fired = 0;
        TouchCells();
        FireDeadlines();
        while (waiting.TryPeek(out var envelope) && TryDecide(envelope))
            waiting.Dequeue();
        return _answers;
    }

    /// <summary>
    /// Looks every student up once before any is decided: these look-ups do not depend on each other, so the processor waits for memory
    /// for many at a time, where deciding one after the other waits for each.
    /// </summary>
    private void TouchCells()
    {
        foreach (var envelope in waiting)
        {
            if (envelope.Command is { } command)
                _touched += state.Cells.Find(command.Student)?.Touch() ?? 0;
        }
    }

    /// <summary>Called by the writer for each event it wrote.</summary>
    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes) => state.Count(_cell, e, _known, bytes);

    private bool TryDecide(in Envelope envelope)
    {
        if (envelope.Command is not { } command)
            return TryMark(envelope);
        if (!CommandBounds.IsDay(command.Known))
        {
            // It would take the shard to a day from which no later command could bring it back.
            Answer(envelope.ReplyTo, command, Outcome.Stale, Reason.DateOutOfBounds);
            return true;
        }

        if (command.Known > state.Day && !TryOpenDays(command.Known))
            return false;
        Decide(command, envelope.ReplyTo);
        return true;
    }

    private bool TryMark(in Envelope envelope)
    {
        if (envelope.Day > state.Day && !TryOpenDays(envelope.Day))
            return false;
        if (envelope.Mark == CommandKind.CloseDay && envelope.Day > state.LastClosed)
        {
            // A day closes only when all that fell due in it has been fired.
            if (state.Calendar.HasDue(state.Day))
                return false;
            Write(RecordHeader.Mark(CommandKind.CloseDay, envelope.Day));
        }

        _answers.Add(new Answer(envelope.ReplyTo, default, new Reply(new CommandId(envelope.Mark, 0), Outcome.Done)));
        return true;
    }

    /// <summary>Opens the days up to one, one by one; false when deadlines of an earlier day must be fired first, in another turn.</summary>
    private bool TryOpenDays(DateOnly day)
    {
        while (state.Day < day)
        {
            if (state.Calendar.HasDue(state.Day))
                return false;
            Write(RecordHeader.Mark(CommandKind.OpenDay, state.Day == default ? day : state.Day.AddDays(1)));
            FireDeadlines();
            OpenInbox();
        }

        return true;
    }

    /// <summary>What crosses shards arrives when a day opens: after what fell due (T6), before what the day brings.</summary>
    private void OpenInbox()
    {
        if (state.Ledgers is { } ledgers)
            inbox?.TakePostings(state, ledgers, writer);
        foreach (var letter in inbox?.Letters(state.Day) ?? [])
        {
            var command = letter.ToCommand(state.Day);
            if (!IsKnown(command))
                Decide(command, Nobody.Waits);
        }
    }

    private void Write(in RecordHeader header)
    {
        writer.Append(header, [], null);
        state.Book(null, header);
    }

    private void FireDeadlines()
    {
        while (_fired < options.TurnDeadlinesMax && state.Calendar.TryTake(state.Day, out var student))
        {
            if (state.Cells.Find(student) is { } cell)
                Fire(cell);
        }
    }

    private void Fire(StudentCell cell)
    {
        if (cell.LooksAgainOn > state.Day || cell.IsQuarantined)
            return;
        _fired++;
        try
        {
            Begin(cell, state.Day);
            logic.FireDue(cell, state.Day, _decision);
            Converse(cell);
            var header = RecordHeader.Due(cell.Id, state.Day);
            if (_events.Count > 0)
                Finish(header);
            else
                throw new InvalidOperationException($"student {cell.Id} has a deadline on {cell.LooksAgainOn} and nothing falls due");
        }
        catch (Exception e) when (IsTheActors(e))
        {
            // A deadline that cannot be decided would come back for ever: the student is taken out of service and named.
            state.Quarantine(cell, $"deadline of {state.Day:yyyy-MM-dd}: {e.Message}");
        }
    }

    private void Decide(Command command, IReplyTo replyTo)
    {
        if (command.Known < state.Day && command is not Query && !IsKnown(command))
        {
            Answer(replyTo, command, Outcome.Stale);
            return;
        }

        var cell = command is Query ? state.Cells.Find(command.Student) ?? new StudentCell(command.Student) : state.Cell(command.Student);
        if (cell.IsQuarantined)
        {
            Answer(replyTo, command, Outcome.Quarantined);
            return;
        }

        var fingerprint = command is Query ? 0 : command.Fingerprint();
        if (command is not Query && cell.Receipts.TryFind(command.Id, out var receipt))
        {
            AnswerAgain(cell, command, receipt, fingerprint, replyTo);
            return;
        }

        // T6: what fell due comes before what the day brings.
        if (cell.LooksAgainOn <= state.Day)
            Fire(cell);
        try
        {
            Begin(cell, command.Known);
            Execute(cell, command);
            Conclude(cell, command, fingerprint, replyTo);
        }
        catch (Exception e) when (IsTheActors(e))
        {
            Restart(cell, command, replyTo);
            return;
        }

        // What was learnt late may have a deadline that has passed already.
        if (cell.LooksAgainOn <= state.Day)
            Fire(cell);
    }

    /// <summary>As the first time, to the last claim it named: whoever lost that answer has no other place to learn it from.</summary>
    private void AnswerAgain(StudentCell cell, Command command, in Receipt receipt, uint fingerprint, IReplyTo replyTo)
    {
        if (receipt.Fingerprint != fingerprint)
        {
            Answer(replyTo, command, Outcome.Conflict);
            return;
        }

        try
        {
            var mayHaveRevised = receipt.Outcome != Outcome.Refused && ClaimsRevised.MayAnswer(command.Kind) && cell.HasClaims;
            var revised = mayHaveRevised ? history.LoadRevised(cell.Id, command.Id) : null;
            Answer(replyTo, command, receipt.Outcome, receipt.Reason, revised);
        }
        catch (Exception e) when (IsTheActors(e))
        {
            Restart(cell, command, replyTo);
        }
    }

    private void Conclude(StudentCell cell, Command command, uint fingerprint, IReplyTo replyTo)
    {
        var (outcome, reason, answer) = (_decision.Outcome, _decision.Reason, _decision.Answer);
        if (outcome is Outcome.Answered)
        {
            state.OpenClaimCount -= cell.Compact();
            if (cell.IsBlank)
                state.Replace(cell);
        }
        else
        {
            Finish(RecordHeader.Of(command, fingerprint, outcome, reason));
            answer = ClaimsRevised.Of(command.Kind, _events);
        }

        Answer(replyTo, command, outcome, reason, answer);
    }

    private bool IsKnown(Command command) =>
        state.Cells.Find(command.Student) is { } cell && cell.Receipts.TryFind(command.Id, out _);

    private void Begin(StudentCell cell, DateOnly known)
    {
        _cell = cell;
        _known = known;
        _events.Clear();
        _messages.Clear();
        _changes.Clear();
        _decision.Clear();
        state.Begin(cell);
        _claims.Begin(cell);
    }

    private void Execute(StudentCell cell, Command command)
    {
        switch (command)
        {
            case not Query when logic.WhyNot(command) is var reason and not Reason.None:
                _decision.Refuse(reason);
                break;
            case DepositClaim deposit when _claims.Find(deposit.Claim) is null:
                logic.Admit(cell, deposit, _decision);
                break;
            case ClaimCommand c when _claims.Find(c.Claim) is { } claim:
                logic.Decide(claim, c, _claims, _decision);
                break;
            case ClaimCommand:
                _decision.Refuse(cell.IsKnown ? Reason.ClaimUnknown : Reason.StudentUnknown);
                break;
            case AskClaim q:
                _decision.Reply(ClaimAnswer.Of(_claims.Find(q.Claim)));
                break;
            default:
                logic.Decide(cell, command, _decision);
                break;
        }

        Converse(cell);
    }

    /// <summary>
    /// The student and his claims speak until nobody has anything to say. What he learnt late he then tells each claim it may matter to, in the order
    /// of their numbers (S5), and each has had its answer before the next is told.
    /// </summary>
    private void Converse(StudentCell cell)
    {
        DeliverAll(cell);
        while (_changes.TryDequeue(out var changed))
        {
            foreach (var number in _claims.NumbersOf(changed))
            {
                logic.Decide(_claims.Find(number)!, changed, _decision);
                DeliverAll(cell);
            }
        }
    }

    private void DeliverAll(StudentCell cell)
    {
        Absorb();
        while (_messages.TryDequeue(out var message))
            Deliver(cell, message);
    }

    /// <summary>Messages between a student and his claims are delivered in the same turn, each deciding on the state the one before left.</summary>
    private void Deliver(StudentCell cell, Message message)
    {
        switch (message)
        {
            case CheckCoverage question:
                logic.Decide(cell, question, _claims, _decision);
                break;
            case CoverageAnswer answer when cell.FindOpen(answer.Claim) is { } claim:
                logic.Decide(claim, answer, _decision);
                break;
            case CoverageChanged changed:
                _changes.Enqueue(changed);
                break;
            default:
                throw new InvalidOperationException($"nobody takes {message.GetType().Name} of claim {message.Claim}");
        }

        Absorb();
    }

    /// <summary>Applies what was decided and keeps it for the record.</summary>
    private void Absorb()
    {
        var events = _decision.Events;
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is ClaimEvent c && _claims.RecallBefore(c) is { } recalled)
                Apply(recalled);
            Apply(events[i]);
        }

        var messages = _decision.Messages;
        for (var i = 0; i < messages.Count; i++)
            _messages.Enqueue(messages[i]);
        _decision.Taken();
    }

    private void Apply(Event e)
    {
        state.Evolve(_cell, e, state.Offset);
        _events.Add(e);
    }

    private void Finish(in RecordHeader header)
    {
        writer.Append(header, CollectionsMarshal.AsSpan(_events), this);
        state.Book(_cell, header);
    }

    /// <summary>The actor threw: its state is thrown away and replayed, nothing of the command stands.</summary>
    private void Restart(StudentCell cell, Command command, IReplyTo replyTo)
    {
        state.OpenClaimCount -= cell.OpenClaims.Length;
        try
        {
            var fresh = history.Rebuild(cell.Id);
            state.OpenClaimCount += fresh.OpenClaims.Length;
            state.Replace(fresh);
            Answer(replyTo, command, Outcome.Failed);
        }
        catch (Exception e) when (IsTheActors(e))
        {
            state.Quarantine(cell, $"restart after {command.Id}: {e.Message}");
            Answer(replyTo, command, Outcome.Quarantined);
        }
    }

    // A store that does not answer is no actor's fault: the whole turn waits until it does.
    private static bool IsTheActors(Exception e) => e is not (OutOfMemoryException or JournalUnavailableException);

    private void Answer(IReplyTo replyTo, Command command, Outcome outcome, Reason reason = Reason.None, object? answer = null) =>
        _answers.Add(new Answer(replyTo, command.Student, new Reply(command.Id, outcome, reason, answer)));
}
