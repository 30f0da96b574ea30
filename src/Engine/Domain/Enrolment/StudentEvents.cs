using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// Last year's registration was brought over; the right runs from <paramref name="From"/> to the end of the year, and
/// in grace after it.
/// </summary>
public sealed record RegistrationCarriedOver(
    EnrolmentRecord Enrolment, int Year, DateOnly From, DateOnly Until, DateOnly GraceUntil) : StudentEvent;

/// <summary>The yearly declaration was put on record (D1).</summary>
public sealed record DeclarationRecorded(
    EnrolmentRecord Enrolment, CoverageKind Coverage, int Year, DateOnly EnrolledOn,
    CoverageHolder Holder = CoverageHolder.None) : StudentEvent;

/// <summary>
/// A further enrolment of the year was put on record, at another institution, while an application of that year is
/// under way or accepted (D7). The application stays where it is.
/// </summary>
/// <param name="ContributionDue">
/// The day by which the contribution is due that it makes owed (T3); null where it makes none owed.
/// </param>
/// <param name="ContributionCentimes">As in <see cref="ApplicationAccepted"/>.</param>
public sealed record FurtherEnrolmentRecorded(
    EnrolmentRecord Enrolment, int Year, DateOnly EnrolledOn, DateOnly? ContributionDue,
    long ContributionCentimes) : StudentEvent;

/// <summary>The institution sent the application to its desk (D3).</summary>
public sealed record ApplicationForwarded(ApplicationDesk Desk) : StudentEvent;

/// <summary>The fund has the application and ANAM checks it (D3).</summary>
public sealed record ApplicationSentToAnam : StudentEvent;

/// <summary>The university re-sent the file: an application for the new year without a declaration (D7).</summary>
public sealed record RegistrationResent(int Year, DateOnly EnrolledOn) : StudentEvent;

/// <summary>
/// The fund registered the student: a right with its grace (D4, D8), and the day by which a contribution is due, where
/// one is (T3).
/// </summary>
/// <param name="ContributionCentimes">
/// What is owed by that day; 0 in journals that did not say it, where any receipt settled it.
/// </param>
public sealed record ApplicationAccepted(
    int Year, DateOnly From, DateOnly Until, DateOnly GraceUntil, DateOnly? ContributionDue,
    long ContributionCentimes = 0) : StudentEvent;

/// <summary>The application was refused, with its reason.</summary>
public sealed record ApplicationRefused(int Year, Reason Reason) : StudentEvent;

/// <summary>The student paid the contribution of a year to his institution (C3).</summary>
/// <param name="Year">
/// The academic year, by the year in which it starts; 0 in journals that did not say it: the year on record then.
/// </param>
/// <param name="On">The day he paid; null in journals that did not say it.</param>
public sealed record ContributionPaid(long AmountCentimes, int Institution, int Year, DateOnly? On) : StudentEvent;

/// <summary>The fund received the contribution of a year (C3).</summary>
/// <param name="Year">As in <see cref="ContributionPaid"/>.</param>
public sealed record ContributionReceived(long AmountCentimes, DateOnly On, int Year) : StudentEvent;

/// <summary>The receipt of another institution counts for the contribution at this one (C4).</summary>
public sealed record ContributionWaived(int Institution) : StudentEvent;

/// <summary>
/// So much of the money of a year is not expected: it is held, shown as such, and never vanishes (C5).
/// </summary>
/// <param name="Year">As in <see cref="ContributionPaid"/>.</param>
/// <param name="Reason">Why; none in journals that did not say it.</param>
public sealed record ContributionHeld(long AmountCentimes, int Year, Reason Reason) : StudentEvent;

/// <summary>So much is held no more: it is expected after all, or the receipt was taken back (C5).</summary>
public sealed record ContributionReleased(long AmountCentimes, int Year) : StudentEvent;

/// <summary>
/// An operator took back the receipt of a year and a date that was learnt last: it never was (S5, T7).
/// </summary>
public sealed record ReceiptCorrected(int Year, DateOnly On, long AmountCentimes) : StudentEvent;

/// <summary>Other basic coverage is known from a date on: reported, declared or found (S2).</summary>
public sealed record OtherCoverageReported(
    CoverageKind Coverage, DateOnly From, bool ByAnam, CoverageHolder Holder = CoverageHolder.None) : StudentEvent;

/// <summary>
/// An other coverage ended; the date is its last day (S4). What the student says of it alone ends nothing.
/// </summary>
/// <param name="Coverage">None in journals that did not name it: every coverage that lasted then.</param>
public sealed record OtherCoverageEnded(
    DateOnly LastDay, CoverageKind Coverage = CoverageKind.None, CoverageHolder Holder = CoverageHolder.None,
    CoverageSource Source = CoverageSource.Anam) : StudentEvent;

/// <summary>
/// Studies were interrupted, for all that is known. <paramref name="Suspends"/> is the day S3 takes effect if the clock
/// starts with this fact, null where the reason excuses.
/// </summary>
/// <param name="Pauses">
/// True where an excused spell that begins with this fact pauses a running clock; else it resets the clock (S4).
/// </param>
public sealed record StudiesInterrupted(
    DateOnly From, InterruptionReason Reason, DateOnly? Suspends, bool Pauses = false) : StudentEvent;

