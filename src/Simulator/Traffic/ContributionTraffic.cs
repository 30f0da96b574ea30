using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>
/// The purpose of a student's money. The number is the upper part of a payment's and a receipt's reference, whose lower
/// part is the year.
/// </summary>
internal enum Money : byte
{
    /// <summary>The year's contribution.</summary>
    Contribution = 0,

    /// <summary>The payment that completes a wrong amount.</summary>
    Rest = 1,

    /// <summary>The contribution once more.</summary>
    Twice = 2,

    /// <summary>For the next year.</summary>
    Early = 3,

    /// <summary>For the year before.</summary>
    LastYear = 4,

    /// <summary>At the institution of a later enrolment of the year.</summary>
    Elsewhere = 5,

    /// <summary>By a student who owes nothing.</summary>
    NotOwed = 6,
}

/// <summary>
/// Contributions paid in time, late, never, and money that is not as expected (C1-C5). Whatever an institution has been
/// paid it transfers on.
/// </summary>
internal sealed class ContributionTraffic(
    Scenario scenario, Rulebook rulebook, FactTraffic facts, Enrolments enrolments)
{
    private const int MoneyBit = 16;

    /// <summary>The receipt shown at the institution of a later enrolment.</summary>
    private const int Elsewhere = 1;

    private readonly ContributionModel _model = scenario.Contribution;
    private readonly UnexpectedMoneyModel _unexpected = scenario.Contribution.Unexpected;
    private readonly HorizonModel _horizon = scenario.Horizon;
    private readonly RulesInForce _rules = rulebook.On(scenario.Horizon.Opens);

    /// <summary>The purpose of a payment.</summary>
    public static Money MoneyOf(CommandId payment) => (Money)(payment.Reference >> MoneyBit);

    /// <summary>Unprompted payments of a student who owes nothing.</summary>
    /// <param name="declared">The day of the declaration.</param>
    public void Open(in Life life, in StudentProfile profile, DateOnly declared, Agenda agenda)
    {
        if (profile.Coverage != CoverageKind.None || Owes(profile.Enrolment))
            return;
        agenda.Marginals.Chanced(CountedByDay.OwesNothing, declared);
        if (life.Draws.Chance(DrawPurpose.PaysNotOwed, _unexpected.NotOwed))
            Pay(
                life, Money.NotOwed,
                declared.AddDays(life.Draws.Range(DrawPurpose.NotOwedAfter, _unexpected.NotOwedAfter)), agenda);
    }

    /// <summary>
    /// Money for last year, which owes nothing once it is carried over: what an institution kept, and what a student
    /// pays by mistake.
    /// </summary>
    public void CarriedOver(in Life life, in StudentProfile profile, Agenda agenda)
    {
        var draws = life.Draws;
        var owed = Owes(enrolments.LastYear(draws, profile));
        if (!draws.Chance(DrawPurpose.LastYearMoney, owed ? _unexpected.LastYearReceived : _unexpected.LastYearNotOwed))
            return;
        var day = _horizon.Opens.AddDays(draws.Range(DrawPurpose.LastYearAfter, _unexpected.LastYearAfter));
        if (owed)
            agenda.Add(RegistrationTraffic.OnWeekday(day), Receipt(life, Money.LastYear));
        else
            Pay(life, Money.LastYear, day, agenda);
    }

    public void Declared(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        if (!Owes(profile.Enrolment))
            return;
        var when = life.Draws.Pick(DrawPurpose.WhenPaid, _model.WhenPaid);
        var pays = profile.Coverage == CoverageKind.None
            ? when == WhenPaid.AtEnrolment
            : life.Draws.Chance(DrawPurpose.PaysThoughCovered, _model.PaidThoughCovered);
        if (pays)
            Pay(
                life, Money.Contribution, day.AddDays(life.Draws.Delay(DrawPurpose.PayDelay, _model.EnrolmentDelay)),
                agenda);
        else if (profile.Coverage == CoverageKind.None
            && when == WhenPaid.Never
            && life.Draws.Chance(DrawPurpose.SecondInstitution, _model.ReceiptWithoutPayment))
            agenda.Add(
                day.AddDays(life.Draws.Delay(DrawPurpose.ReceiptDelay, _model.ReceiptDelay)),
                life.Step(StepKind.PresentReceipt));
    }

    public void Accepted(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        if (!Owes(profile.Enrolment))
            return;
        var when = life.Draws.Pick(DrawPurpose.WhenPaid, _model.WhenPaid);
        if (when == WhenPaid.Late)
            Pay(
                life, Money.Contribution, day.AddDays(life.Draws.Delay(DrawPurpose.PayDelay, _model.LateDelay)),
                agenda);
        else if (when == WhenPaid.AtEnrolment && profile.Origin == Origin.Resent)
            Pay(
                life, Money.Contribution, day.AddDays(life.Draws.Delay(DrawPurpose.PayDelay, _model.EnrolmentDelay)),
                agenda);
    }

    /// <summary>
    /// Another institution was declared: a student who owed nothing may owe now, and one who paid shows the receipt, or
    /// pays again (C2, C4, D7).
    /// </summary>
    public void Changed(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        var draws = life.Draws;
        if (!Owes(enrolments.Changed(draws, profile)))
            return;
        if (Owes(profile.Enrolment) && !draws.Chance(DrawPurpose.PaysAgainElsewhere, _unexpected.PaysAgainElsewhere))
        {
            agenda.Add(
                day.AddDays(draws.Delay(DrawPurpose.ReceiptDelay, _model.ReceiptDelay, Elsewhere)),
                life.Step(StepKind.PresentReceipt, attempt: Elsewhere));
            return;
        }

        var when = draws.Pick(DrawPurpose.WhenPaid, _model.WhenPaid, Elsewhere);
        if (when != WhenPaid.Never)
        {
            var delay = draws.Delay(
                DrawPurpose.PayDelay, when == WhenPaid.Late ? _model.LateDelay : _model.EnrolmentDelay, Elsewhere);
            Pay(life, Money.Elsewhere, day.AddDays(delay), agenda);
        }
    }

    public Command Act(in Life life, Step step, DateOnly day)
    {
        var attempt = step.Attempt;
        switch (step.Kind)
        {
            case StepKind.Pay:
                var (money, profile) = ((Money)attempt, life.Profile);
                var institution = (money == Money.Elsewhere
                    ? enrolments.Changed(life.Draws, profile)
                    : profile.Enrolment).Institution;
                return new PayContribution(
                    life.Id, ReferenceOf(money), day, day, AmountOf(life.Draws, money), institution, YearOf(money));
            case StepKind.ReceiveContribution:
                // The last bit is the fact's: it is reported again after a wrong date was taken back.
                var received = (Money)(attempt >> 1);
                return new ReceiveContribution(
                    life.Id, ReferenceOf(received), FactTraffic.EffectiveOn(step, day), day,
                    AmountOf(life.Draws, received), YearOf(received))
                {
                    Attempt = (byte)(attempt & 1),
                };
            default:
                return new PresentReceipt(
                    life.Id, (ulong)_horizon.Year, day, day,
                    attempt == Elsewhere
                        ? enrolments.Changed(life.Draws, life.Profile).Institution
                        : Second(life.Profile))
                {
                    Attempt = (byte)attempt,
                };
        }
    }

    /// <summary>
    /// The institution transfers what it was paid, whatever it was for; and the student may pay more.
    /// </summary>
    public void React(in Life life, CommandId id, Outcome outcome, DateOnly day, Agenda agenda)
    {
        if (outcome != Outcome.Done)
            return;
        var (draws, money) = (life.Draws, MoneyOf(id));
        if (!draws.Chance(DrawPurpose.TransferFails, _model.TransferFails, (int)money))
        {
            var received = RegistrationTraffic.OnWeekday(
                day.AddDays(draws.Delay(DrawPurpose.TransferDelay, _model.TransferDelay, (int)money)));
            if (money == Money.Contribution)
                facts.Learn(
                    life, StepKind.ReceiveContribution, received,
                    received.AddDays(facts.LagOf(draws, StepKind.ReceiveContribution, usual: 0)), agenda);
            else
                agenda.Add(received, Receipt(life, money));
        }

        if (money != Money.Contribution)
            return;
        if (IsWrong(draws) && draws.Chance(DrawPurpose.MadeGood, _unexpected.MadeGood))
            Pay(life, Money.Rest, day.AddDays(draws.Delay(DrawPurpose.CorrectedAfter, _model.CorrectedAfter)), agenda);
        if (draws.Chance(DrawPurpose.PaysTwice, _unexpected.Twice))
            Pay(life, Money.Twice, day.AddDays(draws.Range(DrawPurpose.TwiceAfter, _unexpected.TwiceAfter)), agenda);
        if (draws.Chance(DrawPurpose.PaysEarly, _unexpected.Early))
            Pay(life, Money.Early, day.AddDays(draws.Range(DrawPurpose.EarlyAfter, _unexpected.EarlyAfter)), agenda);
        if (draws.Chance(DrawPurpose.SecondInstitution, _model.SecondInstitution))
            agenda.Add(
                day.AddDays(draws.Delay(DrawPurpose.ReceiptDelay, _model.ReceiptDelay)),
                life.Step(StepKind.PresentReceipt));
    }

    private ulong ReferenceOf(Money money) => (ulong)money << MoneyBit | (uint)_horizon.Year;

    private int YearOf(Money money) => money switch
    {
        Money.Early => _horizon.Year + 1,
        Money.LastYear => _horizon.Year - 1,
        _ => _horizon.Year,
    };

    private long AmountOf(in Draws draws, Money money)
    {
        var (whole, half) = (_rules.ContributionCentimes, _rules.ContributionCentimes / 2);
        return money switch
        {
            Money.Contribution when IsWrong(draws) => half,
            Money.Rest when !draws.Chance(DrawPurpose.ByWhole, _unexpected.ByWhole) => whole - half,
            _ => whole,
        };
    }

    private bool IsWrong(in Draws draws) => draws.Chance(DrawPurpose.WrongAmount, _model.WrongSum);

    private static void Pay(in Life life, Money money, DateOnly day, Agenda agenda) =>
        agenda.Add(day, life.Step(StepKind.Pay, attempt: (int)money));

    private static Step Receipt(in Life life, Money money) =>
        life.Step(StepKind.ReceiveContribution, attempt: (int)money << 1);

    private bool Owes(in EnrolmentRecord enrolment) => _rules.PaysContribution(enrolment.Category, enrolment.PaidTrack);

    /// <summary>Another private institution of the same city (C4).</summary>
    private static int Second(in StudentProfile profile)
    {
        var other = Population.InstitutionOf(profile.City, Category.PrivateHigherEducation, 0);
        return other == profile.Enrolment.Institution ? other + 1 : other;
    }
}
