using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>Contributions paid in time, late, never, in the wrong amount, twice, or by those who must not (C1-C5).</summary>
internal sealed class ContributionTraffic(Scenario scenario, Rulebook rulebook, FactTraffic facts)
{
    private readonly ContributionModel _model = scenario.Contribution;
    private readonly RulesInForce _rules = rulebook.On(scenario.Horizon.Opens);

    public void Declared(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        if (!Owes(profile))
            return;
        var when = life.Draws.Pick(Lot.WhenPaid, _model.WhenPaid);
        var pays = profile.Coverage == CoverageKind.None
            ? when == WhenPaid.AtEnrolment
            : life.Draws.Chance(Lot.PaysThoughCovered, _model.PaidThoughCovered);
        if (pays)
            agenda.Add(day.AddDays(life.Draws.Delay(Lot.PayDelay, _model.EnrolmentDelay)), life.Step(StepKind.Pay));
        else if (profile.Coverage == CoverageKind.None && when == WhenPaid.Never && life.Draws.Chance(Lot.SecondInstitution, _model.ReceiptWithoutPayment))
            agenda.Add(day.AddDays(life.Draws.Delay(Lot.ReceiptDelay, _model.ReceiptDelay)), life.Step(StepKind.PresentReceipt));
    }

    public void Accepted(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        if (!Owes(profile))
            return;
        var when = life.Draws.Pick(Lot.WhenPaid, _model.WhenPaid);
        if (when == WhenPaid.Late)
            agenda.Add(day.AddDays(life.Draws.Delay(Lot.PayDelay, _model.LateDelay)), life.Step(StepKind.Pay));
        else if (when == WhenPaid.AtEnrolment && profile.Origin == Origin.Resent)
            agenda.Add(day.AddDays(life.Draws.Delay(Lot.PayDelay, _model.EnrolmentDelay)), life.Step(StepKind.Pay));
    }

    public Command Act(in Life life, Step step, DateOnly day)
    {
        var year = (ulong)scenario.Horizon.Year;
        var attempt = (byte)step.Attempt;
        var amount = _rules.ContributionCentimes;
        switch (step.Kind)
        {
            case StepKind.Pay:
                var isWrong = attempt == 0 && life.Draws.Chance(Lot.WrongAmount, _model.WrongAmount);
                return new PayContribution(life.Id, year, day, day, isWrong ? amount / 2 : amount, life.Profile.Enrolment.Institution, scenario.Horizon.Year) { Attempt = attempt };
            case StepKind.ReceiveContribution:
                return new ReceiveContribution(life.Id, year, FactTraffic.EffectiveOn(step, day), day, amount, scenario.Horizon.Year) { Attempt = attempt };
            default:
                return new PresentReceipt(life.Id, year, day, day, Second(life.Profile));
        }
    }

    public void React(in Life life, CommandId id, Outcome outcome, Reason reason, DateOnly day, Agenda agenda)
    {
        if (reason == Reason.ContributionWrongAmount && id.Attempt == 0)
            agenda.Add(day.AddDays(life.Draws.Delay(Lot.CorrectedAfter, _model.CorrectedAfter)), life.Step(StepKind.Pay, attempt: 1));
        if (outcome != Outcome.Done)
            return;
        if (!life.Draws.Chance(Lot.TransferFails, _model.TransferFails))
        {
            var received = RegistrationTraffic.OnWeekday(day.AddDays(life.Draws.Delay(Lot.TransferDelay, _model.TransferDelay)));
            facts.Learn(life, StepKind.ReceiveContribution, received, received.AddDays(facts.LagOf(life.Draws, StepKind.ReceiveContribution, usual: 0)), agenda);
        }

        if (life.Draws.Chance(Lot.SecondInstitution, _model.SecondInstitution))
            agenda.Add(day.AddDays(life.Draws.Delay(Lot.ReceiptDelay, _model.ReceiptDelay)), life.Step(StepKind.PresentReceipt));
    }

    private bool Owes(in StudentProfile profile) => _rules.PaysContribution(profile.Enrolment.Category, profile.Enrolment.PaidTrack);

    /// <summary>Another private institution of the same city (C4).</summary>
    private static int Second(in StudentProfile profile)
    {
        var other = Population.InstitutionOf(profile.City, Category.PrivateHigherEducation, 0);
        return other == profile.Enrolment.Institution ? other + 1 : other;
    }
}
