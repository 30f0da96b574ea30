using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Domain;

/// <summary>Commands as a story says them: the day first, what is usual left out.</summary>
internal static class Say
{
    public const int OnouscDesk = 2;
    private static ulong _reference = 1000;

    public static StudentId Student { get; } = new(7);

    public static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateOnly? MaybeDay(string? day) => day is null ? null : Day(day);

    /// <summary>A student of a public university, twenty years old, with a bank account.</summary>
    public static EnrolmentRecord Public(string born = "2003-05-05") =>
        new(Category.PublicUniversity, Cycle.HigherEducation, false, 11, Day(born), true);

    /// <summary>A student of a private institution: he owes the contribution.</summary>
    public static EnrolmentRecord Private() => Public() with { Category = Category.PrivateHigherEducation };

    public static Declare Declares(
        string day, EnrolmentRecord? enrolment = null, CoverageKind coverage = CoverageKind.None, int year = 2023) =>
        new(Student, Next(), Day(day), Day(day), enrolment ?? Public(), coverage, year);

    public static ForwardApplication Forwards(string day, ApplicationDesk desk = ApplicationDesk.Onousc) =>
        new(Student, Next(), Day(day), Day(day), desk);

    public static TransmitApplication Transmits(string day) => new(Student, Next(), Day(day), Day(day));

    public static AnswerFromAnam AnamFinds(string day, CoverageKind coverage = CoverageKind.None) =>
        new(Student, Next(), Day(day), Day(day), coverage);

    public static ResendRegistration Resends(string day, int year) => new(Student, Next(), Day(day), Day(day), year);

    public static CarryOverRegistration CarriesOver(
        string day, string from, int year, EnrolmentRecord? enrolment = null) =>
        new(Student, Next(), Day(day), Day(day), enrolment ?? Public(), year, Day(from));

    public static PayContribution Pays(string day, long centimes = 40_000, int institution = 11, int? year = null) =>
        new(Student, Next(), Day(day), Day(day), centimes, institution, year ?? YearOf(day));

    public static ReceiveContribution FundReceives(
        string day, string? known = null, long centimes = 40_000, int? year = null) =>
        new(Student, Next(), Day(day), Day(known ?? day), centimes, year ?? YearOf(day));

    /// <summary>The academic year a day lies in, or before which it lies, of the default calendar.</summary>
    public static int YearOf(string day) => Day(day) is var date && date.Month >= 8 ? date.Year : date.Year - 1;

    public static PresentReceipt ShowsReceipt(string day, int institution) =>
        new(Student, Next(), Day(day), Day(day), institution);

    public static ReportOtherCoverage HasOtherCoverage(
        string from, string known, CoverageKind coverage = CoverageKind.Cnss, bool byAnam = true,
        CoverageHolder holder = CoverageHolder.None) =>
        new(Student, Next(), Day(from), Day(known), coverage, byAnam, holder);

    public static EndOtherCoverage LosesOtherCoverage(
        string lastDay, string known, CoverageKind coverage = CoverageKind.Cnss, bool byAnam = true,
        CoverageHolder holder = CoverageHolder.None) =>
        new(Student, Next(), Day(lastDay), Day(known), coverage, holder, byAnam);

    public static InterruptStudies Interrupts(
        string day, InterruptionReason reason = InterruptionReason.Work, string? known = null) =>
        new(Student, Next(), Day(day), Day(known ?? day), reason);

    public static ChangeInterruptionReason ChangesReason(string day, InterruptionReason reason, string? known = null) =>
        new(Student, Next(), Day(day), Day(known ?? day), reason);

    public static ResumeStudies Resumes(string day, string? known = null) =>
        new(Student, Next(), Day(day), Day(known ?? day));

    public static DecideExemption Exempts(
        string from, string until, bool granted = true, int illness = 5, string? known = null) =>
        new(Student, Next(), Day(from), Day(known ?? from), granted, illness, Day(until));

    /// <summary>An operator takes back the fact of this kind and date.</summary>
    public static CorrectFact TakesBack(
        CommandKind fact, string on, string known, CoverageKind coverage = CoverageKind.None,
        CoverageHolder holder = CoverageHolder.None) =>
        new(Student, Next(), Day(on), Day(known), fact, coverage, holder);

    /// <summary>
    /// An operator takes back the decision on a request for approval; 0 is the one of that day learnt last.
    /// </summary>
    public static CorrectFact TakesBackApproval(string on, string known, ulong request = 0) =>
        new(Student, Next(), Day(on), Day(known), CommandKind.DecideApproval, Request: request);

