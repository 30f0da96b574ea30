using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Scenarios.Lives;

/// <summary>
/// Lives of students as no scenario would plan them: the ordinary path with steps left out, sent twice, in the wrong
/// order, with dates and amounts that may or may not make sense.
/// </summary>
internal sealed class RandomLives(Dice dice)
{
    public static readonly DateOnly Opens = new(2025, 9, 1);
    private const int Horizon = 560;

    private readonly List<Command> _commands = [];
    private ulong _reference;

    /// <summary>The commands of a few hundred students in the order in which they become known.</summary>
    public List<Command> Of(int students)
    {
        for (var student = 1; student <= students; student++)
            Live(new StudentId((ulong)student));

        // Stable: what one student does on one day stays in its order.
        return [.. _commands.OrderBy(command => command.Known)];
    }

    private void Live(StudentId id)
    {
        var day = dice.Below(120);
        var enrolment = Enrolment();
        if (dice.Chance(15))
            Add(new CarryOverRegistration(id, Next(), Day(0), Day(0), enrolment, 2024, Day(-dice.Below(300))));
        for (var times = 1 + dice.Below(2); times > 0; times--)
            day = Register(id, enrolment, day, 2025);
        Contribute(id, enrolment, day);
        if (dice.Chance(25))
            OtherCoverage(id, day + dice.Below(350));
        if (dice.Chance(25))
            Interruption(id, day + dice.Below(150));
        if (dice.Chance(20))
            Exemption(id, day);
        for (var claims = dice.Below(5); claims > 0; claims--)
            ClaimFile(id, enrolment.Category, day + dice.Below(400) - 30);
        if (dice.Chance(4))
            OwesBack(id, enrolment.Category, day + 10);
        if (dice.Chance(4))
            PaidTwice(id, enrolment.Category, day + 10);
        if (dice.Chance(30))
            Register(id, enrolment, 365 + dice.Below(100), 2026);
        if (dice.Chance(10))
            Add(
                new Declare(
                    id, Next(), Day(day), Day(day + dice.Below(400)), enrolment,
                    dice.Of(CoverageKind.None, CoverageKind.Cnss), 2024));
        if (dice.Chance(6))
            Add(
                new Declare(
                    id, Next(), Day(day + 30), Day(day + 30),
                    Enrolment() with { Institution = enrolment.Institution + 1 }, CoverageKind.None, 2025));
        if (dice.Chance(10))
            Add(new IssueCertificate(id, Next(), Day(day + 40), Day(day + 40)));
        Correct(id, day);

        // A registration of the year before that comes when the student is known already.
        if (id.Value % 50 == 0)
            _commands.Add(new CarryOverRegistration(id, Next(), Day(day + 60), Day(day + 60), enrolment, 2024, Day(0)));
        if (dice.Chance(10))
            Add(new AskEntitlement(id, Day(dice.Below(Horizon)), Day(dice.Below(Horizon))));
    }

    /// <summary>
    /// Takes back facts that there are, of a kind that is not theirs, of another day, of a kind that is not corrected.
    /// </summary>
    private void Correct(StudentId id, int day)
    {
        var own = _commands.Where(command => command.Student == id
            && command.Known.Year < 2100
            && command is ReportOtherCoverage or EndOtherCoverage or InterruptStudies or ChangeInterruptionReason
            or ResumeStudies or ReceiveContribution or DecideExemption or DecideApproval).ToList();
        foreach (var fact in own)
        {
            if (dice.Chance(15))
                Add(Correction(id, fact));
        }

        if (dice.Chance(2))
            Add(
                new CorrectFact(
                    id, Next(), Day(day), Day(day), dice.Of(CommandKind.ReportOtherCoverage, CommandKind.Declare)));
    }

    /// <summary>Of a coverage by its name, by another's, or without one.</summary>
    private CorrectFact Correction(StudentId id, Command fact)
    {
        var (coverage, holder) = fact switch
        {
            ReportOtherCoverage r when dice.Chance(60) => (r.Coverage, r.Holder),
            EndOtherCoverage x when dice.Chance(60) => (x.Coverage, x.Holder),
            _ => (dice.Chance(5) ? CoverageKind.Ramed : CoverageKind.None, CoverageHolder.None),
        };
        return new CorrectFact(
            id, Next(), fact.Effective, fact.Known.AddDays(dice.Below(120)),
            dice.Chance(95) ? fact.Kind : CommandKind.EndOtherCoverage, coverage, holder);
    }

