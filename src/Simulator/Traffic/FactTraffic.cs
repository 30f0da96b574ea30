using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>
/// When a fact about a student becomes known: mostly as soon as is usual, now and then months after its effective date;
/// and a few are recorded with a wrong date, taken back, and reported again the day after (S5). A fact that would
/// become known after the horizon's end is not reported.
/// </summary>
internal sealed class FactTraffic(Scenario scenario, Coverages coverages)
{
    private const ulong SecondOfKind = 1 << 8;

    private readonly LateFactModel _model = scenario.LateFacts;

    /// <summary>Days from a fact's effective date to the day it is known.</summary>
    /// <param name="usual">How many there are if it is not late.</param>
    public int LagOf(in Draws draws, StepKind fact, int usual) =>
        draws.Chance(DrawPurpose.FactLate, _model.Share, (int)fact)
            ? Math.Max(usual, draws.Range(DrawPurpose.FactLateBy, _model.By, (int)fact))
            : usual;

    public void Learn(in Life life, StepKind fact, DateOnly effective, DateOnly known, Agenda agenda)
    {
        var draws = life.Draws;
        if (!draws.Chance(DrawPurpose.FactWrong, _model.Wrong, (int)fact))
        {
            agenda.Add(known, Dated(life, fact, effective, known));
            return;
        }

        var wrong = effective.AddDays(-draws.Range(DrawPurpose.FactWrongBy, _model.WrongBy, (int)fact));
        var takenBack = known.AddDays(draws.Range(DrawPurpose.FactTakenBack, _model.TakenBackAfter, (int)fact));
        agenda.Add(known, Dated(life, fact, wrong, known));
        agenda.Add(takenBack, Dated(life, StepKind.TakeBack, wrong, takenBack, (int)fact));
        agenda.Add(takenBack.AddDays(1), Dated(life, fact, effective, takenBack.AddDays(1), attempt: 1));
    }

    public CorrectFact TakeBack(in Life life, Step step, DateOnly day)
    {
        var attempted = (StepKind)step.Attempt;
        var fact = KindOf(attempted);
        var coverage = SituationTraffic.ReportedBy(attempted) is { } which
            ? coverages.Of(life.Draws, which)
            : OtherCoverage.None;

        // Two facts of one kind can both be taken back.
        var reference = (ulong)fact | (attempted is StepKind.ReportSecondCoverage or StepKind.EndSecondCoverage
            ? SecondOfKind
            : 0);
        return new CorrectFact(life.Id, reference, EffectiveOn(step, day), day, fact, coverage.Kind, coverage.Holder);
    }

    /// <summary>The effective date of a fact that becomes known on a day.</summary>
    public static DateOnly EffectiveOn(Step step, DateOnly day) => day.AddDays(-step.Number);

    public static Step Dated(in Life life, StepKind kind, DateOnly effective, DateOnly known, int attempt = 0) =>
        life.Step(kind, known.DayNumber - effective.DayNumber, attempt);

    private static CommandKind KindOf(StepKind fact) => fact switch
    {
        StepKind.ReceiveContribution => CommandKind.ReceiveContribution,
        StepKind.ReportCoverage or StepKind.ReportSecondCoverage => CommandKind.ReportOtherCoverage,
        StepKind.EndCoverage or StepKind.EndSecondCoverage => CommandKind.EndOtherCoverage,
        StepKind.Interrupt => CommandKind.InterruptStudies,
        StepKind.ChangeReason => CommandKind.ChangeInterruptionReason,
        StepKind.Resume => CommandKind.ResumeStudies,
        StepKind.DecideExemption => CommandKind.DecideExemption,
        _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, "not a fact that can be taken back"),
    };
}
