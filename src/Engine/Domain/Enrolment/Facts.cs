using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain.Enrolment;

/// <summary>A fact that holds from a date on until one of a later date.</summary>
internal interface IDatedFact
{
    DateOnly On { get; }
}

/// <summary>
/// A statement of one other coverage: the student is covered from this day on or, with <paramref name="IsEnd"/>, free
/// of this coverage (S2).
/// </summary>
/// <param name="Coverage">The scheme; none in an end of a journal that did not name it: it ends every coverage.</param>
/// <param name="Holder">Whose insurance it is.</param>
/// <param name="Source">Whose word it is. An end that is the student's word alone ends nothing (S4).</param>
public readonly record struct CoverageFact(
    DateOnly On, CoverageKind Coverage, CoverageHolder Holder, CoverageSource Source, bool IsEnd) : IDatedFact
{
    public CoverageName Name => new(Coverage, Holder);
}

/// <summary>
/// On this day studies were interrupted, the reason of the interruption changed, or studies were resumed (S3).
/// </summary>
/// <param name="Reason">The reason from this day on; none where studies were resumed.</param>
/// <param name="Suspends">
/// The day S3 takes effect if the clock starts with this fact (T4), null where the reason excuses or studies were
/// resumed.
/// </param>
/// <param name="Pauses">
/// True where an excused spell that begins with this fact pauses the clock; else it resets the clock (S4).
/// </param>
public readonly record struct StudyFact(
    DateOnly On, StudyChange Change, InterruptionReason Reason, DateOnly? Suspends, bool Pauses) : IDatedFact;

/// <summary>What a fact about studies says. The numbers are in snapshots.</summary>
public enum StudyChange : byte
{
    None = 0,
    Interrupted = 1,
    ReasonChanged = 2,
    Resumed = 3,
}

/// <summary>
/// Facts in the order in which they were learnt. All stay on record: of two of one date about the same thing the one
/// learnt last holds, and when it is taken back the earlier one holds again (T7). The order does not matter otherwise.
/// </summary>
internal static class Timeline
{
    public static T[] With<T>(T[] facts, T fact) => [.. facts, fact];

    /// <summary>Without the one learnt last of those that match.</summary>
    [Rule("T7")]
    public static T[] WithoutLast<T>(T[] facts, Predicate<T> match)
    {
        var at = Array.FindLastIndex(facts, match);
        return at < 0 ? facts : [.. facts[..at], .. facts[(at + 1)..]];
    }

    /// <summary>Oldest first; those of one date in the order in which they were learnt.</summary>
    public static IEnumerable<T> ByDate<T>(IEnumerable<T> facts)
        where T : struct, IDatedFact => facts.OrderBy(fact => fact.On);
}
