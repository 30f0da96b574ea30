using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>The scheme's logic, which throws where a test asks for it.</summary>
internal sealed class FaultyLogic(IActorLogic inner) : IActorLogic
{
    public ulong? PoisonedReference { get; set; }

    public StudentId? UnreplayableStudent { get; set; }

    /// <summary>A deadline of a student throws when it falls due.</summary>
    public bool ThrowsWhenDue { get; set; }

    public Reason Validate(Command command) => inner.Validate(command);

    public void Decide(Student student, Command command, Decision decision)
    {
        inner.Decide(student, command, decision);
        ThrowIfPoisoned(command);
    }

    public void Decide(Student student, CheckCoverage question, ISiblings siblings, Decision decision)
    {
        inner.Decide(student, question, siblings, decision);
        if (PoisonedReference == question.Claim)
            throw new InvalidOperationException("a defect in the middle of a conversation (a test)");
    }

    public void Admit(Student student, DepositClaim command, Decision decision)
    {
        inner.Admit(student, command, decision);
        ThrowIfPoisoned(command);
    }

    public void Decide(Claim claim, ClaimCommand command, ISiblings siblings, Decision decision) =>
        inner.Decide(claim, command, siblings, decision);

    public void Decide(Claim claim, LateTruth learnt, Decision decision) => inner.Decide(claim, learnt, decision);

    public void Decide(Claim claim, CoverageAnswer answer, Decision decision) => inner.Decide(claim, answer, decision);

    public void FireDue(Student student, DateOnly day, Decision decision)
    {
        inner.FireDue(student, day, decision);
        if (ThrowsWhenDue)
            throw new InvalidOperationException("a defect in what falls due (a test)");
    }

    public void Evolve(Student student, StudentEvent e)
    {
        if (UnreplayableStudent == student.Id)
            throw new InvalidOperationException("a defect in replay (a test)");
        inner.Evolve(student, e);
    }

    public void Evolve(Claim claim, ClaimEvent e) => inner.Evolve(claim, e);

    private void ThrowIfPoisoned(Command command)
    {
        if (PoisonedReference == command.Reference)
            throw new InvalidOperationException("a defect in a decider (a test)");
    }
}
