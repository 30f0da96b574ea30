using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain.Enrolment;

/// <summary>A fact that holds from a date on until one of a later date.</summary>
internal interface IDatedFact
{
    DateOnly On { get; }
}

/// <summary>From this day on the student has other coverage, or, with <see cref="CoverageKind.None"/>, is free of it (S2).</summary>
public readonly record struct CoverageFact(DateOnly On, CoverageKind Coverage) : IDatedFact;

/// <summary>On this day studies were interrupted, the reason of the interruption changed, or studies were resumed (S3).</summary>
/// <param name="Reason">The reason from this day on; none where studies were resumed.</param>
/// <param name="Suspends">The day S3 takes effect if the clock starts with this fact (T4), null where the reason excuses or studies were resumed.</param>
public readonly record struct StudyFact(DateOnly On, StudyChange Change, InterruptionReason Reason, DateOnly? Suspends) : IDatedFact;

/// <summary>What a fact about studies says. The numbers are in snapshots.</summary>
public enum StudyChange : byte
{
    None = 0,
    Interrupted = 1,
    ReasonChanged = 2,
    Resumed = 3,
}

/// <summary>A timeline of dated facts, oldest first: one of a date, the one learnt last (T7). The order in which they are learnt does not matter otherwise.</summary>
internal static class Timeline
{
    [Rule("T7")]
    public static T[] With<T>(T[] facts, T fact)
        where T : struct, IDatedFact
    {
        var at = Array.FindIndex(facts, other => other.On >= fact.On);
        if (at < 0)
            return [.. facts, fact];
        return [.. facts[..at], fact, .. facts[(facts[at].On == fact.On ? at + 1 : at)..]];
    }

    public static T[] Without<T>(T[] facts, DateOnly on)
        where T : struct, IDatedFact => Array.FindAll(facts, fact => fact.On != on);

    /// <summary>The fact of a date; null when there is none.</summary>
    public static T? Of<T>(T[] facts, DateOnly on)
        where T : struct, IDatedFact
    {
        var at = Array.FindIndex(facts, fact => fact.On == on);
        return at < 0 ? null : facts[at];
    }

    /// <summary>The fact that holds on a date: the latest not after it; null when all come later.</summary>
    public static T? HoldingOn<T>(T[] facts, DateOnly date)
        where T : struct, IDatedFact
    {
        var at = Array.FindLastIndex(facts, fact => fact.On <= date);
        return at < 0 ? null : facts[at];
    }
}
