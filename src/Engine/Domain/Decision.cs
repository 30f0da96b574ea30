namespace Amoe.Engine.Domain;

/// <summary>
/// The answer of a decider: events, or a refusal, and messages to other actors. A collector that is reused, so that
/// deciding allocates nothing but the events.
/// </summary>
public sealed class Decision
{
    private readonly List<Event> _events = [];
    private readonly List<Message> _messages = [];

    public IReadOnlyList<Event> Events => _events;

    public IReadOnlyList<Message> Messages => _messages;

    public Outcome Outcome { get; private set; } = Outcome.Done;

    public Reason Reason { get; private set; }

    public object? Answer { get; private set; }

    public void Emit(Event e) => _events.Add(e);

    /// <summary>Sends a message to another actor of the same student once this decision's events are applied.</summary>
    public void Send(Message message) => _messages.Add(message);

    /// <summary>Says what the events amount to, where it is more than <see cref="Outcome.Done"/>.</summary>
    public void Conclude(Outcome outcome, Reason reason = Reason.None) => (Outcome, Reason) = (outcome, reason);

    /// <summary>Refuses the command: no event but the refusal itself.</summary>
    public void Refuse(Reason reason)
    {
        _events.Clear();
        _messages.Clear();
        _events.Add(Refusal(reason));
        Conclude(Outcome.Refused, reason);
    }

    /// <summary>Says of which value of the command its refusal speaks.</summary>
    internal void Specify(CommandField field, long value) => _events[0] = new CommandRefused(Reason, field, value);

    public void Reply(object answer)
    {
        Answer = answer;
        Conclude(Outcome.Answered);
    }

    public void Clear()
    {
        _events.Clear();
        _messages.Clear();
        Answer = null;
        Conclude(Outcome.Done);
    }

    /// <summary>
    /// Forgets events and messages that were taken over; what they were concluded to amount to stays.
    /// </summary>
    internal void Taken()
    {
        _events.Clear();
        _messages.Clear();
    }

    private static CommandRefused Refusal(Reason reason) => Refusals[(int)reason] ??= new CommandRefused(reason);

    private static readonly CommandRefused?[] Refusals = new CommandRefused?[256];
}

/// <summary>
/// A message from one actor to another of the same student. It is not journalled; the events it leads to are.
/// </summary>
/// <param name="Claim">The claim it comes from or goes to.</param>
public abstract record Message(ulong Claim);
