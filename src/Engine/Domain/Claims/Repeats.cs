using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Claims;

/// <summary>What was claimed or paid before: duplicates (X1) and prostheses renewed too early (B6).</summary>
internal static class Repeats
{
    /// <summary>
    /// Which lines are the same as earlier ones, and which are but for the amount: a bit each. Refused lines count, but for duplicates themselves and for lines
    /// refused for a formal cause, which may be presented again.
    /// </summary>
    /// <param name="formal">Lines of the claim that the student's answer refuses for a formal cause, a bit each.</param>
    [Rule("X1")]
    public static (uint Same, uint Similar) Find(CheckCoverage question, ISiblings siblings, uint formal = 0)
    {
        var (same, similar) = (question.SameLines, 0u);
        var (lines, questions) = (question.Lines, question.Questions);
        if (question.Provider == 0 || !Array.Exists(questions, q => q.Compared))
            return (same, similar);
        var (from, until) = (DateOnly.MaxValue, DateOnly.MinValue);
        for (var i = 0; i < lines.Length; i++)
        {
            if (questions[i].Compared)
                (from, until) = (lines[i].CareDate < from ? lines[i].CareDate : from, lines[i].CareDate > until ? lines[i].CareDate : until);
        }

        var others = siblings.Judged(question.Claim, question.Provider, from, until);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!questions[i].Compared)
                continue;
            var (bit, onlyWithFirst) = (1u << i, questions[i].OnlyWithFirst);
            if (!onlyWithFirst)
                same &= ~bit;
            var likeness = default(Likeness);
            for (var j = 0; j < lines.Length; j++)
            {
                if (j < i ? ((same | formal) & 1u << j) == 0 && !questions[j].StaysFormal : j > i && questions[j].WasPresented)
                    likeness = likeness.With(lines[i], lines[j]);
            }

            foreach (var other in others)
                likeness = likeness.With(lines[i], other, onlyWithFirst);
            same |= likeness.IsSame ? bit : 0;
            similar |= likeness is { IsSame: false, IsSimilar: true } && !onlyWithFirst ? bit : 0;
        }

        return (same, similar);
    }

    /// <summary>
    /// Finds them again once it is known which lines have no approval: an equal line below such a one is no duplicate of it, and has no approval either.
    /// </summary>
    /// <param name="lines">The student's answer, which this completes.</param>
    [Rule("X1", "B10")]
    public static (uint Same, uint Similar) Without(CheckCoverage question, LineCoverage[] lines, (uint Same, uint Similar) found, ISiblings siblings)
    {
        var formal = 0u;
        for (var i = 0; i < lines.Length && found != default; i++)
        {
            if (!new LineOutcome(lines[i].Reason, 0).MayBePresentedAgain)
                continue;
            formal |= 1u << i;
            var again = Find(question, siblings, formal);
            for (var k = i + 1; k < lines.Length; k++)
            {
                if ((found.Same & ~again.Same & 1u << k) == 0)
                    continue;
                lines[k] = question.Questions[k].NeedsApproval && lines[k].Reason == Reason.None
                    ? lines[k] with { Repeats = Reason.None, Reason = lines[i].Reason, ApprovedUnits = 0 }
                    : lines[k] with { Repeats = Reason.None };
            }

            found = again;
        }

        return found;
    }

    /// <summary>
    /// True when a prosthesis of the kind was fitted at the place before this one, and not yet so many years ago, by the lines of any claim received, paid for or
    /// not.
    /// </summary>
    /// <param name="same">Lines of the claim that were claimed before, a bit each: they are no prosthesis of their own.</param>
    [Rule("B6")]
    public static bool IsTooRecent(CheckCoverage question, int line, uint same, ISiblings siblings)
    {
        ref readonly var later = ref question.Lines[line];
        var years = question.Questions[line].RenewalYears;
        if (years == 0)
            return false;
        for (var i = 0; i < question.Lines.Length; i++)
        {
            if ((same & 1u << i) == 0 && IsTooSoonAfter(question.Lines[i], later, years))
                return true;
        }

        foreach (var other in siblings.WithProsthesis(question.Claim, later.CareDate.AddYears(-years), Days.Before(later.CareDate)))
        {
            for (var i = 0; i < other.Lines.Length; i++)
            {
                if (other.Outcomes[i].Reason != Reason.DuplicateLine && IsTooSoonAfter(other.Lines[i], later, years))
                    return true;
            }
        }

        return false;
    }

    /// <summary>True when so many years have not passed between a prosthesis and a later one of the kind at the place.</summary>
    public static bool IsTooSoonAfter(in ClaimLine earlier, in ClaimLine later, int years) =>
        IsLike(later, earlier) && earlier.CareDate < later.CareDate && earlier.CareDate.AddYears(years) > later.CareDate;

    /// <summary>True for two bridges, or two partial dentures, with a tooth in common; a line that does not say its place may be at any.</summary>
    public static bool IsLike(in ClaimLine line, in ClaimLine other)
    {
        if (!IsProsthesis(line.Act) || !IsProsthesis(other.Act) || line.Act == Act.PartialDenture != (other.Act == Act.PartialDenture))
            return false;
        return line.Prosthesis.Teeth == 0 || other.Prosthesis.Teeth == 0 || (line.Prosthesis.Teeth & other.Prosthesis.Teeth) != 0;
    }

    /// <summary>True for the acts of which the kind is fitted again at a place only after some years: bridges and partial dentures.</summary>
    public static bool IsProsthesis(Act act) => act is Act.PartialDenture or Act.LongBridge or Act.BridgeRenewal;

    /// <summary>How a line is like others that were claimed for the same day, act and provider.</summary>
    private readonly record struct Likeness(bool IsSame, bool IsSimilar)
    {
        public Likeness With(in ClaimLine line, Claim other, bool onlyFirst)
        {
            var likeness = this;
            for (var i = 0; i < other.Lines.Length; i++)
            {
                var isRepeat = other.Outcomes[i].Reason == Reason.DuplicateLine || (onlyFirst && (other.SameLines & 1u << i) != 0);
                if (!isRepeat && !other.Outcomes[i].MayBePresentedAgain)
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
