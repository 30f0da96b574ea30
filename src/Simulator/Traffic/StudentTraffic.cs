using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>
/// The commands of students, institutions, desks, providers and the fund's own offices. A pure function of scenario,
/// seed, student and what that student's commands led to: it keeps nothing, draws everything again, and so goes on
/// after a restart where the agenda says. Only <see cref="Open(uint, Agenda)"/> and <see cref="React"/> schedule:
/// replaying a journal's outcomes through <see cref="React"/> rebuilds the agenda.
/// </summary>
internal sealed class StudentTraffic
{
    private readonly Scenario _scenario;
    private readonly Population _population;
    private readonly FactTraffic _facts;
    private readonly RegistrationTraffic _registration;
    private readonly ContributionTraffic _contribution;
    private readonly SituationTraffic _situations;
    private readonly ClaimTraffic _claims;
    private readonly ReviewTraffic _reviews;
    private readonly PaymentTraffic _payments;

    public StudentTraffic(Scenario scenario, Population population, Rulebook rulebook)
    {
        (_scenario, _population) = (scenario, population);
        var (enrolments, coverages, world) = (population.Enrolments, population.Coverages,
            new World(scenario, population));
        _facts = new FactTraffic(scenario, coverages);
        _contribution = new ContributionTraffic(scenario, rulebook, _facts, enrolments);
        _situations = new SituationTraffic(scenario, world, _facts, coverages);
        _claims = new ClaimTraffic(scenario, world, rulebook, enrolments);
        _payments = new PaymentTraffic(scenario, world);
        _reviews = new ReviewTraffic(scenario, _situations, _claims, _payments);
        _registration = new RegistrationTraffic(scenario, enrolments, coverages, _contribution, _situations, _claims);
    }

    /// <summary>Schedules what a student does unprompted.</summary>
    public void Open(uint index, Agenda agenda) => _registration.Open(LifeOf(index), agenda);

    /// <summary>The unprompted steps of students.</summary>
    public Agenda Open(IEnumerable<uint> students)
    {
        var agenda = new Agenda(_scenario.Horizon.Opens, _scenario.Horizon.Days);
        foreach (var student in students)
            Open(student, agenda);
        return agenda;
    }

    /// <summary>
    /// The commands of a step on its day, in the order they are sent. The same command may come twice: it is then sent
    /// twice.
    /// </summary>
    public void Act(Step step, DateOnly day, List<Command> commands, Marginals marginals)
    {
        var life = LifeOf(step.Student);
        Command command = step.Kind switch
        {
            <= StepKind.Answer => _registration.Act(life, step, day),
            <= StepKind.PresentReceipt => _contribution.Act(life, step, day),
            <= StepKind.IssueCertificate => _situations.Act(life, step, day),
            StepKind.TakeBack => _facts.TakeBack(life, step, day),
            >= StepKind.ReportSecondCoverage and <= StepKind.ExemptForBill => _situations.Act(life, step, day),
            <= StepKind.ReceiveClaim or StepKind.PresentAgain or StepKind.DepositSecondProsthesis =>
                _claims.Act(life, step, day),
            <= StepKind.ReopenClaim => _reviews.Act(life, step, day),
            _ => _payments.Act(life, step, day),
        };
        commands.Add(command);
        if (MayBeSentTwice(step.Kind)
            && life.Draws.Chance(DrawPurpose.SentTwice, _scenario.Filing.SentTwice, (int)step.Kind << 16 | step.Number))
            commands.Add(command);
        marginals.Sent(step, command);
    }

    /// <summary>Schedules what follows from a command's outcome, on the next day at the earliest.</summary>
    /// <param name="day">The day the command was decided on.</param>
    /// <param name="revised">Claims that it revised, beside the one it was for.</param>
    public void React(
        StudentId student, CommandId id, Outcome outcome, Reason reason, DateOnly day, Agenda agenda,
        ReadOnlySpan<RevisedClaim> revised = default)
    {
        if (outcome < Outcome.Done)
            return;
        var life = LifeOf(Population.IndexOf(student));
        foreach (ref readonly var claim in revised)
            Follow(life, claim, day, agenda);
        switch (id.Kind)
        {
            case CommandKind.CarryOverRegistration or CommandKind.Declare or CommandKind.ResendRegistration
                or CommandKind.ForwardApplication
                or CommandKind.TransmitApplication or CommandKind.AnswerFromAnam:
                _registration.React(life, id, outcome, reason, day, agenda);
                break;
            case CommandKind.PayContribution:
                _contribution.React(life, id, outcome, day, agenda);
                break;
            case CommandKind.ReportOtherCoverage or CommandKind.InterruptStudies or CommandKind.DecideExemption:
                _situations.React(life, id, outcome, day, agenda);
                break;
            case CommandKind.RequestApproval or CommandKind.DecideApproval or CommandKind.DepositClaim
                or CommandKind.CompleteClaim:
                _claims.React(life, id, outcome, reason, day, agenda);
                break;
            case CommandKind.ReceiveClaim or (>= CommandKind.ReviewClaim and <= CommandKind.DecideAppeal)
                or CommandKind.ReopenClaim:
                _reviews.React(life, id, outcome, reason, day, agenda);
                break;
            case CommandKind.OrderPayment
                or (>= CommandKind.ReportPaymentReturned and <= CommandKind.RecoverOverpayment):
                _payments.React(life, id, outcome, reason, day, agenda);
                break;
            default:
                break;
        }
    }

    private void Follow(in Life life, in RevisedClaim claim, DateOnly day, Agenda agenda)
    {
        var n = Sheet.NumberOf(claim.Claim);
        switch (claim.Now)
        {
            case Revision.Payable:
                _payments.PayableAgain(life, n, day, agenda);
                break;
            case Revision.HeldAsDuplicate or Revision.HeldForReview:
                _reviews.Held(life, n, claim.Now == Revision.HeldAsDuplicate, isLater: true, day, agenda);
                break;
            case Revision.Overpaid:
                _payments.Overpaid(life, n, day, agenda);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(claim), claim.Now, "a claim is revised to nothing");
        }
    }

    /// <summary>Senders that try again when no answer came: portals, institutions, desks and the bank.</summary>
    private static bool MayBeSentTwice(StepKind kind) =>
        kind is StepKind.Declare or StepKind.Pay or StepKind.ReceiveContribution or StepKind.Deposit
            or StepKind.ConfirmPayment;

    private Life LifeOf(uint index) => new(index, _population.DrawsOf(index), _population);
}

/// <summary>One student at a time: the draws, and the profile on demand.</summary>
internal readonly struct Life(uint index, Draws draws, Population population)
{
    public uint Index => index;

    public Draws Draws => draws;

    public StudentId Id => Population.IdOf(index);

    /// <summary>Drawn again each time: ask once.</summary>
    public StudentProfile Profile => population.Profile(draws);

    public bool HasBankAccount => population.HasBankAccount(draws);

    public Step Step(StepKind kind, int number = 0, int attempt = 0) => new(index, kind, number, attempt);
}
