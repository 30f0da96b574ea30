using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Explaining;

/// <summary>
/// The additions of a completed file to its lines: prices, and descriptions of prostheses (K5).
/// </summary>
internal static class BroughtLines
{
    private const int Quadrants = 4;
    private const int TeethOfQuadrant = 8;

    public static IEnumerable<Explanation> Of(StudentReading reading, HistoryEntry entry, ClaimCompleted completed)
    {
        if (completed.Lines.Length == 0 || reading.Before(entry).FindClaim(completed.Claim) is not { } claim)
            yield break;
        for (var i = 0; i < completed.Lines.Length; i++)
        {
            var (before, now) = (claim.Lines[i], completed.Lines[i]);
            if (before.ReferenceCentimes != now.ReferenceCentimes)
                yield return Brought(
                    i, Name.Of("field", CommandField.Reference), MoneyOf(before.ReferenceCentimes),
                    MoneyOf(now.ReferenceCentimes));
            if (before.GenericCentimes != now.GenericCentimes)
                yield return Brought(
                    i, Name.Of("field", CommandField.Generic), MoneyOf(before.GenericCentimes),
                    MoneyOf(now.GenericCentimes));
            if (before.Prosthesis.Elements != now.Prosthesis.Elements)
                yield return Brought(
                    i, Name.Of("field", CommandField.Elements), CountOf(before.Prosthesis.Elements),
                    CountOf(now.Prosthesis.Elements));
            if (before.Prosthesis.Teeth != now.Prosthesis.Teeth)
                yield return Brought(
                    i, new Name(Keys.Teeth), TeethOf(before.Prosthesis.Teeth), TeethOf(now.Prosthesis.Teeth));
        }
    }

    private static Explanation Brought(int line, Name field, Argument before, Argument now) => new Explanation(
        Keys.LineBrought, ("line", new Count(line + 1, Unit.None)), ("field", field), ("before", before), ("now", now))
            .Under("K5");

    private static Argument MoneyOf(uint centimes) => centimes == 0 ? new Name(Keys.NotSaid) : new Money(centimes);

    private static Argument CountOf(byte number) => number == 0 ? new Name(Keys.NotSaid) : new Count(number, Unit.None);

    /// <summary>The teeth by their numbers.</summary>
    private static Argument TeethOf(uint teeth)
    {
        if (teeth == 0)
            return new Name(Keys.NotSaid);
        var numbers = Enumerable.Range(1, Quadrants).SelectMany(quadrant =>
            Enumerable.Range(quadrant * 10 + 1, TeethOfQuadrant));
        return new Names(
            [.. numbers.Where(number => (teeth & Prosthesis.Tooth(number)) != 0)
                .Select(number => Code.Of((long)number))]);
    }
}
