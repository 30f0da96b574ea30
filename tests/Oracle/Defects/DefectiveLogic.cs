using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Oracle.Defects;

/// <summary>
/// The scheme's logic with one thing wrong. It changes what an actor receives, answers or sends on the way, and leaves
/// the engine as it is. This base class changes nothing; a defect overrides one of its methods.
/// </summary>
internal abstract class DefectiveLogic(IActorLogic inner) : IActorLogic
{
    public Reason Validate(Command command) => inner.Validate(command);

    public void Decide(Student student, Command command, Decision decision)
    {
        inner.Decide(student, Hear(command), decision);
        Change(student, claim: null, decision);
    }

    public void Decide(Student student, CheckCoverage question, ISiblings siblings, Decision decision)
    {
        inner.Decide(student, Hear(student, question), siblings, decision);
        Change(student, claim: null, decision);
    }

    public void Admit(Student student, DepositClaim command, Decision decision)
    {
        inner.Admit(student, (DepositClaim)Hear(command), decision);
        Change(student, claim: null, decision);
    }

    public void Decide(Claim claim, ClaimCommand command, ISiblings siblings, Decision decision)
    {
        inner.Decide(claim, (ClaimCommand)Hear(command), Hear(claim, siblings), decision);
        Change(student: null, claim, decision);
    }

    public void Decide(Claim claim, CoverageAnswer answer, Decision decision)
    {
        inner.Decide(claim, Hear(claim, answer), decision);
        Change(student: null, claim, decision);
    }

    public void Decide(Claim claim, LateTruth learnt, Decision decision)
    {
        inner.Decide(claim, learnt, decision);
        Change(student: null, claim, decision);
    }

    public void FireDue(Student student, DateOnly day, Decision decision) => inner.FireDue(student, day, decision);

    public void Evolve(Student student, StudentEvent e) => inner.Evolve(student, e);

    public void Evolve(Claim claim, ClaimEvent e) => inner.Evolve(claim, e);

    protected virtual Command Hear(Command command) => command;

    protected virtual CheckCoverage Hear(Student student, CheckCoverage question) => question;

    protected virtual CoverageAnswer Hear(Claim claim, CoverageAnswer answer) => answer;

    protected virtual ISiblings Hear(Claim claim, ISiblings siblings) => siblings;

    /// <summary>The replacement of an event: itself, another, several or none.</summary>
    protected virtual IEnumerable<Event> Say(Student? student, Claim? claim, Event e) => [e];

    protected virtual bool Sends(Message message) => true;

    private void Change(Student? student, Claim? claim, Decision decision)
    {
        var events = decision.Events.SelectMany(e => Say(student, claim, e)).ToList();
        var messages = decision.Messages.Where(Sends).ToList();
        if (decision.Answer is not null
            || events.SequenceEqual(decision.Events) && messages.Count == decision.Messages.Count)
            return;
        var (outcome, reason) = (decision.Outcome, decision.Reason);
        decision.Clear();
        events.ForEach(decision.Emit);
        messages.ForEach(decision.Send);
        decision.Conclude(outcome, reason);
    }
}
