using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Tests.Scenarios;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Lives;

/// <summary>
/// A few hundred students of whom more happens than of a town: care about every day on which something begins or ends, amounts that round, approvals that do
/// not reach, sheets filed twice, facts that come months late, payments that come back, appeals. Every command is one that somebody could send.
/// </summary>
internal sealed class RichLives(Dice dice)
{
    private static readonly DateOnly Opens = new(2025, 9, 1);
    private static readonly DateOnly GraceEnds = new(2026, 1, 31);

    private readonly List<Command> _commands = [];
    private ulong _reference;

    /// <summary>In the order in which they become known.</summary>
    public List<Command> Of(int students)
    {
        for (var student = 1; student <= students; student++)
            Live(new StudentId((ulong)student));
        return [.. _commands.OrderBy(command => command.Known)];
    }

    private void Live(StudentId id)
    {
        var enrolled = Opens.AddDays(dice.Below(60));
        var enrolment = Enrolment(enrolled);
        var isKnown = dice.Chance(25);
        if (isKnown)
            Add(new CarryOverRegistration(id, Next(), Opens, Opens, enrolment, 2024, new DateOnly(2024, 9, 1)));

        // Who leaves has his grace and nothing after it.
        var accepted = isKnown && dice.Chance(40) ? Opens : Register(id, enrolment, enrolled, 2025);
        var careDays = new List<DateOnly> { accepted, accepted.AddDays(-1), accepted.AddDays(3), accepted.AddDays(90), accepted.AddDays(200), GraceEnds, GraceEnds.AddDays(1), GraceEnds.AddDays(20) };
        if (Owes(enrolment) || dice.Chance(5))
            Contribute(id, enrolment, enrolled, accepted, careDays);
        if (dice.Chance(25))
            OtherCoverage(id, accepted, careDays);
        if (dice.Chance(30))
            Interruption(id, accepted, careDays);
        if (dice.Chance(30))
            Exemption(id, accepted, careDays);
        for (var claims = 2 + dice.Below(4); claims > 0; claims--)
            Care(id, enrolment.Category, careDays[dice.Below(careDays.Count)].AddDays(dice.Chance(70) ? 0 : dice.Below(40)));
        if (dice.Chance(15))
            Register(id, enrolment, new DateOnly(2026, 9, 10).AddDays(dice.Below(160)), 2026);
        if (dice.Chance(20))
            Add(new IssueCertificate(id, Next(), accepted.AddDays(dice.Below(420)), accepted.AddDays(420)));
    }

    private EnrolmentRecord Enrolment(DateOnly enrolled)
    {
        var category = dice.Of(
            Category.PublicUniversity, Category.PublicHigherEducation, Category.PrivateHigherEducation, Category.PrivateHigherEducation, Category.PrivateVocational,
            Category.PrivatePreparatory, Category.Ofppt, Category.PrivateTraditional);
        var cycle = category == Category.PrivateTraditional ? Cycle.TraditionalFinalStage : category is Category.PrivateVocational or Category.Ofppt ? Cycle.Vocational : Cycle.HigherEducation;

        // Every tenth comes about his thirty-first birthday.
        var birth = dice.Chance(10) ? enrolled.AddYears(-31).AddDays(dice.Below(3) - 1) : enrolled.AddYears(-18).AddDays(-dice.Below(4_000));
        return new EnrolmentRecord(category, cycle, dice.Chance(10), 1 + dice.Below(9), birth, dice.Chance(60));
    }

    private DateOnly Register(StudentId id, EnrolmentRecord enrolment, DateOnly day, int year)
    {
        var reference = Next();
        Add(new Declare(id, reference, day, day, enrolment, dice.Chance(8) ? CoverageKind.Cnss : CoverageKind.None, year));
        day = day.AddDays(1 + dice.Below(10));
        var desk = enrolment.Category switch
        {
            Category.Ofppt => ApplicationDesk.Ofppt,
            Category.PrivateVocational => ApplicationDesk.AnamPortal,
            _ => ApplicationDesk.Onousc,
        };
        Add(new ForwardApplication(id, reference, day, day, desk));
        day = day.AddDays(1 + dice.Below(5));
        Add(new TransmitApplication(id, reference, day, day));
        day = day.AddDays(3 + dice.Below(12));
        Add(new AnswerFromAnam(id, reference, day, day, dice.Chance(8) ? CoverageKind.Cnops : CoverageKind.None));
        return day;
    }

    private void Contribute(StudentId id, EnrolmentRecord enrolment, DateOnly enrolled, DateOnly accepted, List<DateOnly> careDays)
    {
        var due = accepted.AddDays(30);
        careDays.AddRange([due, due.AddDays(1)]);
        if (dice.Chance(70))
            Add(new PayContribution(id, Next(), enrolled.AddDays(1), enrolled.AddDays(1), 40_000, enrolment.Institution, 2025));
        if (dice.Chance(20))
            return;
        var received = due.AddDays(dice.Of(-25, -5, 0, 1, 2, 30, 60));
        careDays.AddRange([received, received, received.AddDays(-1)]);
        Add(new ReceiveContribution(id, Next(), received, received.AddDays(dice.Chance(40) ? dice.Below(120) : 0), 40_000, 2025));
        if (dice.Chance(8))
            Add(new CorrectFact(id, Next(), received, received.AddDays(150), CommandKind.ReceiveContribution));
    }