    private int Register(StudentId id, EnrolmentRecord enrolment, int day, int year)
    {
        var reference = Next();
        var coverage = dice.Chance(20) ? dice.Any<CoverageKind>() : CoverageKind.None;
        if (dice.Chance(15))
            Add(new ResendRegistration(id, reference, Day(day), Day(day), year));
        else if (!dice.Chance(4))
            Add(new Declare(id, reference, Day(day), Day(day), enrolment, coverage, year));
        day += dice.Below(20);
        if (!dice.Chance(4))
            Add(
                new ForwardApplication(
                    id, reference, Day(day), Day(day),
                    dice.Chance(6) ? dice.Any<ApplicationDesk>() : Registration.DeskOf(enrolment.Category)));
        day += dice.Below(10);
        if (!dice.Chance(4))
            Add(new TransmitApplication(id, reference, Day(day), Day(day)));
        day += dice.Below(30);
        if (!dice.Chance(4))
            Add(
                new AnswerFromAnam(
                    id, reference, Day(day), Day(day), dice.Chance(15) ? dice.Any<CoverageKind>() : CoverageKind.None));
        return day;
    }

    private void Contribute(StudentId id, EnrolmentRecord enrolment, int day)
    {
        if (enrolment.Category is not (Category.PrivateHigherEducation or Category.PrivateVocational)
            && !enrolment.PaidTrack
            && !dice.Chance(5))
            return;
        var amount = dice.Chance(5) ? 39_999 : 40_000;
        var reference = Next();
        for (var times = 1 + dice.Below(8) / 7; times > 0; times--)
        {
            var paid = day - 20 + dice.Below(60);
            if (dice.Chance(85))
                Add(new PayContribution(id, Next(), Day(paid), Day(paid), amount, enrolment.Institution, 2025));
            if (dice.Chance(30))
                Add(
                    new PresentReceipt(
                        id, Next(), Day(paid), Day(paid + 2),
                        dice.Chance(80) ? enrolment.Institution + 1 : enrolment.Institution));
            var received = paid + dice.Below(70);
            if (dice.Chance(75))
                Add(
                    new ReceiveContribution(
                        id, dice.Chance(90) ? reference : Next(), Day(received),
                        Day(received + dice.Below(dice.Chance(20) ? 400 : 3)), amount, dice.Chance(95) ? 2025 : 2024));
        }
    }

    /// <summary>
    /// Up to three coverages, of few names, so that their facts meet: on one date, out of order, with ends that are not
    /// confirmed, named otherwise or not at all.
    /// </summary>
    private void OtherCoverage(StudentId id, int day)
    {
        for (var times = 1 + dice.Below(3); times > 0; times--)
        {
            var (kind, holder) = (dice.Of(CoverageKind.Cnss, CoverageKind.Cnss, (CoverageKind)(1 + dice.Below(6))),
                Holder());
            var from = day - dice.Below(dice.Of(1, 60, 270));
            if (!dice.Chance(5))
                Add(new ReportOtherCoverage(id, Next(), Day(from), Day(day), kind, dice.Chance(50), holder));
            if (dice.Chance(20))
                Add(
                    new ReportOtherCoverage(
                        id, Next(), Day(dice.Of(from, day)), Day(day + 1), kind, dice.Chance(50),
                        dice.Chance(50) ? holder : Holder()));
            if (dice.Chance(60))
                Add(new EndOtherCoverage(
                    id, Next(), Day(dice.Chance(15) ? from - 1 : day + dice.Below(90) - 70), Day(day + 90),
                    dice.Chance(5) ? CoverageKind.None : kind,
                    dice.Chance(85) ? holder : Holder(), dice.Chance(70)));
            if (dice.Chance(20))
                Add(
                    new EndOtherCoverage(
                        id, Next(), Day(day + dice.Below(90) - 70), Day(day + 120), kind, holder, dice.Chance(70)));
        }
    }

