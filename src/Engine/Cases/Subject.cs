using System.Globalization;
using Amoe.Engine.Explaining;

namespace Amoe.Engine.Cases;

/// <summary>What an expectation is about, as a student's records explain it.</summary>
/// <param name="Student">Whose records: the number in the case.</param>
/// <param name="Title">The thing explained, in words.</param>
/// <param name="Of">
/// Explains it by all of the student's records; null where they have nothing of it.
/// </param>
internal sealed record Subject(int Student, string Title, Func<StudentReading, Explanation?> Of)
{
    /// <summary>The right on a day.</summary>
    /// <param name="known">The day as of which it is known; null: all is.</param>
    public static Subject Right(int student, DateOnly day, DateOnly? known) => new(
        student,
        string.Create(CultureInfo.InvariantCulture, $"the right on {day:yyyy-MM-dd}{OfStudent(student)}{AsKnown(known)}"),
        all => AsKnown(all, known) is { Entries.Count: > 0 } reading ? Explainer.Student(reading, day) : null);

    /// <summary>A claim.</summary>
    /// <param name="known">As of <see cref="Right"/>.</param>
    public static Subject Claim(int student, ulong number, DateOnly? known) => new(
        student, $"claim {number}{OfStudent(student)}{AsKnown(known)}",
        all => AsKnown(all, known) is var reading && reading.FindClaim(number) is not null
            ? Explainer.Claim(reading, number)
            : null);

    /// <summary>Says which of several students; of the first, who is meant where nothing is said, nothing.</summary>
    public static string OfStudent(int student) => student == 1 ? "" : $" of student {student}";

    /// <summary>True when a line of the explanation has the text, in any language.</summary>
    public bool Says(StudentReading reading, string text) =>
        Of(reading) is { } explanation
            && Languages.All.Any(language =>
                ExplanationText.Lines(explanation, language)
                    .Any(line => Visible(line).Contains(text, StringComparison.Ordinal)));

    /// <summary>A line without marks that a person neither sees nor types.</summary>
    private static string Visible(string line) =>
        string.Concat(line.Where(letter => char.GetUnicodeCategory(letter) != UnicodeCategory.Format));

    private static StudentReading AsKnown(StudentReading reading, DateOnly? known) =>
        known is { } day ? reading.AsKnownOn(day) : reading;

    private static string AsKnown(DateOnly? known) =>
        known is { } day ? string.Create(CultureInfo.InvariantCulture, $", as known on {day:yyyy-MM-dd}") : "";
}
