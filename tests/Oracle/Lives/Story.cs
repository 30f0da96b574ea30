using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Vocabulary;
using Amoe.Oracle.Model;

namespace Amoe.Oracle.Lives;

/// <summary>One student's commands, sent one by one to the model, with its answers.</summary>
internal sealed class Story
{
    public static readonly DateOnly Opens = new(2025, 9, 1);
    private static readonly StudentId Id = new(7);
    private readonly SchemeModel _model;
    private ulong _reference = 1_000;

    public Story(Scheme? scheme = null) => _model = new SchemeModel(scheme ?? new Scheme());

    /// <summary>Every command so far, so that an engine can be sent the same.</summary>
    public List<Command> Sent { get; } = [];

    public Person Person => _model.Find(Id)!;

    public Sums Sums => _model.Sums;

    /// <summary>The contributions held (C5).</summary>
    public decimal Held => Contributions.Held(Person, _model.Scheme);

    public static DateOnly D(int year, int month, int day) => new(year, month, day);

    public static EnrolmentRecord At(
        int institution, Category category = Category.PublicUniversity, bool account = true) =>
        new(category, Cycle.HigherEducation, false, institution, D(2004, 1, 1), account);

    public Reason On(DateOnly day) => new EntitledDays(Person, _model.Scheme).Validate(day);

    /// <summary>
    /// The first and the last day of every time without entitlement between two days, with the reason.
    /// </summary>
    public IEnumerable<(Reason Reason, DateOnly From, DateOnly Until)> Gaps(DateOnly from, DateOnly until)
    {
        var days = new EntitledDays(Person, _model.Scheme);
        var (reason, since) = (Reason.None, from);
        for (var day = from; day <= until.AddDays(1); day = day.AddDays(1))
        {
            var now = day <= until ? days.Validate(day) : Reason.None;
            if (now == reason)
                continue;
            if (reason != Reason.None)
                yield return (reason, since, day.AddDays(-1));
            (reason, since) = (now, day);
        }
    }

    public ClaimFile Claim(ulong sheet) => Person.Claims[sheet];

    public OracleReply Take(Command command)
    {
        Sent.Add(command);
        return _model.Take(command);
    }

    /// <summary>An entitlement period since the year began, of a student without contributions owed.</summary>
    public Story Open(EnrolmentRecord? enrolment = null)
    {
        Take(new CarryOverRegistration(Id, Next(), Opens, Opens, enrolment ?? At(1), 2025, Opens));
        return this;
    }

    public OracleReply Declare(
        DateOnly day, EnrolmentRecord enrolment, int year = 2025, CoverageKind coverage = CoverageKind.None,
        CoverageHolder holder = CoverageHolder.None) =>
        Take(new Declare(Id, Next(), day, day, enrolment, coverage, year, holder));

    /// <summary>The declaration, its way and ANAM's answer, all of one day.</summary>
    public OracleReply Register(DateOnly day, EnrolmentRecord enrolment, int year = 2025)
    {
        Declare(day, enrolment, year);
        return Answer(day);
    }

    /// <summary>The way of an application that is declared, and ANAM's answer.</summary>
    public OracleReply Answer(
        DateOnly day, CoverageKind coverage = CoverageKind.None, CoverageHolder holder = CoverageHolder.None)
    {
        Take(
            new ForwardApplication(
                Id, Next(), day, day,
                Person.Enrolment.Category == Category.Ofppt ? ApplicationDesk.Ofppt : ApplicationDesk.Onousc));
        Take(new TransmitApplication(Id, Next(), day, day));
        return Take(new AnswerFromAnam(Id, Next(), day, day, coverage, holder));
    }

    public OracleReply Pay(DateOnly day, int dirhams = 400, int year = 2025, int institution = 1) =>
        Take(new PayContribution(Id, Next(), day, day, dirhams * 100, institution, year));

    public OracleReply Receive(DateOnly day, int dirhams = 400, int year = 2025) =>
        Take(new ReceiveContribution(Id, Next(), day, day, dirhams * 100, year));

    public OracleReply ShowReceipt(DateOnly day, int institution) =>
        Take(new PresentReceipt(Id, Next(), day, day, institution));

    public OracleReply Covered(
        DateOnly from, CoverageKind kind, CoverageHolder holder = CoverageHolder.None, bool byAnam = true) =>
        Take(new ReportOtherCoverage(Id, Next(), from, from, kind, byAnam, holder));

    public OracleReply CoverageEnds(
        DateOnly lastDay, CoverageKind kind = CoverageKind.None, CoverageHolder holder = CoverageHolder.None,
        bool byAnam = true) =>
        Take(new EndOtherCoverage(Id, Next(), lastDay, lastDay, kind, holder, byAnam));

    public OracleReply Correct(
        CommandKind fact, DateOnly day, CoverageKind coverage = CoverageKind.None,
        CoverageHolder holder = CoverageHolder.None, ulong request = 0) =>
        Take(new CorrectFact(Id, Next(), day, day, fact, coverage, holder, request));

    public OracleReply Interrupt(DateOnly day, InterruptionReason reason) =>
        Take(new InterruptStudies(Id, Next(), day, day, reason));

    public OracleReply ChangeReason(DateOnly day, InterruptionReason reason) =>
        Take(new ChangeInterruptionReason(Id, Next(), day, day, reason));

    public OracleReply Resume(DateOnly day) => Take(new ResumeStudies(Id, Next(), day, day));

