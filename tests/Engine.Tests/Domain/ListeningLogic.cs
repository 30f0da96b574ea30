using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Tests.Domain;

/// <summary>The scheme's logic, which also records a student's notices to claims about past days (S5).</summary>
internal sealed class ListeningLogic(IActorLogic inner) : IActorLogic
{
    /// <summary>The changes of coverage that claims were notified of since the list was cleared.</summary>
    public List<CoverageChanged> Messages { get; } = [];

    public List<CoverageChanged> EverNotified { get; } = [];

    /// <summary>Said once, instead of what falls due next.</summary>
    public CoverageChanged? Inject { get; set; }

    public Reason Validate(Command command) => inner.Validate(command);

    public void Decide(Student student, Command command, Decision decision)
    {
        inner.Decide(student, command, decision);
        Listen(decision);
    }

    public void Decide(Student student, CheckCoverage question, ISiblings siblings, Decision decision)
    {
        inner.Decide(student, question, siblings, decision);
        Listen(decision);
    }

    public void Admit(Student student, DepositClaim command, Decision decision) =>
        inner.Admit(student, command, decision);

    public void Decide(Claim claim, ClaimCommand command, ISiblings siblings, Decision decision) =>
        inner.Decide(claim, command, siblings, decision);

    public void Decide(Claim claim, CoverageAnswer answer, Decision decision) => inner.Decide(claim, answer, decision);

    public void Decide(Claim claim, LateTruth learnt, Decision decision) => inner.Decide(claim, learnt, decision);

    public void FireDue(Student student, DateOnly day, Decision decision)
    {
        if (Inject is { } injected)
            decision.Send(injected);
        else
            inner.FireDue(student, day, decision);
        Inject = null;
        Listen(decision);
    }

    public void Evolve(Student student, StudentEvent e) => inner.Evolve(student, e);

    public void Evolve(Claim claim, ClaimEvent e) => inner.Evolve(claim, e);

    private void Listen(Decision decision)
    {
        Messages.AddRange(decision.Messages.OfType<CoverageChanged>());
        EverNotified.AddRange(decision.Messages.OfType<CoverageChanged>());
    }
}
