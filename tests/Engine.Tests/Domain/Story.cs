using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Domain;

/// <summary>
/// One student's story as given, when, then: given earlier commands, when one happens, then these events follow. The
/// aggregate decides as in a partition: what fell due by the day comes first (T6). No claim is passivated, so that each
/// can be inspected.
/// </summary>
internal sealed class Story : IApplier, IReadBack
{
    private readonly ListeningLogic _logic;
    private readonly Conversation _conversation;
    private readonly List<Event> _fallen = [];
    private List<Event> _events = [];

    public Story(Rulebook? rules = null)
    {
        _logic = new ListeningLogic(new AmoeLogic(rules ?? Rulebook.Embedded));
        _conversation = new Conversation(_logic, this, this);
    }

    public StudentAggregate Student { get; } = new(Say.Student);

    public IReadOnlyDictionary<ulong, Claim> Claims => Student.OpenClaims.ToArray().ToDictionary(claim => claim.Number);

    /// <summary>The student's claims, as a decider asks for them.</summary>
    public ISiblings Siblings
    {
        get
        {
            var siblings = new Siblings(this);
            siblings.Begin(Student);
            return siblings;
        }
    }

    /// <summary>The latest day the calendar has opened.</summary>
    public DateOnly Today { get; private set; }

    public Outcome Outcome { get; private set; }

    public Reason Reason { get; private set; }

    /// <summary>All changes of coverage that claims were notified of.</summary>
    public IReadOnlyList<CoverageChanged> EverNotified => _logic.EverNotified;

    public object? Answer { get; private set; }

    /// <summary>What the last command led to.</summary>
    public IReadOnlyList<Event> Events => _events;

    public Insurance Insurance =>
        Student.Insurance ?? throw new InvalidOperationException("the story's student has nothing of the insured");

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
        _logic.Messages.Clear();
        Assert.Equal(ConversationEnd.Decided, _conversation.Decide(Student, command));
        (Outcome, Reason, Answer) = (_conversation.Outcome, _conversation.Reason, _conversation.Answer);
        _events = [.. _conversation.Events];
        FireUntil(command.Known);
        return this;
    }

    /// <summary>The calendar opens every day up to this one.</summary>
    public Story Until(string day)
    {
        _fallen.Clear();
        _logic.Messages.Clear();
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
        Assert.Equal(reason, Assert.IsType<CommandRefused>(Assert.Single(_events)).Reason);
        return this;
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

    /// <summary>
    /// The days for which the student's claims were notified of a change of coverage; without a last day, to the end of
    /// time.
    /// </summary>
    public Story ThenClaimsAreNotified(string from, string? until = null)
    {
        Assert.Equal([new CoverageChanged(Say.Day(from), Say.MaybeDay(until) ?? DateOnly.MaxValue)], _logic.Messages);
        return this;
    }

    public Story ThenClaimsAreNotifiedNothing()
    {
        Assert.Empty(_logic.Messages);
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

    /// <summary>The claims are notified that the student's coverage on these days has changed.</summary>
    public Story WhenClaimsLearn(string from, string until)
    {
        _logic.Inject = new CoverageChanged(Say.Day(from), Say.Day(until));
        Fire(Today);
        _events = [.. _conversation.Events];
        return this;
    }

    void IApplier.Apply(StudentAggregate aggregate, Claim? claim, Event e) => aggregate.Apply(e, claim, _logic);

    Claim? IReadBack.Find(StudentId student, in PassivatedClaim claim) =>
        throw new InvalidOperationException("a story passivates no claim");

    bool IReadBack.TryFindRevised(StudentId student, CommandId command, out ClaimsRevised? revised) =>
        throw new InvalidOperationException("a story repeats no command");

    private void Fire(DateOnly day) => Assert.Equal(ConversationEnd.Decided, _conversation.Fire(Student, day));

    /// <summary>
    /// Day by day, as the calendar does; a deadline at which nothing falls due, or which stays, is an error.
    /// </summary>
    private void FireUntil(DateOnly day)
    {
        Today = day > Today ? day : Today;
        while (Student.NextDeadline is var next && next <= day)
        {
            Fire(next);
            Assert.NotEmpty(_conversation.Events);
            _fallen.AddRange(_conversation.Events);
            Assert.True(Student.NextDeadline > next, $"the deadline of {next} stays due");
        }
    }
}