    private CoverageHolder Holder() => dice.Of(CoverageHolder.None, CoverageHolder.Father, CoverageHolder.Mother);

    private void Interruption(StudentId id, int day)
    {
        if (!dice.Chance(5))
            Add(
                new InterruptStudies(
                    id, Next(), Day(day - dice.Below(200)), Day(day), (InterruptionReason)(1 + dice.Below(8))));
        if (dice.Chance(15))
            Add(new InterruptStudies(id, Next(), Day(day), Day(day + 3), InterruptionReason.Illness));
        if (dice.Chance(15))
        {
            var excused = day + dice.Below(150);
            Add(new ChangeInterruptionReason(id, Next(), Day(excused), Day(day + 160), InterruptionReason.Illness));
            Add(
                new ChangeInterruptionReason(
                    id, Next(), Day(excused + dice.Below(30)), Day(day + 161), InterruptionReason.Work));
        }
        if (dice.Chance(40))
            Add(
                new ChangeInterruptionReason(
                    id, Next(), Day(day + dice.Below(250) - 120), Day(day + 250),
                    (InterruptionReason)(1 + dice.Below(8))));
        if (dice.Chance(60))
            Add(new ResumeStudies(id, Next(), Day(day + dice.Below(300) - 60), Day(day + 300)));
    }

    /// <summary>Now and then decided again, of the same illness and day or of others.</summary>
    private void Exemption(StudentId id, int day)
    {
        var illness = 1 + dice.Below(41);
        Add(
            new DecideExemption(
                id, Next(), Day(day), Day(day + dice.Of(5, 200)), dice.Chance(80), illness, Day(day + 200)));
        if (dice.Chance(30))
            Add(
                new DecideExemption(
                    id, Next(), Day(day + dice.Of(0, 0, 3)), Day(day + 210), dice.Chance(40),
                    dice.Chance(80) ? illness : 41, Day(day + dice.Of(100, 200))));
    }

    private void ClaimFile(StudentId id, Category category, int care)
    {
        var sheet = (id.Value * 64) + Next() % 64;
        var lines = new ClaimLine[dice.Chance(1) ? dice.Of(0, DepositClaim.MaxLines + 1) : 1 + dice.Below(4)];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = Line(id, care);
        var way = dice.Chance(25) ? ClaimWay.ThirdParty : ClaimWay.Reimbursement;
        var provider = way == ClaimWay.ThirdParty ? 1 + dice.Below(500) : dice.Below(500);
        var complete = dice.Chance(75);
        var items = complete
            ? FileItems.All
            : FileItems.All & ~(FileItems)(1 << dice.Below(27)) & ~(FileItems)(1 << dice.Below(27));
        var day = care + dice.Below(90) - (dice.Chance(2) ? 95 : 0);
        Add(
            new DepositClaim(
                id, sheet, Day(day), Day(Math.Max(day, care)), way, Desk(category, way), provider, !dice.Chance(3),
                items, lines));
        day = Math.Max(day, care);
        if (dice.Chance(2))
            Add(
                new DepositClaim(
                    id, sheet, Day(day), Day(day), way, Desk(category, way), 7, true, items,
                    [Line(id, care)])
                { Attempt = 1 });
        if (dice.Chance(complete ? 5 : 70))
            Add(
                new CompleteClaim(
                    id, sheet, Day(day + 9), Day(day + 9), dice.Chance(70) ? FileItems.All : FileItems.Invoice));
        Judge(id, sheet, day + 10);
        Pay(id, sheet, day + 20);
        if (dice.Chance(4))
            Add(new CompleteClaim(id, sheet, Day(day + 32), Day(day + 32), FileItems.Invoice) { Attempt = 1 });
        if (dice.Chance(30))
            Afterwards(id, sheet, day + 33 + dice.Below(200));
        if (dice.Chance(15))
            Recover(id, sheet, day + 100 + dice.Below(200));

        // What was paid is not due: most lives have no such luck of their own.
        if (dice.Chance(4))
        {
            Add(
                new ReportOtherCoverage(
                    id, Next(), Day(care - dice.Below(5)), Day(day + 60), CoverageKind.Cnss, dice.Chance(50)));
            Recover(id, sheet, day + 61);
        }
        if (dice.Chance(20))
            PayLate(id, sheet, day + 60 + dice.Below(300));
        if (dice.Chance(5))
            Add(new AskClaim(id, sheet, Day(day + 50)));

        // The same care on another sheet: by mistake, or with another amount.
        if (lines.Length > 0 && dice.Chance(10))
            Repeat(
                id,
                new DepositClaim(
                    id, sheet ^ 32, Day(day + 1), Day(day + 1), way, Desk(category, way), Math.Max(1, provider), true,
                    FileItems.All, lines));
    }