    public static RequestApproval AsksApproval(
        string day, ulong reference, Act act = Act.Physiotherapy, int units = 10) =>
        new(Student, reference, Day(day), Day(day), act, units);

    public static DecideApproval ControlGrants(
        string day, ulong reference, int units, string? known = null, byte attempt = 0) =>
        new(Student, reference, Day(day), Day(known ?? day), units) { Attempt = attempt };

    public static IssueCertificate AsksCertificate(string day) => new(Student, Next(), Day(day), Day(day));

    public static AskEntitlement AsksEntitlement(string on, string known) => new(Student, Day(on), Day(known));

    public static DepositClaim Deposits(string day, ulong claim, params ClaimLine[] lines) =>
        new(Student, claim, Day(day), Day(day), ClaimWay.Reimbursement, OnouscDesk, 0, true, FileItems.All, lines);

    public static DepositClaim ProviderDeposits(string day, ulong claim, params ClaimLine[] lines) =>
        Deposits(day, claim, lines) with { Way = ClaimWay.ThirdParty, Desk = Reference.FundDesk, Provider = 900 };

    public static CompleteClaim Completes(
        string day, ulong claim, FileItems items, byte attempt = 0, ClaimLine[]? lines = null) =>
        new(Student, claim, Day(day), Day(day), items, lines) { Attempt = attempt };

    public static ReceiveClaim Receives(string day, ulong claim) => new(Student, claim, Day(day), Day(day));

    public static OrderPayment Orders(string day, ulong claim) => new(Student, claim, Day(day), Day(day));

    public static ConfirmPayment Confirms(string day, ulong claim, int payment = 0) =>
        new(Student, claim, Day(day), Day(day), payment);

    public static ReviewClaim Reviews(string day, ulong claim, bool granted = true, byte attempt = 0) =>
        new(Student, claim, Day(day), Day(day), granted) { Attempt = attempt };

    public static ResolveDuplicate Resolves(string day, ulong claim, bool isDuplicate) =>
        new(Student, claim, Day(day), Day(day), isDuplicate);

    public static AppealClaim Appeals(string day, ulong claim, byte attempt = 0) =>
        new(Student, claim, Day(day), Day(day)) { Attempt = attempt };

    public static DecideAppeal DecidesAppeal(string day, ulong claim, bool granted) =>
        new(Student, claim, Day(day), Day(day), granted);

    public static ReopenClaim Reopens(string day, ulong claim, byte attempt = 0) =>
        new(Student, claim, Day(day), Day(day)) { Attempt = attempt };

    public static ReportPaymentReturned ComesBack(string day, ulong claim, byte attempt = 0, int payment = 0) =>
        new(Student, claim, Day(day), Day(day), payment) { Attempt = attempt };

    public static ReissuePayment Reissues(string day, ulong claim, byte attempt = 0) =>
        new(Student, claim, Day(day), Day(day)) { Attempt = attempt };

    public static RecoverOverpayment Recovers(
        string day, ulong claim, long centimes, byte attempt = 0, Payee payee = Payee.None) =>
        new(Student, claim, Day(day), Day(day), centimes, payee) { Attempt = attempt };

    public static ClaimLine Care(
        string day, Act act = Act.GeneralPractitioner, long paid = 8_000, long reference = 0, int quantity = 1,
        CareSector sector = CareSector.Private, Circumstances circumstances = Circumstances.None) =>
        new(
            act, sector, Day(day), (ushort)quantity, (uint)paid, (uint)reference, circumstances,
            Prosthesis: Repeats.IsProsthesis(act)
                ? new Prosthesis((byte)(act == Act.PartialDenture ? 3 : 4), Prosthesis.UpperJaw)
                : default);

    /// <summary>The way of an application that ANAM accepts on the last day.</summary>
    public static Command[] IsAccepted(string day, EnrolmentRecord? enrolment = null, int year = 2023) =>
    [
        Declares(day, enrolment, year: year),
        Forwards(day, Desk(enrolment ?? Public())),
        Transmits(day),
        AnamFinds(day),
    ];

    private static ApplicationDesk Desk(EnrolmentRecord enrolment) => enrolment.Category switch
    {
        Category.Ofppt => ApplicationDesk.Ofppt,
        Category.PrivateVocational or Category.MinistryVocational => ApplicationDesk.AnamPortal,
        _ => ApplicationDesk.Onousc,
    };

    private static ulong Next() => Interlocked.Increment(ref _reference);

    private static class Reference
    {
        public const int FundDesk = Amoe.Engine.Reference.ReferenceData.FundDeskId;
    }
}
