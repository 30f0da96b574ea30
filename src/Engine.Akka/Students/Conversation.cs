using Akka.Actor;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka.Students;

/// <summary>
/// What a student and his claims say to each other about one command, or about what fell due: who still has to be heard, and what was decided so far. It ends
/// as one record.
/// </summary>
internal sealed class Conversation(Command? command, DateOnly day)
{
    private readonly List<Event> _events = [];

    /// <summary>What is decided about; null for what fell due.</summary>
    public Command? Command { get; } = command;

    /// <summary>The day that is open.</summary>
    public DateOnly Day { get; } = day;

    /// <summary>Passed from decider to decider: what it amounts to in the end is the last word of any of them.</summary>
    public Decision Decision { get; } = new();

    /// <summary>In the order in which they were decided.</summary>
    public IReadOnlyList<Event> Events => _events;

    public Queue<Message> Messages { get; } = new();

    /// <summary>What the student learnt late and has yet to tell his claims.</summary>
    public Queue<CoverageChanged> Changes { get; } = new();

    /// <summary>The change that claims are being told of, and which of them still are to be.</summary>
    public (CoverageChanged What, Queue<ulong> Claims)? Telling { get; set; }

    public void Add(Event e) => _events.Add(e);

    /// <exception cref="InvalidOperationException">Nothing fell due, and somebody said that something would.</exception>
    public RecordHeader Header(StudentId student) => Command is { } c
        ? RecordHeader.Of(c, c.Fingerprint(), Decision.Outcome, Decision.Reason)
        : RecordHeader.Due(student, Day);

    /// <summary>The claims that something was decided of, in no order that means anything.</summary>
    public static IEnumerable<IGrouping<ulong, Event>> ByClaim(IEnumerable<Event> events) => events.OfType<ClaimEvent>().GroupBy(e => e.Claim, e => (Event)e);
}

/// <summary>Who waits for the answer to a command.</summary>
internal readonly record struct Asker(IActorRef Ref, long Ticket);
