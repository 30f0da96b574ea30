using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Claims;

/// <summary>What was claimed or paid before: duplicates (X1) and prostheses renewed too early (B6).</summary>
internal static class Repeats
{
    /// <summary>Which lines are the same as earlier ones, and which are but for the amount: a bit each. Refused lines count, but for duplicates themselves.</summary>
    [Rule("X1")]
    public static (uint Same, uint Similar) Find(CheckCoverage question, ISiblings siblings)
    {
        var (same, similar) = (question.SameLines, 0u);
        var lines = question.Lines;
        if (question.Provider == 0 || !Array.Exists(question.Questions, q => q.Compared))
            return (same, similar);
        var (from, until) = (DateOnly.MaxValue, DateOnly.MinValue);
        foreach (var line in lines)
            (from, until) = (line.CareDate < from ? line.CareDate : from, line.CareDate > until ? line.CareDate : until);
        var others = siblings.Judged(question.Claim, question.Provider, from, until);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!question.Questions[i].Compared)
                continue;
            var likeness = default(Likeness);
            for (var j = 0; j < i; j++)
            {
                if ((same & 1u << j) == 0)
                    likeness = likeness.With(lines[i], lines[j]);
            }

            foreach (var other in others)
                likeness = likeness.With(lines[i], other);
            same |= likeness.IsSame ? 1u << i : 0;
            similar |= likeness is { IsSame: false, IsSimilar: true } ? 1u << i : 0;
        }

        return (same, similar);
    }

    /// <summary>True when a like prosthesis of another claim has an amount, and was fitted before this one and not yet so many years ago.</summary>
    [Rule("B6")]
    public static bool IsTooRecent(CheckCoverage question, int line, ISiblings siblings)
    {
        var (care, act, years) = (question.Lines[line].CareDate, question.Lines[line].Act, question.Questions[line].RenewalYears);
        if (years == 0)
            return false;
        foreach (var other in siblings.WithProsthesis(question.Claim, care.AddYears(-years), care.AddDays(-1)))
        {
            for (var i = 0; i < other.Lines.Length; i++)
            {
                ref readonly var earlier = ref other.Lines[i];
                if (other.Outcomes[i].AmountCentimes > 0 && IsLike(act, earlier.Act) && earlier.CareDate < care && earlier.CareDate.AddYears(years) > care)
                    return true;
            }
        }

        return false;
    }

    /// <summary>True for the acts that are paid for again only after some years.</summary>
    public static bool IsRenewal(Act act) => act is Act.BridgeRenewal or Act.PartialDenture;

    public static bool IsLike(Act act, Act earlier) =>
        act == Act.PartialDenture ? earlier == Act.PartialDenture : earlier is Act.LongBridge or Act.BridgeRenewal;

    /// <summary>True for the acts of which an earlier one counts.</summary>
    public static bool IsProsthesis(Act act) => act is Act.PartialDenture or Act.LongBridge or Act.BridgeRenewal;

    /// <summary>How a line is like others that were claimed for the same day, act and provider.</summary>
    private readonly record struct Likeness(bool IsSame, bool IsSimilar)
    {
        public Likeness With(in ClaimLine line, Claim other)
        {
            var likeness = this;
            for (var i = 0; i < other.Lines.Length; i++)
            {
                if (other.Outcomes[i].Reason != Reason.DuplicateLine)
                    likeness = likeness.With(line, other.Lines[i]);
            }

            return likeness;
        }

        public Likeness With(in ClaimLine line, in ClaimLine earlier)
        {
            if (line.CareDate != earlier.CareDate || line.Act != earlier.Act)
                return this;
            return line.PaidCentimes == earlier.PaidCentimes ? this with { IsSame = true } : this with { IsSimilar = true };
        }
    }
}
