using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>What a line's refusal rests on: the value of the rulebook and the date it was read at, the record, the other claim (X8).</summary>
internal static class RefusalGrounds
{
    public static IEnumerable<Explanation> Of(StudentReading then, Claim claim, int index, Reason reason, ParameterUse terms)
    {
        var line = claim.Lines[index];
        return reason switch
        {
            >= Reason.NeverEntitled and <= Reason.SuspendedForInterruption => [EntitlementExplainer.On(then, line.CareDate)],
            Reason.LateFiling => [Late(then.Rules, claim.DepositedOn, line.CareDate)],
            Reason.ApprovalMissing or Reason.ApprovalLapsed or Reason.ApprovalExhausted => Approvals(then, line, terms),
            Reason.DuplicateLine => Duplicates(then, claim, index),
            Reason.MedicalControlRefused or Reason.ReferenceMissing => [],
            _ => [new Explanation(Keys.TermsOfAct).Under(terms.Period.Rule).By(terms)],
        };
    }

    /// <summary>X2: days from care to deposit against the limit.</summary>
    private static Explanation Late(Rulebook rules, DateOnly deposited, DateOnly care)
    {
        (string, Argument)[] arguments =
        [
            ("care", new On(care)), ("deposited", new On(deposited)), ("days", new Count(deposited.DayNumber - care.DayNumber, Unit.Day)),
            ("limit", new Count(rules.On(care).LateFilingDays, Unit.Day)),
        ];
        return new Explanation(Keys.FiledLate, arguments).Under("X2").By(rules.Read(ParameterIds.LateFilingDays, care));
    }

    private static IEnumerable<Explanation> Approvals(StudentReading then, ClaimLine line, ParameterUse terms)
    {
        yield return new Explanation(Keys.ApprovalNeeded, ("act", Name.Of("act", line.Act))).Under("B10").By(terms);
        var approvals = (then.Now.Student.Insurance?.Approvals ?? []).Where(approval => approval.Act == line.Act).ToList();
        if (approvals.Count == 0)
            yield return new Explanation(Keys.ApprovalNone, ("act", Name.Of("act", line.Act))).Under("B10");
        foreach (var approval in approvals)
            yield return ApprovalExplainer.Of(approval);
    }

    /// <summary>X1: the earlier lines with the same provider, date of care, act and amount.</summary>
    private static IEnumerable<Explanation> Duplicates(StudentReading then, Claim claim, int index)
    {
        var line = claim.Lines[index];
        foreach (var other in then.Now.Claims.Values.Where(other => other.Provider == claim.Provider))
        {
            var lines = other.Number == claim.Number ? other.Lines[..index] : other.Outcomes.Length > 0 ? other.Lines : [];
            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i].CareDate == line.CareDate && lines[i].Act == line.Act)
                {
                    yield return new Explanation(
                        lines[i].PaidCentimes == line.PaidCentimes ? Keys.DuplicateOf : Keys.SimilarTo, ("claim", Code.Of(other.Number)), ("line", new Count(i + 1, Unit.None)),
                        ("day", new On(line.CareDate)), ("amount", new Money(lines[i].PaidCentimes))).Under("X1");
                }
            }
        }
    }
}
