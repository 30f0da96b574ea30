using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>What happens to the registered in the year: other coverage, interruptions, certificates, exemptions (S2-S4, D5, B9).</summary>
internal sealed class SituationTraffic(Scenario scenario, FactTraffic facts)
{
    private const ulong Reference = 1;

    private readonly SituationModel _model = scenario.Situations;

    public void Accepted(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        var draws = life.Draws;
        if (draws.Chance(Lot.ReportsCoverage, _model.ReportsCoverage))
        {
            var reported = day.AddDays(draws.Range(Lot.ReportAfter, _model.ReportAfter));
            var lag = draws.Chance(Lot.ReportLate, _model.ReportLate) ? draws.Delay(Lot.ReportLag, _model.ReportLag) : 0;
            facts.Learn(life, StepKind.ReportCoverage, reported.AddDays(-lag), reported, agenda);
        }

        if (draws.Chance(Lot.Interrupts, _model.Interrupts))
        {
            var from = day.AddDays(draws.Range(Lot.InterruptAfter, _model.InterruptAfter) - UsualInterruptLag(draws));
            facts.Learn(life, StepKind.Interrupt, from, from.AddDays(InterruptLag(draws)), agenda);
        }

        if (draws.Chance(Lot.WantsCertificate, _model.WantsCertificate))
            agenda.Add(day.AddDays(draws.Delay(Lot.CertificateAfter, _model.CertificateAfter)), life.Step(StepKind.IssueCertificate));
        if (profile.Chronic && draws.Chance(Lot.AsksExemption, _model.AsksExemption))
        {
            var from = day.AddDays(draws.Delay(Lot.ExemptionAfter, _model.ExemptionAfter));
            facts.Learn(life, StepKind.DecideExemption, from, from.AddDays(facts.LagOf(draws, StepKind.DecideExemption, usual: 0)), agenda);
        }
    }

    public Command Act(in Life life, Step step, DateOnly day)
    {
        var (draws, from, attempt) = (life.Draws, FactTraffic.EffectiveOn(step, day), (byte)step.Attempt);
        return step.Kind switch
        {
            StepKind.ReportCoverage => new ReportOtherCoverage(
                life.Id, Reference, from, day, draws.Pick(Lot.ReportKind, scenario.Population.CoverageKinds), draws.Chance(Lot.ReportByAnam, _model.ByAnam)) { Attempt = attempt },
            StepKind.EndCoverage => new EndOtherCoverage(life.Id, Reference, from, day) { Attempt = attempt },
            StepKind.Interrupt => new InterruptStudies(life.Id, Reference, from, day, draws.Pick(Lot.InterruptReason, _model.Reasons)) { Attempt = attempt },
            StepKind.ChangeReason => new ChangeInterruptionReason(life.Id, Reference, from, day, draws.Pick(Lot.ChangedReason, _model.Reasons)) { Attempt = attempt },
            StepKind.Resume => new ResumeStudies(life.Id, Reference, from, day) { Attempt = attempt },
            StepKind.DecideExemption => new DecideExemption(
                life.Id, Reference, from, day, draws.Chance(Lot.ExemptionGranted, _model.ExemptionGranted), draws.Range(Lot.Illness, _model.Illnesses), from.AddYears(1).AddDays(-1))
            {
                Attempt = attempt,
            },
            _ => new IssueCertificate(life.Id, Reference, day, day),
        };
    }

    public void React(in Life life, CommandId id, Outcome outcome, DateOnly day, Agenda agenda)
    {
        // What follows a fact follows it once, also where it is taken back and told again.
        if (outcome != Outcome.Done || id.Attempt != 0)
            return;
        var draws = life.Draws;
        if (id.Kind == CommandKind.ReportOtherCoverage)
        {
            if (!draws.Chance(Lot.CoverageEnds, _model.CoverageEnds))
                return;
            var last = day.AddDays(draws.Range(Lot.CoverageEndsAfter, _model.CoverageLasts) - 1);
            facts.Learn(life, StepKind.EndCoverage, last, last.AddDays(facts.LagOf(draws, StepKind.EndCoverage, usual: 1)), agenda);
            return;
        }

        // An interruption may be over before it is known: its end is learnt the day after, at the earliest.
        var from = day.AddDays(-InterruptLag(draws));
        var length = draws.Range(Lot.InterruptFor, draws.Chance(Lot.InterruptLong, _model.InterruptLong) ? _model.LongInterruption : _model.ShortInterruption);
        Follow(life, StepKind.Resume, from.AddDays(length), day, agenda);
        if (draws.Chance(Lot.ChangesReason, _model.ChangesReason))
            Follow(life, StepKind.ChangeReason, from.AddDays(length / 2), day, agenda);
    }

    private void Follow(in Life life, StepKind fact, DateOnly effective, DateOnly day, Agenda agenda) =>
        facts.Learn(life, fact, effective, Later(day.AddDays(1), effective.AddDays(facts.LagOf(life.Draws, fact, usual: 0))), agenda);

    private int UsualInterruptLag(in Draws draws) => draws.Delay(Lot.InterruptLag, _model.InterruptLag);

    private int InterruptLag(in Draws draws) => facts.LagOf(draws, StepKind.Interrupt, UsualInterruptLag(draws));

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;
}
