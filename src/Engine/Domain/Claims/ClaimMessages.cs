using Amoe.Engine.Domain.Benefits;

namespace Amoe.Engine.Domain.Claims;

/// <summary>A claim asks its student's actor: were you covered on these days, and do your approvals cover these acts?</summary>
public sealed record CheckCoverage(ulong Claim, CoverageQuestion[] Questions) : Message(Claim);

/// <summary>About one line.</summary>
/// <param name="NeedsApproval">True when the act needs prior approval or cover (B10, K2).</param>
/// <param name="Emergency">True when approval may be dated after the care (K2).</param>
public readonly record struct CoverageQuestion(DateOnly CareDate, Act Act, int Units, bool NeedsApproval, bool Emergency);

/// <summary>The student's answer, line by line in the order of the questions.</summary>
/// <param name="HasBankAccount">True when a bank account is on record (K8).</param>
public sealed record CoverageAnswer(ulong Claim, bool HasBankAccount, LineCoverage[] Lines) : Message(Claim);

/// <summary>What the student's actor says of one line.</summary>
/// <param name="Reason">Why the line is not covered, or <see cref="Reason.None"/>.</param>
/// <param name="ExemptFromShare">True when the patient's share is waived on the date of care (B9).</param>
/// <param name="ApprovedUnits">Units an approval covers; all of them where none is needed.</param>
public readonly record struct LineCoverage(Reason Reason, bool ExemptFromShare, int ApprovedUnits);

/// <summary>A student tells his claims that his standing on these days is not what it was: those judged with a line on one of them are judged again (S5).</summary>
/// <param name="From">The first day.</param>
/// <param name="Until">The last day.</param>
public sealed record CoverageChanged(DateOnly From, DateOnly Until) : Message(0);
