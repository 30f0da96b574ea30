using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>The states of a student with claims after each of the student's records.</summary>
/// <param name="history">Grows with the journal.</param>
internal sealed class PastStates(StudentId student, IReadOnlyList<Written> history, IActorLogic logic)
{
    // The state at the floor: most answers are of it.
    private readonly StudentAggregate _atFloor = new(student);

    /// <summary>The number of records that a client knows of: no later answer may rest on fewer.</summary>
    public int Floor { get; private set; }

    public void Raise(int floor)
    {
        for (; Floor < floor; Floor++)
            Apply(_atFloor, history[Floor]);
    }

    /// <summary>
    /// Finds a state in which a query has this answer, and raises the floor where that is a later one.
    /// </summary>
    /// <param name="from">How many records the state has at least.</param>
    /// <returns>False when there is none.</returns>
    public bool TryExplain(Command query, object? answer, int from)
    {
        if (Answers(query, _atFloor, answer))
            return true;
        var state = new StudentAggregate(student);
        for (var version = 0; ; version++)
        {
            if (version >= from && Answers(query, state, answer))
            {
                Raise(version);
                return true;
            }

            if (version == history.Count)
                return false;
            Apply(state, history[version]);
        }
    }

    private void Apply(StudentAggregate state, Written record)
    {
        foreach (var e in record.Events)
            state.Apply(e, state.ClaimOf(e), logic);
    }

    private bool Answers(Command query, StudentAggregate state, object? answer)
    {
        if (query is AskClaim ask)
            return answer is ClaimAnswer given && IsSo(given, state.FindOpen(ask.Claim) ?? new Claim(ask.Claim));
        var decision = new Decision();
        logic.Decide(state, query, decision);
        return Equals(decision.Answer, answer);
    }

    private static bool IsSo(ClaimAnswer given, Claim claim) =>
        (given.Status, given.Missing, given.PayableCentimes, given.SettledCentimes, given.InTransitCentimes,
            given.OverpaidCentimes, given.AppealPending)
            == (claim.Status, claim.Missing, claim.PayableCentimes, claim.SettledCentimes, claim.InTransitCentimes,
                claim.OverpaidCentimes, claim.Marks.HasFlag(ClaimMarks.AppealPending))
        && given.Lines.AsSpan().SequenceEqual(claim.Lines) && given.Outcomes.AsSpan().SequenceEqual(claim.Outcomes);
}
