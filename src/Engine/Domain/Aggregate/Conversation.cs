using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Domain.Aggregate;

/// <summary>How a conversation ended.</summary>
internal enum ConversationEnd : byte
{
    /// <summary>It is decided, and its events are applied.</summary>
    Decided = 0,

    /// <summary>The command was decided before; nothing changed, and the first answer applies.</summary>
    Repeated = 1,

    /// <summary>It cannot be decided before <see cref="Conversation.Needs"/> are read; nothing changed.</summary>
    NeedsRecords = 2,
}

/// <summary>Applies the events of a conversation to their aggregate, in order.</summary>
internal interface IApplier
{
    /// <param name="claim">The claim an event is about; null for an event of the student.</param>
    void Apply(StudentAggregate aggregate, Claim? claim, Event e);
}

/// <summary>
/// Decides one command or one due date of an aggregate. The student and his claims exchange messages until none is
/// left, each deciding on the state the one before left. What needs a passivated claim that was not read is taken back
/// whole, and decided anew once it was.
/// </summary>
/// <remarks>
/// Used again from command to command. An exception of the logic leaves the aggregate half-changed, and the host
/// restores it.
/// </remarks>
internal sealed class Conversation(IActorLogic logic, IReadBack readBack, IApplier applier)
{
    private readonly Decision _decision = new();
    private readonly List<Event> _events = [];
    private readonly Queue<Message> _messages = new();
    private readonly Queue<LateTruth> _learnt = new();
    private readonly Siblings _siblings = new(readBack);
    private readonly Savepoint _savepoint = new();
    private StudentAggregate _aggregate = null!;
    private bool _mayNeedRecords;
    private bool _isTellingClaims;
    private Need? _needsAnswer;

    /// <summary>What was decided, in order; empty where nothing was.</summary>
    public List<Event> Events => _events;

    public Outcome Outcome { get; private set; }

    public Reason Reason { get; private set; }

    public object? Answer { get; private set; }

    /// <summary>Of the command's content.</summary>
    public uint Fingerprint { get; private set; }

    /// <summary>What has to be read first, where the end is <see cref="ConversationEnd.NeedsRecords"/>.</summary>
    public IReadOnlyList<Need> Needs => _needsAnswer is { } need ? [need] : _siblings.Needs;

    /// <summary>Decides a command, or finds its first answer.</summary>
    public ConversationEnd Decide(StudentAggregate aggregate, Command command)
    {
        Fingerprint = command is Query ? 0 : command.Fingerprint();
        if (command is not Query && aggregate.Receipts.TryFind(command.Id, out var receipt))
            return Repeat(aggregate, command, receipt);
        var end = Converse(aggregate, command, default);
        if (end == ConversationEnd.Decided && Outcome != Outcome.Answered)
            Answer = ClaimsRevised.Of(command.Id, _events);
        else if (command is Query)
            aggregate.Passivate();
        return end;
    }

    /// <summary>Decides what has fallen due for a student by a day.</summary>
    public ConversationEnd Fire(StudentAggregate aggregate, DateOnly day) => Converse(aggregate, null, day);

    /// <summary>
    /// The first answer again, to the last claim it named: a sender that lost it has no other place to learn it from.
    /// </summary>
    private ConversationEnd Repeat(StudentAggregate aggregate, Command command, in Receipt receipt)
    {
        (Outcome, Reason, Answer, _needsAnswer) = (receipt.Outcome, receipt.Reason, null, null);
        _events.Clear();
        if (receipt.Fingerprint != Fingerprint)
        {
            (Outcome, Reason) = (Outcome.Conflict, Reason.None);
            return ConversationEnd.Repeated;
        }

        if (receipt.Outcome == Outcome.Refused
            || !ClaimsRevised.MayAnswer(command.Kind)
            || !aggregate.MayHaveRevised(command))
            return ConversationEnd.Repeated;
        if (!readBack.TryFindRevised(aggregate.Id, command.Id, out var revised))
        {
            _needsAnswer = Need.Of(command.Id);
            return ConversationEnd.NeedsRecords;
        }

        Answer = revised;
        return ConversationEnd.Repeated;
    }

