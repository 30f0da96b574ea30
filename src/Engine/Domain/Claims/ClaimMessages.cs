using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// A claim asks its student's actor: were you covered on these days, do your approvals cover these acts, and was this
/// claimed before?
/// </summary>
/// <param name="Provider">The care provider.</param>
/// <param name="Lines">The claim's lines, one for each question.</param>
public sealed record CheckCoverage(ulong Claim, int Provider, ClaimLine[] Lines, CoverageQuestion[] Questions)
    : Message(Claim)
{
    /// <summary>Why the claim is judged again; none when it is judged for the first time.</summary>
    public RevisionCause Cause { get; init; }

    /// <summary>What was learnt late, where that is the cause: only lines it concerns are judged again.</summary>
    public LateTruth? Learnt { get; init; }

    /// <summary>What was decided on the lines; empty when they are judged for the first time.</summary>
    public LineOutcome[] Former { get; init; } = [];

    /// <summary>Lines known to have been claimed before, a bit each (X1).</summary>
    public uint SameLines { get; init; }

    /// <summary>Lines known to look like earlier ones but for the amount, a bit each (X1).</summary>
    public uint SimilarLines { get; init; }

    /// <summary>
    /// True when nothing of a line is decided again, given the student's standing on its day of care.
    /// </summary>
    /// <param name="standing">Why the student is not entitled on that day, or none.</param>
    internal bool Stays(int line, Reason standing) => Questions[line].Scope switch
    {
        QuestionScope.Nothing => true,
        QuestionScope.Entitlement =>
            standing == (Former[line].IsWithoutEntitlement ? Former[line].Reason : Reason.None),
        _ => false,
    };
}

/// <summary>About one line.</summary>
/// <param name="NeedsApproval">True when the act needs prior approval or cover (B10, K2).</param>
/// <param name="Emergency">True when approval may be dated after the care (K2).</param>
public readonly record struct CoverageQuestion(
    DateOnly CareDate, Act Act, int Units, bool NeedsApproval, bool Emergency)
{
    /// <summary>What of the line is decided.</summary>
    internal QuestionScope Scope { get; init; }

    /// <summary>Why the line is refused for itself, apart from its student, or none.</summary>
    public Reason Refusal { get; init; }

    /// <summary>True when the line is compared with those claimed before (X1).</summary>
    public bool Compared { get; init; }

    /// <summary>True when the line is paid under an approval whose units the claim has: they stay with it.</summary>
    public bool HoldsUnits { get; init; }

    /// <summary>True when the line holds units and may have more: its approvals are not what they were.</summary>
    public bool TakesMore { get; init; }

    /// <summary>How many years must have passed since the like was fitted (B6); 0 where it does not matter.</summary>
    public int RenewalYears { get; init; }
}

/// <summary>What of a line is decided.</summary>
internal enum QuestionScope : byte
{
    /// <summary>All of it.</summary>
    Line,

    /// <summary>
    /// All of it where the student's standing on the day of care is not what it was; else the line stays as it is.
    /// </summary>
    Entitlement,

    /// <summary>Nothing: the line stays as it is.</summary>
    Nothing,
}

/// <summary>The student's answer, line by line in the order of the questions.</summary>
public sealed record CoverageAnswer(CheckCoverage Question, StudentId Student, LineCoverage[] Lines)
    : Message(Question.Claim)
{
    /// <summary>Lines claimed before, a bit each (X1).</summary>
    public uint SameLines { get; init; }

    /// <summary>Lines that look like earlier ones but for the amount, a bit each (X1).</summary>
    public uint SimilarLines { get; init; }
}

/// <summary>What the student's actor says of one line.</summary>
/// <param name="Reason">Why the line is not covered, or <see cref="Reason.None"/>.</param>
/// <param name="ExemptFromShare">True when the patient's share is waived on the date of care (B9).</param>
/// <param name="ApprovedUnits">Units an approval covers; all of them where none is needed.</param>
/// <param name="Repeats">
/// Why the line is refused for what was claimed before (X1, B6), if the act's own conditions do not refuse it.
/// </param>
public readonly record struct LineCoverage(
    Reason Reason, bool ExemptFromShare, int ApprovedUnits, Reason Repeats = Reason.None);
