using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Domain;

/// <summary>
/// One student's story, told as the scheme tells it: given what happened before, when something happens, then these events follow. It decides
/// and evolves as a shard does: what fell due by the day comes first (T6), and a claim and its student exchange messages at once.
/// </summary>
internal sealed class Story(Rulebook? rules = null)
{
    private readonly Decision _decision = new();
    private readonly List<Event> _events = [];
    private readonly List<Event> _fallen = [];
    private readonly List<CoverageChanged> _told = [];
    private readonly List<CoverageChanged> _everTold = [];

    public Student Student { get; } = new(Say.Student);

    public Rulebook Rules { get; } = rules ?? Rulebook.Embedded;

    public Dictionary<ulong, Claim> Claims { get; } = [];

    /// <summary>The latest day the calendar has opened.</summary>
    public DateOnly Today { get; private set; }

    public Outcome Outcome { get; private set; }

    public Reason Reason { get; private set; }

    /// <summary>All that claims were told of changes of standing.</summary>
    public IReadOnlyList<CoverageChanged> EverTold => _everTold;

    public object? Answer { get; private set; }

    /// <summary>What the last command led to.</summary>
    public IReadOnlyList<Event> Events => _events;

    public Insurance Insurance => Student.Insurance ?? throw new InvalidOperationException("the story's student has nothing of the insured");

    /// <summary>What happened before; none of it may be refused.</summary>
    public Story Given(params Command[] commands)
    {
        foreach (var command in commands)
        {
            When(command);
            Assert.True(Reason is Reason.None or Reason.MissingItems or Reason.MedicalControlRefused, $"{command.Kind} was refused: {Reason}");
        }

        return this;
    }

    public Story When(Command command)
    {
        FireUntil(command.Known);
        _events.Clear();
        _told.Clear();
        Decide(command);
        (Outcome, Reason, Answer) = (_decision.Outcome, _decision.Reason, _decision.Answer);
        FireUntil(command.Known);
        return this;
    }

    /// <summary>The calendar opens every day up to this one.</summary>
    public Story Until(string day)
    {
        _fallen.Clear();
        _told.Clear();
        FireUntil(Say.Day(day));
        return this;
    }

    public Story Then(params Event[] expected)
    {
        Assert.Equal(expected, _events);
        return this;
    }

    public Story ThenNothing() => Then();

    public Story ThenRefused(Reason reason)
    {
        Assert.Equal((Outcome.Refused, reason), (Outcome, Reason));
        return Then(new CommandRefused(reason));
    }

    public Story ThenOutcome(Outcome outcome, Reason reason = Reason.None)
    {
        Assert.Equal((outcome, reason), (Outcome, Reason));
        return this;
    }

    /// <summary>What fell due since the last <see cref="Until"/>, or by the last command.</summary>
    public Story ThenFell(params Event[] expected)
    {
        Assert.Equal(expected, _fallen);
        _fallen.Clear();
        return this;
    }

    /// <summary>The days of which the student's claims were told that he does not stand where he stood; to the end of time where no last day is given.</summary>
    public Story ThenClaimsAreTold(string from, string? until = null)
    {
        Assert.Equal([new CoverageChanged(Say.Day(from), Say.MaybeDay(until) ?? DateOnly.MaxValue)], _told);
        return this;
    }

    public Story ThenClaimsAreToldNothing()
    {
        Assert.Empty(_told);
        return this;
    }

    public Story IsEntitledOn(params string[] days)
    {
        foreach (var day in days)
            Assert.Equal((day, Reason.None), (day, Entitlement.On(Student, Say.Day(day))));
        return this;
    }

    public Story IsNotEntitledOn(string day, Reason reason)
    {
        Assert.Equal((day, reason), (day, Entitlement.On(Student, Say.Day(day))));
        return this;
    }

    private void Decide(Command command)
    {
        _decision.Clear();
        switch (command)
        {
            case not Query when CommandBounds.WhyNot(command, Rules) is var reason and not Reason.None:
                _decision.Refuse(reason);
                break;
            case DepositClaim deposit when !Claims.ContainsKey(deposit.Claim):
                ClaimDecider.Admit(Student, deposit, Rules, _decision);
                break;
            case ClaimCommand c:
                ClaimDecider.Decide(Claims[c.Claim], c, Rules, _decision);
                break;
            default:
                StudentDecider.Decide(Student, command, Rules, _decision);
                break;
        }

        while (Absorb() is { Length: > 0 } messages)
            Deliver(messages);
    }

    private void Deliver(Message[] messages)
    {
        foreach (var message in messages)
        {
            if (message is CheckCoverage question)
                StudentDecider.Decide(Student, question, _decision);
            else if (message is CoverageChanged changed)
                Tell(changed);
            else
                ClaimDecider.Decide(Claims[message.Claim], (CoverageAnswer)message, Rules, _decision);
        }
    }

    private void Tell(CoverageChanged changed)
    {
        _told.Add(changed);
        _everTold.Add(changed);
    }

    private Message[] Absorb()
    {
        Message[] messages = [.. _decision.Messages];
        var (events, outcome, reason, answer) = (_decision.Events.ToArray(), _decision.Outcome, _decision.Reason, _decision.Answer);
        foreach (var e in events)
            Evolve(e);
        _events.AddRange(events);
        _decision.Clear();
        _decision.Conclude(outcome, reason);
        if (answer is not null)
            _decision.Reply(answer);
        return messages;
    }

    private void Evolve(Event e)
    {
        if (e is StudentEvent s)
        {
            StudentEvolver.Evolve(Student, s);
            return;
        }

        var c = (ClaimEvent)e;
        if (c is ClaimDeposited)
            Claims.Add(c.Claim, new Claim(c.Claim));
        ClaimEvolver.Evolve(Claims[c.Claim], c);
    }

    /// <summary>Day by day, as the calendar does; a deadline at which nothing falls due, or which stays, is an error.</summary>
    private void FireUntil(DateOnly day)
    {
        Today = day > Today ? day : Today;
        var due = new Decision();
        while (Student.NextDeadline is var next && next <= day)
        {
            due.Clear();
            Deadlines.Fire(Student, next, due);
            Assert.NotEmpty(due.Events);
            foreach (var changed in due.Messages.OfType<CoverageChanged>())
                Tell(changed);
            foreach (var e in due.Events)
            {
                StudentEvolver.Evolve(Student, (StudentEvent)e);
                _fallen.Add(e);
            }

            Assert.True(Student.NextDeadline > next, $"the deadline of {next} stays due");
        }
    }
}
