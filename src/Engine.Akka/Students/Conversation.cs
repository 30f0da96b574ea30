using Akka.Actor;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka.Students;

/// <summary>
/// What a student and his claims say to each other about one command, or about what fell due: who still has to be heard, and what was decided so far. It ends
/// as one record.
/// </summary>
/// <param name="file">What the student knows: changed with each event.</param>
/// <param name="tell">Tells a claim's actor something.</param>
/// <param name="command">What is decided about; null for what fell due.</param>
/// <param name="day">The day that is open.</param>
internal sealed class Conversation(StudentFile file, IActorLogic logic, Action<ulong, object> tell, Command? command, DateOnly day)
{
    private readonly List<Event> _events = [];
    private readonly Queue<Message> _messages = new();

    // What the student learnt late and has yet to tell his claims; which change they are being told of, and which of them still are to be.
    private readonly Queue<CoverageChanged> _changes = new();
    private (CoverageChanged What, Queue<ulong> Claims)? _telling;

    public Command? Command => command;

    public DateOnly Day => day;

    /// <summary>Passed from decider to decider: what it amounts to in the end is the last word of any of them.</summary>
    public Decision Decision { get; } = new();

    /// <summary>In the order in which they were decided.</summary>
    public IReadOnlyList<Event> Events => _events;

    public RecordHeader Header(StudentId student) => command is { } c
        ? RecordHeader.Of(c, c.Fingerprint(), Decision.Outcome, Decision.Reason)
        : RecordHeader.Due(student, day);

    /// <summary>The claims that something was decided of, in no order that means anything.</summary>
    public static IEnumerable<IGrouping<ulong, Event>> ByClaim(IEnumerable<Event> events) => events.OfType<ClaimEvent>().GroupBy(e => e.Claim, e => (Event)e);

    /// <summary>Begins. True when it is over, false while a claim has the word.</summary>
    public bool Start()
    {
        switch (command)
        {
            case null:
                logic.FireDue(file.Cell, day, Decision);
                break;
            case not Query when logic.WhyNot(command) is var reason and not Reason.None:
                Decision.Refuse(reason);
                break;
            case DepositClaim deposit when file.Find(deposit.Claim) is null:
                logic.Admit(file.Cell, deposit, Decision);
                break;
            case ClaimCommand c when file.Find(c.Claim) is not null:
                return Say(c.Claim, c);
            case ClaimCommand:
                Decision.Refuse(file.Cell.IsKnown ? Reason.ClaimUnknown : Reason.StudentUnknown);
                break;
            case AskClaim q:
                Decision.Reply(ClaimAnswer.Of(file.Find(q.Claim)));
                break;
            default:
                logic.Decide(file.Cell, command, Decision);
                break;
        }

        return Heard();
    }

    /// <summary>
    /// Somebody has decided: goes on until nobody has anything to say. What the student learnt late he tells each claim it may matter to, in the order of their
    /// numbers (S5), and each has had its answer before the next is told.
    /// </summary>
    public bool Heard()
    {
        Absorb();
        while (true)
        {
            if (_messages.TryDequeue(out var message))
            {
                if (!Deliver(message))
                    return false;
            }
            else if (_telling is { } telling && telling.Claims.TryDequeue(out var claim))
            {
                return Say(claim, telling.What);
            }
            else if (_changes.TryDequeue(out var changed))
            {
                _telling = (changed, new Queue<ulong>(file.NumbersOf(changed)));
            }
            else
            {
                return true;
            }
        }
    }

    /// <summary>False while a claim has the word.</summary>
    private bool Deliver(Message message)
    {
        switch (message)
        {
            case CheckCoverage question:
                logic.Decide(file.Cell, question, file, Decision);
                Absorb();
                return true;
            case CoverageAnswer answer:
                return Say(answer.Claim, answer);
            case CoverageChanged changed:
                _changes.Enqueue(changed);
                return true;
            default:
                throw new InvalidOperationException($"nobody takes {message.GetType().Name} of claim {message.Claim}");
        }
    }

    private bool Say(ulong claim, object what)
    {
        tell(claim, new Hear(what, file, Decision));
        return false;
    }

    /// <summary>Applies what was decided, here and in the actors of the claims it is about, before anybody speaks again.</summary>
    private void Absorb()
    {
        var before = _events.Count;
        foreach (var e in Decision.Events)
        {
            if (e is ClaimEvent c && file.RecallBefore(c) is { } recalled)
                Apply(recalled);
            Apply(e);
        }

        foreach (var message in Decision.Messages)
            _messages.Enqueue(message);
        Decision.Taken();
        foreach (var claim in ByClaim(_events.Skip(before)))
            tell(claim.Key, new Evolved([.. claim]));
    }

    private void Apply(Event e)
    {
        file.Evolve(e);
        _events.Add(e);
    }
}

/// <summary>Who waits for the answer to a command.</summary>
internal readonly record struct Asker(IActorRef Ref, long Ticket);