    private void OtherCoverage(StudentId id, DateOnly accepted, List<DateOnly> careDays)
    {
        var from = accepted.AddDays(10 + dice.Below(150));
        var known = from.AddDays(dice.Chance(60) ? 60 + dice.Below(200) : 0);
        careDays.AddRange([from, from.AddDays(-1), from.AddDays(20)]);
        Add(new ReportOtherCoverage(id, Next(), from, known, CoverageKind.Cnss, dice.Chance(50)));
        if (dice.Chance(50))
        {
            var last = from.AddDays(30 + dice.Below(60));
            careDays.AddRange([last, last.AddDays(1)]);
            var learnt = Later(known, last).AddDays(dice.Below(30));
            Add(new EndOtherCoverage(id, Next(), last, learnt));
            if (dice.Chance(10))
                Add(new CorrectFact(id, Next(), last, learnt.AddDays(60), CommandKind.EndOtherCoverage));
        }

        if (dice.Chance(30))
            Add(new CorrectFact(id, Next(), from, known.AddDays(100), CommandKind.ReportOtherCoverage));
    }

    private void Interruption(StudentId id, DateOnly accepted, List<DateOnly> careDays)
    {
        var from = accepted.AddDays(dice.Below(30));
        var suspends = from.AddMonths(6);
        careDays.AddRange([suspends, suspends, suspends.AddDays(-1), suspends.AddDays(10)]);
        Add(new InterruptStudies(id, Next(), from, from.AddDays(dice.Below(30)), dice.Of(InterruptionReason.Work, InterruptionReason.Work, InterruptionReason.Travel, InterruptionReason.Illness)));
        if (dice.Chance(30))
            Add(new ChangeInterruptionReason(id, Next(), from.AddDays(60), from.AddDays(90), dice.Of(InterruptionReason.Personal, InterruptionReason.Pregnancy, InterruptionReason.Work)));
        if (dice.Chance(60))
        {
            var back = suspends.AddDays(dice.Below(60) - 10);
            careDays.Add(back);
            Add(new ResumeStudies(id, Next(), back, back.AddDays(dice.Below(90))));
            if (dice.Chance(30))
                Add(new CorrectFact(id, Next(), dice.Of(back, from, from.AddDays(60)), back.AddDays(120), dice.Of(CommandKind.ResumeStudies, CommandKind.InterruptStudies, CommandKind.ChangeInterruptionReason)));
        }
    }

    private void Exemption(StudentId id, DateOnly accepted, List<DateOnly> careDays)
    {
        var from = accepted.AddDays(dice.Below(40));
        careDays.AddRange([from, from.AddDays(30)]);
        Add(new DecideExemption(id, Next(), from, from.AddDays(dice.Chance(50) ? 0 : 100), dice.Chance(85), 1 + dice.Below(41), from.AddDays(150)));
        if (dice.Chance(10))
            Add(new CorrectFact(id, Next(), from, from.AddDays(200), CommandKind.DecideExemption));
    }

    private void Care(StudentId id, Category category, DateOnly care)
    {
        var isThirdParty = dice.Chance(20);
        var lines = new ClaimLine[1 + dice.Below(3)];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = Line(id, isThirdParty, care);
        var provider = dice.Below(40);
        var filed = care.AddDays(dice.Chance(80) ? 3 + dice.Below(30) : 200);
        File(id, category, isThirdParty, provider, lines, filed);
        if (dice.Chance(12))
            File(id, category, isThirdParty, provider, lines, filed.AddDays(5 + dice.Below(40)));
        if (dice.Chance(12))
            File(id, category, isThirdParty, provider, [.. lines.Select(line => line with { PaidCentimes = line.PaidCentimes + 1_050 })], filed.AddDays(5 + dice.Below(40)));
    }

