using System.Globalization;
using Amoe.Engine.Explaining;

namespace Amoe.Engine.Cases;

/// <summary>What an expectation is about, as a student's records explain it.</summary>
/// <param name="Title">The thing explained, in words.</param>
/// <param name="Of">
/// Explains it by all of the student's records; null where they have nothing of it.
/// </param>
internal sealed record Subject(string Title, Func<StudentReading, Explanation?> Of)
{
    /// <summary>The right on a day.</summary>
    /// <param name="known">The day as of which it is known; null: all is.</param>
    public static Subject Right(DateOnly day, DateOnly? known) => new(
        string.Create(CultureInfo.InvariantCulture, $"the right on {day:yyyy-MM-dd}{AsKnown(known)}"),
        all => AsKnown(all, known) is { Entries.Count: > 0 } reading ? Explainer.Student(reading, day) : null);

    /// <summary>A claim.</summary>
    /// <param name="known">As of <see cref="Right"/>.</param>
    public static Subject Claim(ulong number, DateOnly? known) => new(
        $"claim {number}{AsKnown(known)}",
        all => AsKnown(all, known) is var reading && reading.FindClaim(number) is not null
            ? Explainer.Claim(reading, number)
            : null);

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