    private void Repeat(StudentId id, DepositClaim first, int times = 2)
    {
        for (var time = 0; time < times; time++)
        {
            var sheet = first.Claim ^ (ulong)(time * 16);
            var lines = dice.Chance(50)
                ? first.Lines
                : Array.ConvertAll(first.Lines, line => line with { PaidCentimes = line.PaidCentimes / 2 });
            var day = first.Known.DayNumber - Opens.DayNumber + (time * dice.Below(40));
            Add(first with { Reference = sheet, Lines = lines, Effective = Day(day), Known = Day(day) });
            Judge(id, sheet, day + 1);
            Pay(id, sheet, day + 8);
            if (dice.Chance(30))
                Afterwards(id, sheet, day + 20);
        }
    }

    private void Judge(StudentId id, ulong sheet, int day)
    {
        if (!dice.Chance(5))
            Add(new ReceiveClaim(id, sheet, Day(day), Day(day)));
        if (dice.Chance(4))
            Add(new ReceiveClaim(id, sheet, Day(day + 1), Day(day + 1)) { Attempt = 1 });
        if (dice.Chance(60))
            Add(new ResolveDuplicate(id, sheet, Day(day + 2), Day(day + 2), dice.Chance(50)));
        if (dice.Chance(70))
            Add(new ReviewClaim(id, sheet, Day(day + 3), Day(day + 3), dice.Chance(70)));
    }

    private void Pay(StudentId id, ulong sheet, int day)
    {
        if (dice.Chance(80))
            Add(new OrderPayment(id, sheet, Day(day), Day(day)));
        if (dice.Chance(4))
            Add(new OrderPayment(id, sheet, Day(day + 1), Day(day + 1)) { Attempt = 1 });
        if (dice.Chance(3))
            Add(new ReportPaymentReturned(id, sheet, Day(day + 2), Day(day + 2)) { Attempt = 5 });
        if (dice.Chance(85))
            Add(new ConfirmPayment(id, sheet, Day(day + 10), Day(day + 10)));
        if (dice.Chance(4))
            Add(new ConfirmPayment(id, sheet, Day(day + 11), Day(day + 11)) { Attempt = 1 });
    }

    /// <summary>
    /// What may come after: appeals, payments that come back, recoveries, in any order and more often than they should.
    /// </summary>
    private void Afterwards(StudentId id, ulong sheet, int day)
    {
        for (byte attempt = 0; attempt < 1 + dice.Below(6); attempt++)
        {
            Add(Correction(id, sheet, day) with { Attempt = attempt });
            day += dice.Below(30);
        }
    }

    /// <summary>
    /// Paid, then covered elsewhere on the day of that care, and claiming again: what was paid is kept back.
    /// </summary>
    private void OwesBack(StudentId id, Category category, int day)
    {
        foreach (var (care, time) in ((int, int)[])[(day, 0), (day + 30, 1)])
        {
            var sheet = (id.Value * 64) + (ulong)(40 + time);
            var line = new ClaimLine(
                Act.Specialist, CareSector.Private, Day(care), 1, (uint)(1 + dice.Below(20_000)), 0);
            Add(
                new DepositClaim(
                    id, sheet, Day(care + 1), Day(care + 1), ClaimWay.Reimbursement,
                    Desk(category, ClaimWay.Reimbursement), 0, true, FileItems.All, [line]));
            Judge(id, sheet, care + 2);
            Pay(id, sheet, care + 6);
        }

        Add(new ReportOtherCoverage(id, Next(), Day(day - 2), Day(day + 25), CoverageKind.Cnss, true));
        Add(new EndOtherCoverage(id, Next(), Day(day + 10), Day(day + 26), CoverageKind.Cnss));
    }

