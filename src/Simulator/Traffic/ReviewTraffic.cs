using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>
/// Manual decisions after adjudication: a physician's review, the question of a duplicate, and the appeal of a student
/// who was paid less, a second look (S5, X1, X4, X5).
/// </summary>
/// <remarks>
/// Attempt 0 is what follows from a claim's first adjudication, others, by their day, what follows from anything later:
/// an appeal, a second look, facts learnt late.
/// </remarks>
internal sealed class ReviewTraffic(
    Scenario scenario, SituationTraffic situations, ClaimTraffic claims, PaymentTraffic payments)
{
    private readonly DetourModel _model = scenario.Detours;

    public Command Act(in Life life, Step step, DateOnly day)
    {
        var (draws, n) = (life.Draws, step.Number);
        var (sheet, attempt) = (Sheet.Of(life, n), (byte)step.Attempt);
        return step.Kind switch
        {
            StepKind.ReviewClaim =>
                new ReviewClaim(
                    life.Id, sheet, day, day,
                    draws.Chance(DrawPurpose.ReviewGranted, _model.ReviewGranted, n))
                { Attempt = attempt },
            StepKind.ResolveDuplicate => new ResolveDuplicate(
                life.Id, sheet, day, day,
                draws.Chance(DrawPurpose.IsDuplicate, Sheet.IsAgain(n) ? _model.IsDuplicate : _model.LooksDuplicate, n))
            {
                Attempt = attempt,
            },
            StepKind.AppealClaim => new AppealClaim(life.Id, sheet, day, day),
            StepKind.ReopenClaim => new ReopenClaim(life.Id, sheet, day, day),
            _ => new DecideAppeal(life.Id, sheet, day, day, IsGranted(life, n)),
        };
    }

    public void React(in Life life, CommandId id, Outcome outcome, Reason reason, DateOnly day, Agenda agenda)
    {
        var (n, isLater) = (Sheet.NumberOf(id.Reference),
            id.Attempt != 0 || id.Kind is CommandKind.DecideAppeal or CommandKind.ReopenClaim);
        switch (outcome)
        {
            case Outcome.ClaimHeld:
                Held(life, n, reason == Reason.PossibleDuplicate, isLater, day, agenda);
                break;
            case Outcome.ClaimPayable when !isLater:
                agenda.Marginals.Adjudicated(isPayable: true, day);
                payments.Payable(life, n, day, agenda);
                situations.Billed(life, n, day, agenda);
                AppealOrNot(life, n, _model.AppealsInPart, day, agenda);
                break;
            case Outcome.ClaimPayable when id.Kind != CommandKind.DecideAppeal || IsGranted(life, n):
                payments.PayableAgain(life, n, day, agenda);
                break;
            case Outcome.ClaimNothingPayable when !isLater:
                agenda.Marginals.Adjudicated(isPayable: false, day);
                claims.NothingPayable(life, n, day, agenda);
                AppealOrNot(life, n, _model.Appeals, day, agenda);
                if (life.Draws.Chance(DrawPurpose.Reopens, _model.Reopens, n))
                    agenda.Add(
                        OnWeekdayAfter(day, life.Draws.Range(DrawPurpose.ReopenAfter, _model.ReopenAfter, n)),
                        life.Step(StepKind.ReopenClaim, n));
                break;
            case Outcome.Done when id.Kind == CommandKind.AppealClaim:
                agenda.Add(
                    OnWeekdayAfter(day, life.Draws.Range(DrawPurpose.AppealDecided, _model.AppealDecided, n)),
                    life.Step(StepKind.DecideAppeal, n));
                break;
            default:
                break;
        }
    }

    /// <summary>A question has to be decided before anything, or anything more, is paid.</summary>
    /// <param name="isLater">True when the claim was adjudicated before.</param>
    public void Held(in Life life, int n, bool asDuplicate, bool isLater, DateOnly day, Agenda agenda)
    {
        var (kind, after) = asDuplicate
            ? (StepKind.ResolveDuplicate, life.Draws.Range(DrawPurpose.ResolveAfter, _model.ResolveAfter, n))
            : (StepKind.ReviewClaim, life.Draws.Range(DrawPurpose.ReviewAfter, _model.ReviewAfter, n));
        var decided = OnWeekdayAfter(day, after);

        // Two facts learnt late may hold it twice before the first decision: each of their days is a command of its
        // own.
        agenda.Add(decided, life.Step(kind, n, isLater ? 1 + decided.DayNumber % Step.AttemptMax : 0));
    }

    private bool IsGranted(in Life life, int n) =>
        life.Draws.Chance(DrawPurpose.AppealGranted, _model.AppealGranted, n);

    private void AppealOrNot(in Life life, int n, int chance, DateOnly day, Agenda agenda)
    {
        if (life.Draws.Chance(DrawPurpose.Appeals, chance, n))
            agenda.Add(
                day.AddDays(life.Draws.Range(DrawPurpose.AppealAfter, _model.AppealAfter, n)),
                life.Step(StepKind.AppealClaim, n));
    }

    private static DateOnly OnWeekdayAfter(DateOnly day, int days) => RegistrationTraffic.OnWeekday(day.AddDays(days));
}
