using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>
/// The grounds on which a line was refused: the value of the rulebook and the date it was read at, the record, the
/// other claim (X8).
/// </summary>
internal static class RefusalGrounds
{
    public static IEnumerable<Explanation> Of(
        StudentReading then, Claim claim, int index, Reason reason, ParameterUse terms)
    {
        var line = claim.Lines[index];
        return reason switch
        {
            >= Reason.NeverEntitled and <= Reason.SuspendedForInterruption =>
                [EntitlementExplainer.On(then, line.CareDate)],
            Reason.LateFiling => [Late(then.Rules, claim, line)],
            Reason.ApprovalMissing or Reason.ApprovalLapsed or Reason.ApprovalExhausted => Approvals(then, line, terms),
            Reason.DuplicateLine => Duplicates(then, claim, index),
            Reason.ProsthesisTooRecent => Renewals(then, claim, index),
            Reason.MedicalControlRefused or Reason.ReferenceMissing => [],
            _ => [new Explanation(Keys.TermsOfAct).Under(terms.Period.Rule).By(terms)],
        };
    }

    /// <summary>X2: days from care to deposit against the limit.</summary>
    private static Explanation Late(Rulebook rules, Claim claim, in ClaimLine line)
    {
        var (deposited, care) = (claim.DepositedOn, line.CareDate);
        (string, Argument)[] arguments =
        [
            ("care", new On(care)), ("deposited", new On(deposited)),
            ("days", new Count(deposited.DayNumber - care.DayNumber, Unit.Day)),
            ("limit", new Count(rules.On(care).LateFilingDays, Unit.Day)),
        ];
        return new Explanation(Keys.FiledLate, arguments).Under("X2")
            .By([.. LineParameters.Of(rules, line, Reason.LateFiling)]);
    }

    private static IEnumerable<Explanation> Approvals(StudentReading then, ClaimLine line, ParameterUse terms)
    {
        yield return new Explanation(Keys.ApprovalNeeded, ("act", Name.Of("act", line.Act))).Under("B10").By(terms);
        var approvals = (then.Now.Insurance?.Approvals ?? []).Where(approval => approval.Act == line.Act).ToList();
        if (approvals.Count == 0)
            yield return new Explanation(Keys.ApprovalNone, ("act", Name.Of("act", line.Act))).Under("B10");
        foreach (var approval in approvals)
            yield return ApprovalExplainer.Of(approval);
    }

    /// <summary>
    /// X1: earlier lines with the same provider, date of care and act; another amount has another message.
    /// </summary>
    public static IEnumerable<Explanation> Duplicates(StudentReading then, Claim claim, int index)
    {
        var line = claim.Lines[index];
        return from other in then.Claims
               where other.Provider == claim.Provider
               from i in other.Number == claim.Number
                   ? Enumerable.Range(0, index)
                   : Enumerable.Range(0, other.Outcomes.Length)
               let earlier = other.Lines[i]
               where earlier.CareDate == line.CareDate
                   && earlier.Act == line.Act
                   && (other.Number == claim.Number || other.Outcomes[i].Reason != Reason.DuplicateLine)
               select new Explanation(
                   earlier.PaidCentimes == line.PaidCentimes ? Keys.DuplicateOf : Keys.SimilarTo,
                   ("claim", Code.Of(other.Number)), ("line", new Count(i + 1, Unit.None)),
                   ("day", new On(earlier.CareDate)), ("amount", new Money(earlier.PaidCentimes))).Under("X1");
    }

    /// <summary>B6: the like that was fitted before, paid for or not, and from when on the next one is paid.</summary>
    private static IEnumerable<Explanation> Renewals(StudentReading then, Claim claim, int index)
    {
        var line = claim.Lines[index];
        var years = then.Rules.On(line.CareDate).ProsthesisRenewalYears;
        return from other in then.Claims
               where other.Number == claim.Number || other.IsJudged
               from i in Enumerable.Range(0, other.Lines.Length)
               let earlier = other.Lines[i]
               where !IsDuplicate(other, i) && Repeats.IsTooSoonAfter(earlier, line, years)
               select new Explanation(
                   Keys.RenewedTooSoon, ("claim", Code.Of(other.Number)), ("line", new Count(i + 1, Unit.None)),
                   ("act", Name.Of("act", earlier.Act)), ("day", new On(earlier.CareDate)),
                   ("formula",
                       new Formula(
                           new On(earlier.CareDate), Sign.Plus, new Count(years, Unit.Year), Sign.Is,
                           new On(earlier.CareDate.AddYears(years))))).Under("B6")
                   .By([.. LineParameters.Of(then.Rules, line, Reason.ProsthesisTooRecent)]);
    }

    private static bool IsDuplicate(Claim claim, int line) =>
        (claim.SameLines & 1u << line) != 0 || (claim.IsJudged && claim.Outcomes[line].Reason == Reason.DuplicateLine);
}
