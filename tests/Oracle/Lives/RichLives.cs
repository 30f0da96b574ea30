using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Tests.Scenarios.Lives;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Lives;

/// <summary>
/// A few hundred students with more events than a whole town: care around every day on which something begins or ends,
/// amounts that round, approvals that do not reach, sheets filed twice, facts that come months late, payments that come
/// back, appeals. Every command is one that a student, an institution or the fund could send.
/// </summary>
internal sealed partial class RichLives(Dice dice)
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

        // A student who leaves has the grace and nothing after it.
        var accepted = isKnown && dice.Chance(40) ? Opens : Register(id, enrolment, enrolled, 2025);
        var careDays = new List<DateOnly>
        {
            accepted,
            accepted.AddDays(-1),
            accepted.AddDays(3),
            accepted.AddDays(90),
            accepted.AddDays(200),
            GraceEnds,
            GraceEnds.AddDays(1),
            GraceEnds.AddDays(20)
        };
        if (Owes(enrolment) || dice.Chance(15))
            Contribute(id, enrolment, enrolled, accepted, careDays);
        if (dice.Chance(20))
            Transfer(id, enrolment, enrolled, accepted, careDays);
        if (dice.Chance(35))
            OtherCoverage(id, enrolled, accepted, careDays);
        if (dice.Chance(35))
            Interruption(id, accepted, careDays);
        if (dice.Chance(30))
            Exemption(id, accepted, careDays);
        for (var claims = 2 + dice.Below(4); claims > 0; claims--)
            Care(
                id, enrolment.Category,
                careDays[dice.Below(careDays.Count)].AddDays(dice.Chance(70) ? 0 : dice.Below(40)));
        if (dice.Chance(20))
            Prostheses(id, enrolment.Category, accepted);
        if (dice.Chance(15))
            RepeatedProstheses(id, enrolment.Category, accepted);
        if (dice.Chance(15))
            PaidInParts(id, enrolment, accepted);
        if (dice.Chance(30))
            Refunds(id, enrolment.Category, accepted);
        if (dice.Chance(25))
            Register(id, Later(enrolment), new DateOnly(2026, 9, 10).AddDays(dice.Below(160)), 2026);
        if (dice.Chance(20))
            Add(new IssueCertificate(id, Next(), accepted.AddDays(dice.Below(420)), accepted.AddDays(420)));
    }

    private EnrolmentRecord Enrolment(DateOnly enrolled)
    {
        var category = dice.Of(
            Category.PublicUniversity, Category.PublicHigherEducation, Category.PrivateHigherEducation,
            Category.PrivateHigherEducation, Category.PrivateVocational,
            Category.PrivatePreparatory, Category.Ofppt, Category.PrivateTraditional);
        var cycle = category == Category.PrivateTraditional
            ? Cycle.TraditionalFinalStage
            : category is Category.PrivateVocational or Category.Ofppt ? Cycle.Vocational : Cycle.HigherEducation;

        // Every tenth comes about his thirty-first birthday.
        var birth = dice.Chance(10)
            ? enrolled.AddYears(-31).AddDays(dice.Below(3) - 1)
            : enrolled.AddYears(-18).AddDays(-dice.Below(4_000));
        return new EnrolmentRecord(category, cycle, dice.Chance(10), 1 + dice.Below(9), birth, dice.Chance(60));
    }

    private DateOnly Register(StudentId id, EnrolmentRecord enrolment, DateOnly day, int year)
    {
        var reference = Next();
        Add(
            new Declare(
                id, reference, day, day, enrolment, dice.Chance(8) ? CoverageKind.Cnss : CoverageKind.None, year));
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

    /// <summary>
    /// The next year at another institution, of another category, with or without a bank account (C2, K8).
    /// </summary>
    private EnrolmentRecord Later(in EnrolmentRecord enrolment) => dice.Chance(50)
        ? enrolment
        : Enrolment(Opens) with
        {
            BirthDate = enrolment.BirthDate,
            Institution = enrolment.Institution + dice.Below(3)
        };

    /// <summary>
    /// Declared again at another institution, before or after the acceptance (D7); now and then at the same.
    /// </summary>
    private void Transfer(
        StudentId id, in EnrolmentRecord enrolment, DateOnly enrolled, DateOnly accepted, List<DateOnly> careDays)
    {
        var day = dice.Chance(25) ? enrolled.AddDays(2) : accepted.AddDays(1 + dice.Below(180));
        var other = Enrolment(enrolled) with
        {
            BirthDate = enrolment.BirthDate,
            Institution = enrolment.Institution + dice.Of(0, 1, 1, 1)
        };
        Add(new Declare(id, Next(), day, day, other, CoverageKind.None, 2025));
        careDays.AddRange([day.AddDays(30), day.AddDays(31)]);
        if (dice.Chance(50))
            Add(new PresentReceipt(id, Next(), day.AddDays(3), day.AddDays(3), other.Institution));
        if (Owes(other) && dice.Chance(50))
            Add(new ReceiveContribution(id, Next(), day.AddDays(40), day.AddDays(dice.Of(40, 90)), 40_000, 2025));
    }

    private void Contribute(
        StudentId id, EnrolmentRecord enrolment, DateOnly enrolled, DateOnly accepted, List<DateOnly> careDays)
    {
        var due = accepted.AddDays(30);
        careDays.AddRange([due, due.AddDays(1)]);
        if (dice.Chance(70))
            Add(
                new PayContribution(
                    id, Next(), enrolled.AddDays(1), enrolled.AddDays(1), Amount(), enrolment.Institution, Year()));
        if (dice.Chance(10))
            Add(
                new PayContribution(
                    id, Next(), enrolled.AddDays(9), enrolled.AddDays(9), Amount(),
                    enrolment.Institution + dice.Below(2), Year()));
        if (dice.Chance(20))
            return;
        var received = due.AddDays(dice.Of(-25, -5, 0, 1, 2, 30, 60));
        careDays.AddRange([received, received, received.AddDays(-1)]);
        for (var times = dice.Chance(75) ? 1 : 2 + dice.Below(2); times > 0; times--)
        {
            Add(
                new ReceiveContribution(
                    id, Next(), received, received.AddDays(dice.Chance(40) ? dice.Below(120) : 0), Amount(), Year()));
            if (dice.Chance(10))
                Add(new CorrectFact(id, Next(), received, received.AddDays(150), CommandKind.ReceiveContribution));
            if (dice.Chance(70))
                received = received.AddDays(dice.Below(40));
        }
    }

    private long Amount() => dice.Chance(75) ? 40_000 : dice.Of(20_000, 20_000, 39_900, 45_000);

    private int Year() => dice.Chance(88) ? 2025 : dice.Of(2024, 2026);

    /// <summary>
    /// Both parents are insured, or one of them, or another: each cover begins, ends and is spoken of on its own (S2,
    /// T7).
    /// </summary>
    private void OtherCoverage(StudentId id, DateOnly enrolled, DateOnly accepted, List<DateOnly> careDays)
    {
        var kind = dice.Of(CoverageKind.Cnss, CoverageKind.Cnss, CoverageKind.Cnops);

        // What is known before the acceptance is taken to have ended by it; what begins after it is not.
        var from = dice.Chance(30) ? enrolled.AddDays(-dice.Below(60)) : accepted.AddDays(10 + dice.Below(150));
        Coverage(
            id, kind, dice.Of(CoverageHolder.None, CoverageHolder.Father, CoverageHolder.Father), from, accepted,
            careDays);
        if (dice.Chance(60))
            Coverage(
                id, dice.Chance(60) ? kind : CoverageKind.ArmedForces,
                dice.Of(CoverageHolder.Mother, CoverageHolder.Mother, CoverageHolder.Father),
                from.AddDays(dice.Of(0, 0, 15, 45)), accepted, careDays);
        if (dice.Chance(10))
            Add(new EndOtherCoverage(id, Next(), from.AddDays(20), from.AddDays(80)));
    }

    private void Coverage(
        StudentId id, CoverageKind kind, CoverageHolder holder, DateOnly from, DateOnly accepted,
        List<DateOnly> careDays)
    {
        var known = from.AddDays(dice.Chance(60) ? 60 + dice.Below(200) : 0);
        if (from < accepted)
            known = dice.Chance(70) ? accepted.AddDays(-1) : accepted.AddDays(dice.Below(100));
        careDays.AddRange([from, from.AddDays(-1), from.AddDays(20)]);
        Add(new ReportOtherCoverage(id, Next(), from, known, kind, dice.Chance(50), holder));
        if (from < accepted && dice.Chance(50))
            Add(
                new ReportOtherCoverage(
                    id, Next(), accepted.AddDays(dice.Of(-20, -1, 0)), accepted.AddDays(dice.Below(90)), kind,
                    dice.Chance(70), holder));
        if (dice.Chance(65))
        {
            var last = dice.Chance(10) ? from.AddDays(-1) : Latest(from, accepted).AddDays(30 + dice.Below(60));
            careDays.AddRange([last, last.AddDays(1)]);
            var learnt = Latest(known, last).AddDays(dice.Below(30));
            Add(new EndOtherCoverage(id, Next(), last, learnt, kind, holder, dice.Chance(70)));
            if (dice.Chance(20))
                Add(new EndOtherCoverage(id, Next(), last, learnt.AddDays(5), kind, holder, dice.Chance(50)));
            if (dice.Chance(20))
                Add(Correct(id, last, learnt.AddDays(60), CommandKind.EndOtherCoverage, kind, holder));
        }

        if (dice.Chance(20))
            Add(Correct(id, accepted.AddDays(-1), accepted.AddDays(120), CommandKind.EndOtherCoverage, kind, holder));
        if (dice.Chance(30))
            Add(Correct(id, from, known.AddDays(100), CommandKind.ReportOtherCoverage, kind, holder));
    }

    private CorrectFact Correct(
        StudentId id, DateOnly day, DateOnly known, CommandKind fact, CoverageKind kind, CoverageHolder holder) =>
        dice.Chance(60)
            ? new CorrectFact(id, Next(), day, known, fact, kind, holder)
            : new CorrectFact(id, Next(), day, known, fact);

    /// <summary>Unexcused, excused, unexcused again, with days that say two things (S3, S4).</summary>
    private void Interruption(StudentId id, DateOnly accepted, List<DateOnly> careDays)
    {
        var from = accepted.AddDays(dice.Below(30));
        var suspends = from.AddMonths(6);
        var excused = from.AddDays(dice.Of(0, 30, 60, 150, 182, 190));
        var days = dice.Of(1, 10, 40);
        careDays.AddRange(
            [
                suspends, suspends, suspends.AddDays(-1), suspends.AddDays(10), suspends.AddDays(days),
                suspends.AddDays(days - 1)
            ]);
        Add(
            new InterruptStudies(
                id, Next(), from, from.AddDays(dice.Below(30)),
                dice.Of(
                    InterruptionReason.Work, InterruptionReason.Work, InterruptionReason.Travel,
                    InterruptionReason.Illness)));
        if (dice.Chance(60))
        {
            Add(
                new ChangeInterruptionReason(
                    id, Next(), excused, excused.AddDays(30 + dice.Below(200)),
                    dice.Of(InterruptionReason.Illness, InterruptionReason.Pregnancy, InterruptionReason.Work)));
            if (dice.Chance(80))
                Add(
                    new ChangeInterruptionReason(
                        id, Next(), excused.AddDays(days), excused.AddDays(days + dice.Below(200)),
                        dice.Of(InterruptionReason.Personal, InterruptionReason.Work)));
            if (dice.Chance(30))
                Add(
                    new CorrectFact(
                        id, Next(), dice.Of(excused, excused.AddDays(days)), excused.AddDays(300),
                        CommandKind.ChangeInterruptionReason));
        }

        if (dice.Chance(60))
        {
            var back = suspends.AddDays(dice.Below(60) - 10);
            careDays.Add(back);
            Add(new ResumeStudies(id, Next(), back, back.AddDays(dice.Below(90))));
            if (dice.Chance(10))
                Add(new ChangeInterruptionReason(id, Next(), back, back.AddDays(90), InterruptionReason.Work));
            if (dice.Chance(30))
                Add(
                    new CorrectFact(
                        id, Next(), dice.Of(back, from, excused), back.AddDays(120),
                        dice.Of(
                            CommandKind.ResumeStudies, CommandKind.InterruptStudies,
                            CommandKind.ChangeInterruptionReason)));
        }
    }

    private void Exemption(StudentId id, DateOnly accepted, List<DateOnly> careDays)
    {
        var (from, illness) = (accepted.AddDays(dice.Below(40)), 1 + dice.Below(41));
        careDays.AddRange([from, from.AddDays(30)]);
        Add(
            new DecideExemption(
                id, Next(), from, from.AddDays(dice.Chance(50) ? 0 : 100), dice.Chance(85), illness,
                from.AddDays(150)));
        if (dice.Chance(40))
            Add(
                new DecideExemption(
                    id, Next(), from.AddDays(dice.Of(0, 0, 30)), from.AddDays(120), dice.Chance(40),
                    dice.Chance(70) ? illness : 42, from.AddDays(100)));
        if (dice.Chance(25))
            Add(new CorrectFact(id, Next(), from, from.AddDays(200), CommandKind.DecideExemption));
    }

    private static bool Owes(in EnrolmentRecord enrolment) => Model.Scheme.Owes(enrolment);

    private static DateOnly Latest(DateOnly one, DateOnly other) => one > other ? one : other;

    private void Add(Command command)
    {
        _commands.Add(command);
        if (dice.Chance(2))
            _commands.Add(command with { Known = command.Known.AddDays(dice.Of(0, 30)) });
    }

    private ulong Next() => ++_reference;
}
