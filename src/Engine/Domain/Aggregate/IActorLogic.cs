using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Domain.Aggregate;

/// <summary>
/// What students and claims decide, apart from how they talk and how they are hosted. The scheme's is
/// <see cref="AmoeLogic"/>; the bench hosts a trivial one to measure the runtime alone, and tests host ones that throw.
/// </summary>
internal interface IActorLogic
{
    /// <summary>Why a command is refused before any actor sees it, or <see cref="Reason.None"/>.</summary>
    Reason Validate(Command command) => Reason.None;

    void Decide(Student student, Command command, Decision decision);

    void Decide(Student student, CheckCoverage question, ISiblings siblings, Decision decision);

    /// <summary>A new claim, admitted by its student's actor.</summary>
    void Admit(Student student, DepositClaim command, Decision decision);

    void Decide(Claim claim, ClaimCommand command, ISiblings siblings, Decision decision);

    void Decide(Claim claim, CoverageAnswer answer, Decision decision);

    /// <summary>A judged claim learns late of something that it may depend on (S5).</summary>
    void Decide(Claim claim, LateTruth learnt, Decision decision);

    /// <summary>Decides what has fallen due for a student by a day.</summary>
    void FireDue(Student student, DateOnly day, Decision decision);

    void Evolve(Student student, StudentEvent e);

    void Evolve(Claim claim, ClaimEvent e);
}

/// <summary>The scheme, under one rulebook.</summary>
internal sealed class AmoeLogic(Rulebook rules) : IActorLogic
{
    public Reason Validate(Command command) => CommandBounds.Validate(command, rules);

    public void Decide(Student student, Command command, Decision decision) =>
        StudentDecider.Decide(student, command, rules, decision);

    public void Decide(Student student, CheckCoverage question, ISiblings siblings, Decision decision) =>
        StudentDecider.Decide(student, question, siblings, decision);

    public void Admit(Student student, DepositClaim command, Decision decision) =>
        ClaimDecider.Admit(student, command, rules, decision);

    public void Decide(Claim claim, ClaimCommand command, ISiblings siblings, Decision decision) =>
        ClaimDecider.Decide(claim, command, siblings, rules, decision);

    public void Decide(Claim claim, CoverageAnswer answer, Decision decision) =>
        ClaimDecider.Decide(claim, answer, rules, decision);

    public void Decide(Claim claim, LateTruth learnt, Decision decision) =>
        ClaimDecider.Decide(claim, learnt, rules, decision);

    public void FireDue(Student student, DateOnly day, Decision decision) => Deadlines.Fire(student, day, decision);

    public void Evolve(Student student, StudentEvent e) => StudentEvolver.Evolve(student, e);

    public void Evolve(Claim claim, ClaimEvent e) => ClaimEvolver.Evolve(claim, e);
}