    /// <summary>
    /// A file without its price, completed with more than that and then with that alone; paid, paid the rest by a late
    /// exemption, and one of the two payments comes back without its number.
    /// </summary>
    private void PaidTwice(StudentId id, Category category, int care)
    {
        var sheet = (id.Value * 64) + 50;
        var line = new ClaimLine(Act.Radiology, CareSector.Private, Day(care), 1, 60_000, 0);
        Add(
            new DepositClaim(
                id, sheet, Day(care + 1), Day(care + 1), ClaimWay.Reimbursement, Desk(category, ClaimWay.Reimbursement),
                0, true, FileItems.All, [line]));
        Add(
            new CompleteClaim(
                id, sheet, Day(care + 2), Day(care + 2), FileItems.None,
                [line with { PaidCentimes = 90_000, ReferenceCentimes = 90_000 }]));
        Add(
            new CompleteClaim(
                id, sheet, Day(care + 3), Day(care + 3), FileItems.None,
                [line with { ReferenceCentimes = 60_000 }])
            { Attempt = 1 });
        Judge(id, sheet, care + 4);
        Pay(id, sheet, care + 8);
        Add(new DecideExemption(id, Next(), Day(care - 1), Day(care + 20), true, 7, Day(care + 300)));
        PayLate(id, sheet, care + 21);
        Add(new ReportPaymentReturned(id, sheet, Day(care + 30), Day(care + 30)) { Attempt = 9 });
        Add(new ReportPaymentReturned(id, sheet, Day(care + 31), Day(care + 31), 1) { Attempt = 10 });
    }

    /// <summary>Ordered when something may be owed back on other claims.</summary>
    private void PayLate(StudentId id, ulong sheet, int day)
    {
        Add(new OrderPayment(id, sheet, Day(day), Day(day)) { Attempt = 30 });
        Add(new ConfirmPayment(id, sheet, Day(day + 5), Day(day + 5)) { Attempt = 30 });
    }

    /// <summary>More than any claim owes, and then some of it.</summary>
    private void Recover(StudentId id, ulong sheet, int day)
    {
        Add(new RecoverOverpayment(id, sheet, Day(day), Day(day), 100_000_000) { Attempt = 20 });
        Add(new RecoverOverpayment(id, sheet, Day(day + 1), Day(day + 1), 1_000) { Attempt = 21 });
    }

    private ClaimCommand Correction(StudentId id, ulong sheet, int day) => dice.Below(14) switch
    {
        0 => new ReviewClaim(id, sheet, Day(day), Day(day), dice.Chance(70)),
        1 => new ResolveDuplicate(id, sheet, Day(day), Day(day), dice.Chance(50)),
        2 or 3 => new AppealClaim(id, sheet, Day(day), Day(day)),
        4 => new DecideAppeal(id, sheet, Day(day), Day(day), dice.Chance(50)),
        5 => new ReportPaymentReturned(id, sheet, Day(day), Day(day), dice.Below(3)),
        6 => new ReissuePayment(id, sheet, Day(day), Day(day)),
        7 or 12 or 13 =>
            new RecoverOverpayment(id, sheet, Day(day), Day(day), 1 + dice.Below(dice.Of(1_000, 2_000_000))),
        8 or 9 => new OrderPayment(id, sheet, Day(day), Day(day)),
        10 => new ConfirmPayment(id, sheet, Day(day), Day(day)),
        _ => new ReopenClaim(id, sheet, Day(day), Day(day)),
    };