    public OracleReply Exempt(DateOnly from, DateOnly until, int illness = 1, bool granted = true) =>
        Take(new DecideExemption(Id, Next(), from, from, granted, illness, until));

    public OracleReply Ask(ulong request, Act act, int units) =>
        Take(new RequestApproval(Id, request, Opens, Opens, act, units));

    public OracleReply Approve(ulong request, DateOnly from, int units) =>
        Take(new DecideApproval(Id, request, from, from, units) { Attempt = Attempt() });

    public OracleReply Deposit(ulong sheet, DateOnly day, params ClaimLine[] lines) =>
        Deposit(sheet, day, ClaimWay.Reimbursement, lines);

    public OracleReply Deposit(ulong sheet, DateOnly day, ClaimWay way, params ClaimLine[] lines) =>
        Take(new DepositClaim(Id, sheet, day, day, way, ReferenceData.FundDeskId, 5, true, FileItems.All, lines));

    public OracleReply DepositAt(DeskNetwork network, ulong sheet, DateOnly day) => Take(new DepositClaim(
        Id, sheet, day, day, ClaimWay.Reimbursement, ReferenceData.Desks.First(desk => desk.Network == network).Id, 5,
        true, FileItems.All, [Consultation(day)]));

    public OracleReply Complete(ulong sheet, DateOnly day, params ClaimLine[] lines) =>
        Take(new CompleteClaim(Id, sheet, day, day, FileItems.None, lines) { Attempt = Attempt() });

    /// <summary>Deposited and received on a day.</summary>
    public OracleReply File(ulong sheet, DateOnly day, params ClaimLine[] lines)
    {
        Deposit(sheet, day, lines);
        return Judge(sheet, day);
    }

    /// <summary>A third-party bill, deposited and received on a day.</summary>
    public OracleReply Bill(ulong sheet, DateOnly day, params ClaimLine[] lines)
    {
        Deposit(sheet, day, ClaimWay.ThirdParty, lines);
        return Judge(sheet, day);
    }

    public OracleReply Resolve(ulong sheet, DateOnly day, bool isDuplicate) =>
        Take(new ResolveDuplicate(Id, sheet, day, day, isDuplicate) { Attempt = Attempt() });

    public OracleReply Recover(ulong sheet, DateOnly day, int dirhams, Payee payee = Payee.None) =>
        Take(new RecoverOverpayment(Id, sheet, day, day, dirhams * 100, payee) { Attempt = Attempt() });

    public OracleReply Judge(ulong sheet, DateOnly day) =>
        Take(new ReceiveClaim(Id, sheet, day, day) { Attempt = Attempt() });

    public OracleReply Order(ulong sheet, DateOnly day) =>
        Take(new OrderPayment(Id, sheet, day, day) { Attempt = Attempt() });

    public OracleReply Confirm(ulong sheet, DateOnly day, int payment = 0) =>
        Take(new ConfirmPayment(Id, sheet, day, day, payment) { Attempt = Attempt() });

    public OracleReply ComesBack(ulong sheet, DateOnly day, int payment = 0) =>
        Take(new ReportPaymentReturned(Id, sheet, day, day, payment) { Attempt = Attempt() });

    public OracleReply Reissue(ulong sheet, DateOnly day) =>
        Take(new ReissuePayment(Id, sheet, day, day) { Attempt = Attempt() });

    public OracleReply Reopen(ulong sheet, DateOnly day) =>
        Take(new ReopenClaim(Id, sheet, day, day) { Attempt = Attempt() });

    /// <summary>The amounts due to the two payees of a third-party bill; below zero where they owe.</summary>
    public (decimal Provider, decimal Student) Due(ulong sheet) =>
        (Claim(sheet).AccountOf(PaidTo.Provider)!.Due, Claim(sheet).AccountOf(PaidTo.Student)!.Due);

    /// <summary>Every payment of a claim: its payee and its amount.</summary>
    public (PaidTo Payee, decimal Dirhams)[] Payments(ulong sheet) =>
        [.. Claim(sheet).Payments.Select(payment => (payment.Account.Payee, payment.Dirhams))];

    /// <summary>Reason and dirhams of each line of a claim.</summary>
    public (Reason Reason, decimal Dirhams)[] Lines(ulong sheet) =>
        [.. Claim(sheet).Lines.Select(line => (line.Reason, line.Amount))];

    public static ClaimLine Consultation(DateOnly care, int paid = 100) =>
        new(Act.GeneralPractitioner, CareSector.Private, care, 1, (uint)paid * 100, 0);

    public static ClaimLine Childbirth(DateOnly care, int dirhams = 1_000) =>
        new(Act.Childbirth, CareSector.Private, care, 1, (uint)dirhams * 100, (uint)dirhams * 100);

    public static ClaimLine Sessions(DateOnly care, int sessions, int paid) =>
        new(Act.Physiotherapy, CareSector.Private, care, (ushort)sessions, (uint)paid * 100, 0);

    public static ClaimLine Tooth(Act act, DateOnly care, int elements, uint teeth, int paid = 1_000) =>
        new(
            act, CareSector.Private, care, 1, (uint)paid * 100, (uint)paid * 100,
            Prosthesis: new Prosthesis((byte)elements, teeth));

    private byte Attempt() => (byte)(Sent.Count % 100);

    private ulong Next() => ++_reference;
}
