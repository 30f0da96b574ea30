using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Explaining;

/// <summary>
/// Explains what a journal holds. It reads and recomputes: deciding costs nothing for it. Of a journal that is still
/// written it sees what is durable when it reads.
/// </summary>
internal sealed class Explainer(IJournal journal)
{
    private readonly JournalRulebooks _rulebooks = new(journal);

    /// <summary>
    /// Everything the journal has of a student, or what was known on a day; without entries when it has nothing.
    /// </summary>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    public StudentReading Read(StudentId student)
    {
        // Beside the records: the rulebook takes as long to read as a partition of a year, most of it the time to
        // compile what reads it.
        var rulebook = Task.Run(() => _rulebooks[journal.Adoptions.Count]);
        var reading = StudentReading.Of(journal, student, _rulebooks);
        rulebook.GetAwaiter().GetResult();
        return reading;
    }

    /// <summary>A student: the entitlement period on a day, contributions, facts and claims.</summary>
    /// <param name="reading">At least one record.</param>
    public static Explanation Student(StudentReading reading, DateOnly day) => StudentExplainer.Of(reading, day);

    /// <summary>A claim: every decision, and what became known later.</summary>
    /// <param name="reading">A reading that has the claim.</param>
    public static Explanation Claim(StudentReading reading, ulong number) => ClaimExplainer.Of(reading, number);
}
