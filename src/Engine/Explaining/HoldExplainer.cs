using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>
/// Questions that are put before a claim is paid, and what is asked after it was decided: duplicates, reviews, appeals
/// (X1, X4, X5).
/// </summary>
internal static class HoldExplainer
{
    /// <summary>The message of an event; null for one that is not of these.</summary>
    public static Explanation? Of(StudentReading reading, HistoryEntry entry, ClaimEvent e)
    {
        var known = ("known", (Argument)new On(entry.Header.Known));
        return e switch
        {
            DuplicatesFound f => Found(reading.Before(entry, e), f, known),
            ClaimHeld { AsDuplicate: true } => new Explanation(Keys.HeldAsDuplicate, known).Under("X1"),
            ClaimHeld =>
                new Explanation(Keys.HeldForReview, known).Under("X4").For(Reviewed(reading.Before(entry, e), e.Claim)),
            ClaimReleased r => new Explanation(r.Granted ? Keys.ReleasedGranted : Keys.ReleasedRefused, known)
                .Under(reading.Before(entry, e).Claim(e.Claim).Marks.HasFlag(ClaimMarks.HeldAsDuplicate) ? "X1" : "X4"),
            ClaimAppealed => new Explanation(Keys.Appealed, known).Under("X5"),
            AppealDecided { Granted: false } => new Explanation(Keys.AppealRefused, known).Under("X5"),
            AppealDecided a =>
                new Explanation(Keys.AppealGranted, known)
                    .Under("X5")
                    .For(RevisionExplainer.Unchanged(reading, entry, a.Claim)),
            ClaimReopened r =>
                new Explanation(Keys.ClaimReopened, known)
                    .Under("S5")
                    .For(RevisionExplainer.Unchanged(reading, entry, r.Claim)),
            ClaimRecalled => new Explanation(Keys.ClaimRecalled, known),
            _ => null,
        };
    }

    private static Explanation Found(StudentReading then, DuplicatesFound found, (string, Argument) known)
    {
        var claim = then.Claim(found.Claim);
        var lines = from i in Enumerable.Range(0, claim.Lines.Length)
                    let bit = 1u << i
                    where ((found.SameLines | found.SimilarLines) & bit) != 0
                    select new Explanation(
                        (found.SameLines & bit) != 0 ? Keys.SameLine : Keys.SimilarLine,
                        ("line", new Count(i + 1, Unit.None))).Under("X1")
                        .For(RefusalGrounds.Duplicates(then, claim, i));
        return new Explanation(Keys.DuplicatesFound, known)
            .Under("X1")
            .By(then.Rules.Read(ParameterIds.DuplicatesChecked, claim.Lines[0].CareDate))
            .For(lines);
    }

    /// <summary>X4: over an amount, or drawn; the rules are those of the day of deposit.</summary>
    private static Explanation Reviewed(StudentReading then, ulong number)
    {
        var claim = then.Claim(number);
        var (claimed, day) = (claim.Lines.Sum(line => line.PaidCentimes), claim.DepositedOn);
        var inForce = then.Rules.On(day);
        return claimed > inForce.ReviewAboveCentimes
            ? new Explanation(
                Keys.ReviewAbove, ("claimed", new Money(claimed)), ("limit", new Money(inForce.ReviewAboveCentimes)))
                    .Under("X4")
                    .By(then.Rules.Read(ParameterIds.ReviewAboveCentimes, day))
            : new Explanation(Keys.ReviewDrawn, ("share", new Percent(inForce.ReviewShareBasisPoints)))
                .Under("X4")
                .By(then.Rules.Read(ParameterIds.ReviewShareBasisPoints, day));
    }
}
