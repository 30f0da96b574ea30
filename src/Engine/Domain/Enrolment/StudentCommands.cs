using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// A registration of last year brought over from the fund's earlier files, so that a year opens with last year's
/// registrants (T8).
/// </summary>
/// <param name="RightFrom">The first day of the right.</param>
/// <param name="Year">The academic year of the registration, by the year in which it starts.</param>
public sealed record CarryOverRegistration(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known,
    EnrolmentRecord Enrolment, int Year, DateOnly RightFrom) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.CarryOverRegistration;

    protected override void AddContent(ref ContentHash hash)
    {
        Enrolment.AddTo(ref hash);
        hash.Add(Year);
        hash.Add(RightFrom);
    }
}

/// <summary>
/// The student's yearly declaration (D1): with other coverage it is put on record and asks for nothing; without, it is
/// an application. Effective on the day of (re-)enrolment.
/// </summary>
/// <param name="Coverage">The other coverage declared, or none.</param>
/// <param name="Year">The academic year, by the year in which it starts.</param>
/// <param name="Holder">Whose insurance the coverage is.</param>
public sealed record Declare(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known,
    EnrolmentRecord Enrolment, CoverageKind Coverage, int Year,
    CoverageHolder Holder = CoverageHolder.None) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.Declare;

    protected override void AddContent(ref ContentHash hash)
    {
        Enrolment.AddTo(ref hash);
        hash.Add((long)Coverage | (long)Holder << ContentHash.HolderBit);
        hash.Add(Year);
    }
}

/// <summary>
/// The institution sends the application on to ONOUSC, OFPPT or the ANAM portal, as a line of a list (D3).
/// </summary>
/// <param name="Desk">The network of the desk the list is sent to.</param>
public sealed record ForwardApplication(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known,
    ApplicationDesk Desk) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ForwardApplication;

    protected override void AddContent(ref ContentHash hash) => hash.Add((long)Desk);
}

/// <summary>The desk transmits the application to the fund, which has ANAM check it (D3).</summary>
public sealed record TransmitApplication(StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known)
    : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.TransmitApplication;

    protected override void AddContent(ref ContentHash hash)
    {
    }
}

/// <summary>
/// ANAM's answer, on which the fund registers or refuses (D3). Effective and known on the day of the fund's notice
/// (D4).
/// </summary>
/// <param name="Coverage">The other coverage ANAM found, or none.</param>
/// <param name="Holder">Whose insurance the coverage is.</param>
public sealed record AnswerFromAnam(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known, CoverageKind Coverage,
    CoverageHolder Holder = CoverageHolder.None)
    : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.AnswerFromAnam;

    protected override void AddContent(ref ContentHash hash) =>
        hash.Add((long)Coverage | (long)Holder << ContentHash.HolderBit);
}

/// <summary>
/// A university re-sends the file of a student registered before, who need declare nothing himself (D7).
/// </summary>
public sealed record ResendRegistration(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known,
    int Year) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ResendRegistration;

    protected override void AddContent(ref ContentHash hash) => hash.Add(Year);
}

/// <summary>The student pays the contribution into his institution's account (C3): that alone opens nothing.</summary>
/// <param name="Year">The academic year it is for, by the year in which it starts.</param>
public sealed record PayContribution(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known, long AmountCentimes, int Institution,
    int Year) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.PayContribution;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add(AmountCentimes);
        hash.Add(Institution);
        hash.Add(Year);
    }
}

/// <summary>
/// The fund receives the contribution from the institution: only this counts (C3, S1). Effective on the day of receipt.
/// </summary>
/// <param name="Year">The academic year it is for, by the year in which it starts.</param>
public sealed record ReceiveContribution(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known, long AmountCentimes,
    int Year) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ReceiveContribution;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add(AmountCentimes);
        hash.Add(Year);
    }
}

/// <summary>
/// Enrolled in two institutions, the student shows the second the receipt of the first, and pays nothing there (C4).
/// </summary>
/// <param name="Institution">The second institution, to which the receipt is shown.</param>
public sealed record PresentReceipt(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known,
    int Institution) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.PresentReceipt;

    protected override void AddContent(ref ContentHash hash) => hash.Add(Institution);
}

/// <summary>ANAM or the student reports other basic coverage (S2). Effective on the day it began (T5).</summary>
/// <param name="Coverage">The scheme that covers the student.</param>
/// <param name="ByAnam">False where the student reports it himself.</param>
/// <param name="Holder">Whose insurance it is: a coverage is one kind of one holder.</param>
public sealed record ReportOtherCoverage(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known, CoverageKind Coverage, bool ByAnam,
    CoverageHolder Holder = CoverageHolder.None)
    : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ReportOtherCoverage;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add((long)Coverage | (long)Holder << ContentHash.HolderBit);
        hash.Add(ByAnam);
    }
}