    private void File(StudentId id, Category category, bool isThirdParty, int provider, ClaimLine[] lines, DateOnly filed)
    {
        var sheet = id.Value * 1_000 + Next() % 1_000;
        var items = dice.Chance(85) ? FileItems.All : FileItems.All & ~(FileItems.StudentCin | FileItems.TotalExpense | FileItems.Invoice | FileItems.PractitionerStamp);
        Add(new DepositClaim(id, sheet, filed, filed, isThirdParty ? ClaimWay.ThirdParty : ClaimWay.Reimbursement, Desk(category, isThirdParty), provider, true, items, lines));
        if (items != FileItems.All)
            Add(new CompleteClaim(id, sheet, filed.AddDays(5), filed.AddDays(5), FileItems.All));
        Add(new ReceiveClaim(id, sheet, filed.AddDays(10), filed.AddDays(10)));
        var day = filed.AddDays(12);
        if (dice.Chance(80))
            Add(new ResolveDuplicate(id, sheet, day, day, dice.Chance(50)));
        if (dice.Chance(90))
            Add(new ReviewClaim(id, sheet, day.AddDays(2), day.AddDays(2), dice.Chance(70)));
        Pay(id, sheet, day.AddDays(5 + dice.Below(20)), 0);
        if (dice.Chance(20))
            ComesBack(id, sheet, day.AddDays(40));
        if (dice.Chance(30))
            Pay(id, sheet, day.AddDays(60 + dice.Below(20)), 1);
        if (dice.Chance(20))
            Appeal(id, sheet, day.AddDays(90 + dice.Below(60)));
        if (dice.Chance(10))
            Add(new ReopenClaim(id, sheet, day.AddDays(170), day.AddDays(170)));
        if (dice.Chance(15))
            Add(new RecoverOverpayment(id, sheet, day.AddDays(180 + dice.Below(30)), day.AddDays(210), dice.Of(500, 1_000, 3_000, 6_400)));
        if (dice.Chance(50))
            Pay(id, sheet, day.AddDays(230 + dice.Below(60)), 2);
    }

    private void Pay(StudentId id, ulong sheet, DateOnly day, byte attempt)
    {
        Add(new OrderPayment(id, sheet, day, day) { Attempt = attempt });
        if (dice.Chance(90))
            Add(new ConfirmPayment(id, sheet, day.AddDays(8), day.AddDays(8)) { Attempt = attempt });
    }

    private void ComesBack(StudentId id, ulong sheet, DateOnly day)
    {
        Add(new ReportPaymentReturned(id, sheet, day, day));
        if (dice.Chance(70))
        {
            Add(new ReissuePayment(id, sheet, day.AddDays(10), day.AddDays(10)));
            Add(new ConfirmPayment(id, sheet, day.AddDays(15), day.AddDays(15)) { Attempt = 9 });
        }
    }

    private void Appeal(StudentId id, ulong sheet, DateOnly day)
    {
        Add(new AppealClaim(id, sheet, day, day));
        Add(new DecideAppeal(id, sheet, day.AddDays(20), day.AddDays(20), dice.Chance(70)));
    }

    private ClaimLine Line(StudentId id, bool isThirdParty, DateOnly care)
    {
        var act = isThirdParty
            ? dice.Of(Act.HospitalStay, Act.HospitalStay, Act.Childbirth, Act.Dialysis, Act.ListedCostlyMedicine, Act.CancerTreatment)
            : dice.Of(
                Act.GeneralPractitioner, Act.GeneralPractitioner, Act.Specialist, Act.OrdinaryMedicine, Act.OrdinaryMedicine, Act.Biology, Act.Biology, Act.Glasses, Act.Physiotherapy,
                Act.Physiotherapy, Act.DentalCare, Act.PartialDenture, Act.BridgeRenewal, Act.LongBridge, Act.MedicalDevice, Act.Veneer, Act.NonReimbursableMedicine);
        var quantity = act is Act.Biology ? 20 + dice.Below(120) : act is Act.Physiotherapy ? 6 : 1;
        var sector = dice.Chance(50) ? CareSector.Private : CareSector.Public;
        if (Model.Scheme.MayNeedApproval(act) || act == Act.HospitalStay && sector == CareSector.Private)
            Approve(id, act, care, quantity);

        // Centimes that do not come out even, and now and then less than the base.
        var paid = (uint)(4_003 + dice.Below(30_000));
        var circumstances = Circumstances.Ophthalmologist | Circumstances.ContractedClinic;
        return new ClaimLine(
            act, sector, care, (ushort)quantity, dice.Chance(3) ? paid * 30 : paid, (uint)(3_001 + dice.Below(30_000)),
            dice.Chance(90) ? circumstances : dice.Of(Circumstances.None, circumstances | Circumstances.Emergency));
    }

    private void Approve(StudentId id, Act act, DateOnly care, int units)
    {
        if (dice.Chance(15))
            return;
        var reference = Next();
        var from = care.AddDays(-dice.Of(5, 20, 60, 89, 90));
        Add(new RequestApproval(id, reference, from.AddDays(-2), from.AddDays(-2), act, units));
        Add(new DecideApproval(id, reference, from, from, dice.Chance(70) ? units : dice.Of(units - 1, units - 2, 0) is var fewer and > 0 ? fewer : 0));
    }

    private static int Desk(Category category, bool isThirdParty) => isThirdParty ? ReferenceData.FundDeskId : ReferenceData.Desks.First(desk => desk.Network == category switch
    {
        Category.Ofppt => DeskNetwork.Ofppt,
        Category.PrivateVocational => DeskNetwork.Fund,
        _ => DeskNetwork.Onousc,
    }).Id;

    private static bool Owes(in EnrolmentRecord enrolment) => Model.Scheme.Owes(enrolment);

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private void Add(Command command)
    {
        _commands.Add(command);
        if (dice.Chance(2))
            _commands.Add(command with { Known = command.Known.AddDays(dice.Of(0, 30)) });
    }

    private ulong Next() => ++_reference;
}
