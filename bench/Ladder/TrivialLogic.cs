using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Bench.Ladder;

/// <summary>
/// The least an actor can do: one event of two bytes per command, and a counter. It opens no claims, so the runtime
/// itself refuses what is sent to one: that is one small event too.
/// </summary>
internal sealed class TrivialLogic : IActorLogic
{
    public void Decide(Student student, Command command, Decision decision) => Emit(decision);

    public void Decide(Student student, CheckCoverage question, ISiblings siblings, Decision decision) =>
        Emit(decision);

    public void Admit(Student student, DepositClaim command, Decision decision) => Emit(decision);

    public void Decide(Claim claim, ClaimCommand command, ISiblings siblings, Decision decision) => Emit(decision);

    public void Decide(Claim claim, LateTruth learnt, Decision decision) => Emit(decision);

    public void Decide(Claim claim, CoverageAnswer answer, Decision decision) => Emit(decision);

    public void FireDue(Student student, DateOnly day, Decision decision) => Emit(decision);

    /// <summary>Counts in the student's year, a field without other use here.</summary>
    public void Evolve(Student student, StudentEvent e) => student.Year++;

    public void Evolve(Claim claim, ClaimEvent e)
    {
    }

    private static void Emit(Decision decision) => decision.Emit(new ApplicationForwarded(ApplicationDesk.Onousc));
}
