using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Cases;

/// <summary>
/// Finds a student of whose claims those are drawn for a physician's review that a case says (X4): the draw follows
/// from the numbers of student and sheet, and a case names the sheets.
/// </summary>
internal static class ReviewDraw
{
    /// <summary>A fraction of a second of trying: enough for four claims that are drawn at the usual share.</summary>
    private const ulong StudentsMax = 100_000_000;

    /// <summary>At this share every claim is drawn, whatever a case says; in basis points.</summary>
    private const int All = 10_000;

    /// <param name="after">The number behind which to begin: a case's students are different ones.</param>
    /// <returns>The first such student, at any share that the rulebook names; null where none is found.</returns>
    public static StudentId? StudentOf(
        Rulebook rulebook, IReadOnlyList<ulong> drawn, IReadOnlyList<ulong> others, ulong after)
    {
        int[] shares = [.. rulebook.Periods.Select(rules => rules.ReviewShareBasisPoints)];
        var (least, most) = (shares.Where(share => share > 0).DefaultIfEmpty(All).Min(),
            shares.Where(share => share < All).DefaultIfEmpty(0).Max());
        for (var number = after + 1; number < after + StudentsMax; number++)
        {
            var student = new StudentId(number);
            if (drawn.All(claim => ReviewSample.IsDrawn(student, claim, least))
                && others.All(claim => !ReviewSample.IsDrawn(student, claim, most)))
                return student;
        }

        return null;
    }
}