/// <summary>
/// ANAM confirms, or the student reports, that an other coverage has ended (S4). Effective on its last day.
/// </summary>
/// <param name="Coverage">The scheme that covered the student.</param>
/// <param name="Holder">Whose insurance it was.</param>
/// <param name="ByAnam">True when ANAM confirms it: only then does the right resume (S4).</param>
public sealed record EndOtherCoverage(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known,
    CoverageKind Coverage = CoverageKind.None, CoverageHolder Holder = CoverageHolder.None, bool ByAnam = true)
    : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.EndOtherCoverage;

    protected override void AddContent(ref ContentHash hash)
    {
        // The first version named no coverage, and its fingerprints are in journals.
        if (Coverage == CoverageKind.None && Holder == CoverageHolder.None && ByAnam)
            return;
        hash.Add((long)Coverage | (long)Holder << ContentHash.HolderBit);
        hash.Add(ByAnam);
    }
}

/// <summary>Studies are interrupted (S3). Effective on the first day of the interruption.</summary>
public sealed record InterruptStudies(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known,
    InterruptionReason Reason) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.InterruptStudies;

    protected override void AddContent(ref ContentHash hash) => hash.Add((long)Reason);
}

/// <summary>The reason of a running interruption changes (S4). Effective on the day of the change.</summary>
public sealed record ChangeInterruptionReason(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known,
    InterruptionReason Reason) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ChangeInterruptionReason;

    protected override void AddContent(ref ContentHash hash) => hash.Add((long)Reason);
}

/// <summary>Studies are resumed (S4). Effective on the first day back.</summary>
public sealed record ResumeStudies(StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known)
    : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ResumeStudies;

    protected override void AddContent(ref ContentHash hash)
    {
    }
}

/// <summary>
/// The medical control decides on exemption from the patient's share for a chronic illness (B9). Effective on its first
/// day.
/// </summary>
/// <param name="Illness">The number of the illness in the Health Minister's list.</param>
/// <param name="Until">The exemption's last day.</param>
public sealed record DecideExemption(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known, bool Granted, int Illness,
    DateOnly Until) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.DecideExemption;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add(Granted);
        hash.Add(Illness);
        hash.Add(Until);
    }
}

/// <summary>Prior approval is asked of the medical control, or by a clinic its cover of a stay (B10, K2).</summary>
/// <param name="Act">The act.</param>
/// <param name="Units">Sessions, elements or stays asked for.</param>
public sealed record RequestApproval(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known, Act Act,
    int Units) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.RequestApproval;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add((long)Act);
        hash.Add(Units);
    }
}

/// <summary>
/// The medical control's decision on a request for approval (B10). Effective on the approval's first day.
/// </summary>
/// <param name="Units">Units granted, at most those asked for; 0 refuses.</param>
public sealed record DecideApproval(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known,
    int Units) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.DecideApproval;

    protected override void AddContent(ref ContentHash hash) => hash.Add(Units);
}

/// <summary>A certificate of registration is issued, with its period (D5).</summary>
public sealed record IssueCertificate(StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known)
    : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.IssueCertificate;

    protected override void AddContent(ref ContentHash hash)
    {
    }
}

/// <summary>
/// An operator takes back a fact that was wrong: it never held (S5). What is right instead comes as a fact of its own.
/// Effective on the effective date of the wrong fact.
/// </summary>
/// <param name="Fact">
/// What kind of fact it was: <see cref="CommandKind.ReportOtherCoverage"/>, <see cref="CommandKind.EndOtherCoverage"/>,
/// <see cref="CommandKind.InterruptStudies"/>, <see cref="CommandKind.ChangeInterruptionReason"/>,
/// <see cref="CommandKind.ResumeStudies"/>, <see cref="CommandKind.ReceiveContribution"/>,
/// <see cref="CommandKind.DecideExemption"/> or <see cref="CommandKind.DecideApproval"/>.
/// </param>
/// <param name="Coverage">
/// Which coverage, where the fact is of one; none takes the fact of that date learnt last.
/// </param>
/// <param name="Holder">Whose insurance, where a coverage is named.</param>
/// <param name="Request">
/// The reference of the request, where the fact is a decision on approval; 0 takes the one of that date learnt last.
/// </param>
public sealed record CorrectFact(
    StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known, CommandKind Fact,
    CoverageKind Coverage = CoverageKind.None, CoverageHolder Holder = CoverageHolder.None,
    ulong Request = 0) : Command(Student, Reference, Effective, Known)
{
    public override CommandKind Kind => CommandKind.CorrectFact;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add(
            (long)Fact
                | (long)Coverage << ContentHash.CoverageBit
                | (long)Holder << (ContentHash.CoverageBit + ContentHash.HolderBit));
        if (Request != 0)
            hash.Add(Request);
    }
}

/// <summary>
/// Is the student entitled on this date? (D5: what the fund's platform answers a provider.) Answered with an
/// <see cref="EntitlementAnswer"/>.
/// </summary>
public sealed record AskEntitlement(StudentId Student, DateOnly On, DateOnly Known) : Query(Student, Known)
{
    public override CommandKind Kind => CommandKind.AskEntitlement;
}

/// <summary>The answer to <see cref="AskEntitlement"/>.</summary>
/// <param name="Entitled">True when care on that day is covered, as known now.</param>
/// <param name="Reason">Why not.</param>
/// <param name="CertificateUntil">
/// The last day the certificate of registration runs to (D5), where there is a right.
/// </param>
public sealed record EntitlementAnswer(bool Entitled, Reason Reason, DateOnly? CertificateUntil);