/// <summary>
/// The reason of the interruption changed. <paramref name="Suspends"/> and <paramref name="Pauses"/> as in
/// <see cref="StudiesInterrupted"/>.
/// </summary>
public sealed record InterruptionReasonChanged(
    DateOnly On, InterruptionReason Reason, DateOnly? Suspends, bool Pauses = false) : StudentEvent;

/// <summary>Studies were resumed.</summary>
public sealed record StudiesResumed(DateOnly On) : StudentEvent;

/// <summary>The right is suspended from a date on, for a cause of S1-S3, and no end is known.</summary>
public sealed record RightSuspended(SuspensionCause Cause, DateOnly From) : StudentEvent;

/// <summary>The suspension that had no end has one: the right holds again from this day (S4).</summary>
public sealed record RightResumed(SuspensionCause Cause, DateOnly On) : StudentEvent;

/// <summary>
/// What was learnt late changed history: these, oldest first, are all the suspensions for a cause, whatever was known
/// before (S5).
/// </summary>
public sealed record SuspensionsRevised(SuspensionCause Cause, Period[] Periods) : StudentEvent
{
    public bool Equals(SuspensionsRevised? other) =>
        other is not null && Cause == other.Cause && Periods.AsSpan().SequenceEqual(other.Periods);

    public override int GetHashCode() => HashCode.Combine(Cause, Periods.Length);
}

/// <summary>From a first day to a last one, both included; without a last one while no end is known.</summary>
public readonly record struct Period(DateOnly From, DateOnly? Until);

/// <summary>The grace ran out without renewal: the day is the first without a right (D8).</summary>
public sealed record RightLapsed(int Year, DateOnly On) : StudentEvent;

/// <summary>The medical control decided on exemption from the patient's share (B9).</summary>
/// <param name="Supersedes">
/// True where it replaces the decisions on this illness of the same first day (T7). In journals of the first version
/// decisions existed beside each other.
/// </param>
public sealed record ExemptionDecided(bool Granted, int Illness, DateOnly From, DateOnly Until, bool Supersedes = true)
    : StudentEvent;

/// <summary>Approval was asked of the medical control (B10).</summary>
/// <param name="On">The day of the request; null in journals that did not say it.</param>
public sealed record ApprovalRequested(ulong Approval, Act Act, int Units, DateOnly? On) : StudentEvent;

/// <summary>
/// The medical control decided: units granted (0 is a refusal) and the approval's first and last day. Of the decisions
/// on a request the last one holds (T7).
/// </summary>
/// <param name="Until">Null where the approval has no end.</param>
public sealed record ApprovalDecided(ulong Approval, int Units, DateOnly From, DateOnly? Until) : StudentEvent;

/// <summary>
/// The last decision on a request, with this first day, was taken back: the one before it holds again, or the request
/// is not decided (S5, T7).
/// </summary>
public sealed record ApprovalDecisionTakenBack(ulong Approval, DateOnly On) : StudentEvent;

/// <summary>Units of an approval were taken for a claim.</summary>
public sealed record ApprovalUsed(ulong Approval, ulong Claim, int Units) : StudentEvent;

/// <summary>An approval came to have fewer units than were taken: a claim has so many of them left (B10).</summary>
public sealed record ApprovalUnitsRevised(ulong Approval, ulong Claim, int Units) : StudentEvent;

/// <summary>An approval ran out before it was used up: the day is the first without it.</summary>
public sealed record ApprovalLapsed(ulong Approval, DateOnly On) : StudentEvent;

/// <summary>A certificate was issued that runs to this day (D5).</summary>
public sealed record CertificateIssued(DateOnly Until) : StudentEvent;

/// <summary>
/// An operator took back the fact of this kind and date that was learnt last: it never held, and an earlier one of the
/// date holds again (S5, T7).
/// </summary>
/// <param name="Coverage">Which coverage the fact is of; none for other facts.</param>
public sealed record FactTakenBack(
    CommandKind Fact, DateOnly On, CoverageKind Coverage = CoverageKind.None,
    CoverageHolder Holder = CoverageHolder.None) : StudentEvent;

/// <summary>
/// In journals of the first version: an operator took back all facts of this kind's timeline and date (S5). Today each
/// is a <see cref="FactTakenBack"/> or a <see cref="ReceiptCorrected"/>.
/// </summary>
/// <param name="AmountCentimes">What the receipts of that date came to; 0 for other facts.</param>
public sealed record FactCorrected(CommandKind Fact, DateOnly On, long AmountCentimes) : StudentEvent;

/// <summary>Why a right is suspended. The numbers are in the journal.</summary>
public enum SuspensionCause : byte
{
    None = 0,

    /// <summary>S1: the fund has not received the contribution due.</summary>
    Contribution = 1,

    /// <summary>S2: other basic coverage.</summary>
    OtherCoverage = 2,

    /// <summary>S3: studies interrupted for more than six months.</summary>
    Interruption = 3,
}
