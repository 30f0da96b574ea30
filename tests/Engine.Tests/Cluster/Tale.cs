using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>One time a client sent a command, and what it heard.</summary>
/// <param name="Sent">Its place among all that was sent and heard.</param>
/// <param name="Floor">Of how many of the student's records somebody had heard then.</param>
internal sealed record Submission(string Client, Command Command, long Sent, int Floor)
{
    public long Heard { get; set; } = long.MaxValue;

    public Outcome? Outcome { get; set; }
}

/// <summary>A student's record as the store accepted it.</summary>
/// <param name="Version">Its place in his history, from 1.</param>
internal sealed record Written(RecordHeader Header, Event[] Events, int Version);

/// <summary>All that is known of one command.</summary>
internal sealed class Tale
{
    /// <summary>By whomever, in order.</summary>
    public List<Submission> Submissions { get; } = [];

    public Written? Record { get; set; }
}

/// <summary>What a student and his claims were like at each of his records.</summary>
internal static class PastStates
{
    /// <summary>The first state, from one on, in which a query has this answer; null when there is none.</summary>
    /// <param name="from">How many records at least have to be seen.</param>
    public static int? Find(Command query, object? answer, IReadOnlyList<Written> history, int from, IActorLogic logic)
    {
        var student = new StudentAggregate(query.Student);
        for (var version = 0; ; version++)
        {
            if (version >= from && Answers(query, student, logic, answer))
                return version;
            if (version == history.Count)
                return null;
            foreach (var e in history[version].Events)
                student.Apply(e, student.ClaimOf(e), logic);
        }
    }

    private static bool Answers(Command query, StudentAggregate student, IActorLogic logic, object? answer)
    {
        if (query is AskClaim ask)
            return answer is ClaimAnswer told && IsSo(told, student.FindOpen(ask.Claim) ?? new Claim(ask.Claim));
        var decision = new Decision();
        logic.Decide(student, query, decision);
        return Equals(decision.Answer, answer);
    }

    private static bool IsSo(ClaimAnswer told, Claim claim) =>
        (told.Status, told.Missing, told.PayableCentimes, told.SettledCentimes, told.InTransitCentimes, told.OverpaidCentimes, told.AppealPending)
            == (claim.Status, claim.Missing, claim.PayableCentimes, claim.SettledCentimes, claim.InTransitCentimes, claim.OverpaidCentimes, claim.Marks.HasFlag(ClaimMarks.AppealPending))
        && told.Lines.AsSpan().SequenceEqual(claim.Lines) && told.Outcomes.AsSpan().SequenceEqual(claim.Outcomes);
}