    /// <param name="command">Null to fire what is due by a day.</param>
    private ConversationEnd Converse(StudentAggregate aggregate, Command? command, DateOnly day)
    {
        Begin(aggregate);
        try
        {
            if (command is not null)
                Execute(command);
            else
                logic.FireDue(aggregate, day, _decision);
            DeliverAll();
            TellClaims();
        }
        catch (Exception e) when (e is not OutOfMemoryException && _siblings.Needs.Count > 0)
        {
            // Decided without what it asked for: it does not count.
        }

        if (_siblings.Needs.Count > 0)
        {
            _savepoint.RollBack();
            _events.Clear();
            return ConversationEnd.NeedsRecords;
        }

        (Outcome, Reason, Answer) = (_decision.Outcome, _decision.Reason, _decision.Answer);
        return ConversationEnd.Decided;
    }

    private void Begin(StudentAggregate aggregate)
    {
        _aggregate = aggregate;
        _needsAnswer = null;
        _events.Clear();
        _messages.Clear();
        _learnt.Clear();
        _decision.Clear();
        _siblings.Begin(aggregate);
        _savepoint.Begin(aggregate);
        (_mayNeedRecords, _isTellingClaims) = (!aggregate.PassivatedClaims.IsEmpty, false);
    }

    private void Execute(Command command)
    {
        switch (command)
        {
            case not Query when logic.Validate(command) is var reason and not Reason.None:
                _decision.Refuse(reason);
                break;
            case DepositClaim deposit when _siblings.Find(deposit.Claim) is null:
                logic.Admit(_aggregate, deposit, _decision);
                break;
            case ClaimCommand c when _siblings.Find(c.Claim) is { } claim:
                logic.Decide(claim, c, _siblings, _decision);
                break;
            case ClaimCommand:
                _decision.Refuse(_aggregate.IsKnown ? Reason.ClaimUnknown : Reason.StudentUnknown);
                break;
            case AskClaim q:
                _decision.Reply(ClaimAnswer.Of(_siblings.Find(q.Claim)));
                break;
            case AskStudent q:
                _decision.Reply(StudentAnswer.Of(_aggregate, q.Claim == 0 ? null : _siblings.Find(q.Claim), q.Known));
                break;
            default:
                logic.Decide(_aggregate, command, _decision);
                break;
        }

        if (_decision.Outcome == Outcome.Refused
            && RefusedValue.Of(command, _decision.Reason) is { Field: not CommandField.None } value)
            _decision.Specify(value.Field, value.Value);
    }

    /// <summary>
    /// What was learnt late is sent to each claim it may matter to, in the order of their numbers (S5), and each has
    /// had its answer before the next is notified.
    /// </summary>
    private void TellClaims()
    {
        while (_learnt.TryDequeue(out var learnt))
        {
            _isTellingClaims = true;
            foreach (var number in _siblings.NumbersOf(learnt))
            {
                if (_siblings.Needs.Count > 0 || _siblings.Find(number) is not { } claim)
                    return;
                logic.Decide(claim, learnt, _decision);
                DeliverAll();
            }
        }
    }

    private void DeliverAll()
    {
        Absorb();
        while (_siblings.Needs.Count == 0 && _messages.TryDequeue(out var message))
        {
            Deliver(message);
            Absorb();
        }
    }

    /// <summary>Messages between a student and his claims are delivered within the command.</summary>
    private void Deliver(Message message)
    {
        switch (message)
        {
            case CheckCoverage question:
                logic.Decide(_aggregate, question, _siblings, _decision);
                break;
            case CoverageAnswer answer when _aggregate.FindOpen(answer.Claim) is { } claim:
                logic.Decide(claim, answer, _decision);
                break;
            case LateTruth learnt:
                _learnt.Enqueue(learnt);
                break;
            default:
                throw new InvalidOperationException(
                    $"{message.GetType().Name} of claim {message.Claim} has no recipient");
        }
    }

    /// <summary>Applies what was decided and keeps it for the record.</summary>
    private void Absorb()
    {
        if (_siblings.Needs.Count > 0)
            return;
        var (events, messages) = (_decision.Events, _decision.Messages);
        for (var i = 0; i < messages.Count; i++)
            _messages.Enqueue(messages[i]);

        // With nothing left to say, nothing is left to ask for.
        var keep = _mayNeedRecords && (_messages.Count > 0 || _learnt.Count > 0 || _isTellingClaims);
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is ClaimEvent c && _siblings.RestatementBefore(c) is { } restated)
                Apply(restated, keep);
            Apply(events[i], keep);
        }

        _decision.Taken();
    }

    private void Apply(Event e, bool keep)
    {
        var claim = _aggregate.ClaimOf(e);
        if (keep && e is not CommandRefused)
            _savepoint.Keep(claim);
        applier.Apply(_aggregate, claim, e);
        _events.Add(e);
    }
}
