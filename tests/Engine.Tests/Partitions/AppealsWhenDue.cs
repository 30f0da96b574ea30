using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>
/// The scheme's logic, in which each due date of a student tells the claims, and each of these is appealed against in
/// vain and leaves memory again.
/// </summary>
internal sealed class AppealsWhenDue(IActorLogic inner) : IActorLogic
{
    public Reason Validate(Command command) => inner.Validate(command);

    public void Decide(Student student, Command command, Decision decision) => inner.Decide(student, command, decision);

    public void Decide(Student student, CheckCoverage question, ISiblings siblings, Decision decision) =>
        inner.Decide(student, question, siblings, decision);

    public void Admit(Student student, DepositClaim command, Decision decision) =>
        inner.Admit(student, command, decision);

    public void Decide(Claim claim, ClaimCommand command, ISiblings siblings, Decision decision) =>
        inner.Decide(claim, command, siblings, decision);

    public void Decide(Claim claim, CoverageAnswer answer, Decision decision) => inner.Decide(claim, answer, decision);

    public void Decide(Claim claim, LateTruth learnt, Decision decision)
    {
        decision.Emit(new ClaimAppealed(claim.Number));
        decision.Emit(new AppealDecided(claim.Number, Granted: false));
    }

    public void FireDue(Student student, DateOnly day, Decision decision)
    {
        inner.FireDue(student, day, decision);
        decision.Send(new CoverageChanged(DateOnly.MinValue, DateOnly.MaxValue));
    }

    public void Evolve(Student student, StudentEvent e) => inner.Evolve(student, e);

    public void Evolve(Claim claim, ClaimEvent e) => inner.Evolve(claim, e);
}
