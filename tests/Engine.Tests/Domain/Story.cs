using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Domain;

/// <summary>
/// One student's story, told as the scheme tells it: given what happened before, when something happens, then these events follow. It decides
/// and evolves as a shard does: what fell due by the day comes first (T6), and a claim and its student exchange messages at once.
/// </summary>
internal sealed class Story(Rulebook? rules = null) : ISiblings
{
    private readonly Decision _decision = new();
    private readonly List<Event> _events = [];
    private readonly List<Event> _fallen = [];
    private readonly Queue<CoverageChanged> _changes = new();
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
            Assert.True(Outcome != Outcome.Refused, $"{command.Kind} was refused: {Reason}");
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

    /// <summary>The claims are told that the student's standing on these days is not what it was.</summary>
    public Story WhenClaimsLearn(string from, string until)
    {
        _events.Clear();
        _decision.Clear();
        _decision.Send(new CoverageChanged(Say.Day(from), Say.Day(until)));
        Converse(_events);
        return this;
    }

    public IEnumerable<Claim> Judged(ulong except, int provider, DateOnly from, DateOnly until) => Claims.Values.Where(claim =>
        claim.Number != except && claim.IsJudged && (provider == 0 || claim.Provider == provider)
        && claim.Lines.Any(line => from <= line.CareDate && line.CareDate <= until));

    public IEnumerable<Claim> Debtors(ulong except) => Claims.Values
        .Where(claim => claim.Number != except && claim.Way == ClaimWay.Reimbursement && claim.OverpaidCentimes > 0).OrderBy(claim => claim.Number);

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
                ClaimDecider.Decide(Claims[c.Claim], c, this, Rules, _decision);
                break;
            default:
                StudentDecider.Decide(Student, command, Rules, _decision);
                break;
        }

        Converse(_events);
    }

    private void Converse(List<Event> led)
    {
        DeliverAll(led);
        while (_changes.TryDequeue(out var changed))
        {
            foreach (var claim in Claims.Values.Where(claim => claim.IsJudged && claim.Lines.Any(line => changed.Covers(line.CareDate))).OrderBy(claim => claim.Number).ToArray())
            {
                ClaimDecider.Decide(claim, changed, Rules, _decision);
                DeliverAll(led);
            }
        }
    }

    private void DeliverAll(List<Event> led)
    {
        while (Absorb(led) is { Length: > 0 } messages)
        {
            foreach (var message in messages)
                Deliver(message);
        }
    }

    private void Deliver(Message message)
    {
        switch (message)
        {
            case CheckCoverage question:
                StudentDecider.Decide(Student, question, this, _decision);
                break;
            case CoverageChanged changed:
                _told.Add(changed);
                _everTold.Add(changed);
                _changes.Enqueue(changed);
                break;
            default:
                ClaimDecider.Decide(Claims[message.Claim], (CoverageAnswer)message, Rules, _decision);
                break;
        }
    }

    private Message[] Absorb(List<Event> led)
    {
        Message[] messages = [.. _decision.Messages];
        var (events, outcome, reason, answer) = (_decision.Events.ToArray(), _decision.Outcome, _decision.Reason, _decision.Answer);
        foreach (var e in events)
            Evolve(e);
        led.AddRange(events);
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
        while (Student.NextDeadline is var next && next <= day)
        {
            _decision.Clear();
            Deadlines.Fire(Student, next, _decision);
            Assert.NotEmpty(_decision.Events);
            Converse(_fallen);
            Assert.True(Student.NextDeadline > next, $"the deadline of {next} stays due");
        }
    }
}