    private ClaimLine Line(StudentId id, int care)
    {
        var act = (Act)(1 + dice.Below(32));
        var quantity = (ushort)(1 + dice.Below(12));
        var approval = dice.Chance(70)
            && act is Act.Physiotherapy or Act.LongBridge or Act.BridgeRenewal or Act.PartialDenture or Act.Orthodontics
            or Act.MedicalDeviceOnApproval or Act.ImplantDevice or Act.HospitalStay;
        if (approval || dice.Chance(2))
            Approve(id, act, care);
        return new ClaimLine(
            act,
            act == Act.CareAbroad && dice.Chance(80)
                ? CareSector.Abroad
                : (CareSector)dice.Below(dice.Chance(5) ? 3 : 2),
            Day(care - dice.Below(3)), quantity,
            (uint)dice.Below(2_000_000), dice.Chance(3) ? 0 : (uint)dice.Below(1_500_000),
            dice.Chance(80) ? (Circumstances)15 & ~Circumstances.Emergency : (Circumstances)dice.Below(16),
            Prosthesis: Repeats.IsProsthesis(act) && dice.Chance(90)
                ? new Prosthesis(
                    (byte)dice.Below(13), dice.Of(0u, 0x38u, 0x1C0u, Prosthesis.UpperJaw, Prosthesis.LowerJaw))
                : default);
    }

    private void Approve(StudentId id, Act act, int care)
    {
        var reference = Next();
        var day = care - dice.Below(150);
        if (!dice.Chance(3))
            Add(new RequestApproval(id, reference, Day(day), Day(day), act, 1 + dice.Below(15)));
        if (dice.Chance(3))
            Add(new RequestApproval(id, reference, Day(day + 1), Day(day + 1), act, 2) { Attempt = 1 });
        if (!dice.Chance(5))
            Add(
                new DecideApproval(
                    id, reference, Day(day + 2), Day(day + 2 + (dice.Chance(20) ? dice.Below(200) : 0)),
                    dice.Below(12)));

        // Learnt later, of the same day: it holds (T7).
        if (dice.Chance(12))
            Add(
                new DecideApproval(
                    id, reference, Day(day + 2), Day(day + 2 + dice.Below(250)), dice.Below(15))
                { Attempt = 2 });
        if (dice.Chance(3))
            Add(new DecideApproval(id, reference, Day(day + 3), Day(day + 3), 5) { Attempt = 1 });
    }

    private EnrolmentRecord Enrolment()
    {
        var category = (Category)(1 + dice.Below(10));
        var cycle = category is Category.PublicTraditional or Category.PrivateTraditional
            ? dice.Of(Cycle.TraditionalFinalStage, Cycle.TraditionalFinalStage, Cycle.TraditionalEarlierStage)
            : dice.Of(
                Cycle.HigherEducation, Cycle.HigherEducation, Cycle.HigherEducation, Cycle.SpecialisedTechnician,
                Cycle.Vocational, Cycle.UnlicensedVocational);
        var age = 17 + dice.Below(dice.Chance(10) ? 20 : 10);
        return new EnrolmentRecord(
            category, cycle, dice.Chance(15), 1 + dice.Below(40),
            new DateOnly(2025 - age, 1 + dice.Below(12), 1 + dice.Below(28)), dice.Chance(70));
    }

    private int Desk(Category category, ClaimWay way)
    {
        if (dice.Chance(8))
            return dice.Below(60);
        if (way == ClaimWay.ThirdParty)
            return ReferenceData.FundDeskId;
        var network = category == Category.Ofppt ? DeskNetwork.Ofppt
            : category is Category.PrivateVocational or Category.MinistryVocational
            ? DeskNetwork.Fund
            : DeskNetwork.Onousc;
        return ReferenceData.Desks.First(desk => desk.Network == network).Id;
    }

    private void Add(Command command)
    {
        _commands.Add(command);

        // The same command may come again, the same day or much later; and now and then its id with another content.
        if (dice.Chance(2) && command.Known < DateOnly.MaxValue.AddDays(-90))
            _commands.Add(command with { Known = command.Known.AddDays(dice.Of(0, 1, 90)) });
        if (dice.Chance(1) && command.Effective > DateOnly.MinValue)
            _commands.Add(command with { Effective = command.Effective.AddDays(-1) });

        // And now and then it makes no sense at all.
        if (dice.Chance(1))
            _commands.Add(Nonsense.Of(command, dice) with { Attempt = (byte)(10 + dice.Below(200)) });
    }

    private ulong Next() => ++_reference;

    private static DateOnly Day(int day) => Opens.AddDays(Math.Clamp(day, -400, Horizon));
}
