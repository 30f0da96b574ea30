using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>What happens to the registered in the year: other coverage, interruptions, certificates, exemptions (S2-S4, D5, B9).</summary>
internal sealed class SituationTraffic(Scenario scenario)
{
    private const ulong Reference = 1;

    private readonly SituationModel _model = scenario.Situations;

    public void Accepted(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        var draws = life.Draws;
        if (draws.Chance(Lot.ReportsCoverage, _model.ReportsCoverage))
            agenda.Add(day.AddDays(draws.Range(Lot.ReportAfter, _model.ReportAfter)), life.Step(StepKind.ReportCoverage));
        if (draws.Chance(Lot.Interrupts, _model.Interrupts))
            agenda.Add(day.AddDays(draws.Range(Lot.InterruptAfter, _model.InterruptAfter)), life.Step(StepKind.Interrupt));
        if (draws.Chance(Lot.WantsCertificate, _model.WantsCertificate))
            agenda.Add(day.AddDays(draws.Delay(Lot.CertificateAfter, _model.CertificateAfter)), life.Step(StepKind.IssueCertificate));
        if (profile.Chronic && draws.Chance(Lot.AsksExemption, _model.AsksExemption))
            agenda.Add(day.AddDays(draws.Delay(Lot.ExemptionAfter, _model.ExemptionAfter)), life.Step(StepKind.DecideExemption));
    }

    public Command Act(in Life life, Step step, DateOnly day)
    {
        var draws = life.Draws;
        switch (step.Kind)
        {
            case StepKind.ReportCoverage:
                var lag = draws.Chance(Lot.ReportLate, _model.ReportLate) ? draws.Delay(Lot.ReportLag, _model.ReportLag) : 0;
                return new ReportOtherCoverage(
                    life.Id, Reference, day.AddDays(-lag), day, draws.Pick(Lot.ReportKind, scenario.Population.CoverageKinds), draws.Chance(Lot.ReportByAnam, _model.ByAnam));
            case StepKind.EndCoverage:
                return new EndOtherCoverage(life.Id, Reference, day.AddDays(-1), day);
            case StepKind.Interrupt:
                return new InterruptStudies(life.Id, Reference, day.AddDays(-InterruptLag(draws)), day, draws.Pick(Lot.InterruptReason, _model.Reasons));
            case StepKind.ChangeReason:
                return new ChangeInterruptionReason(life.Id, Reference, day, day, draws.Pick(Lot.ChangedReason, _model.Reasons));
            case StepKind.Resume:
                return new ResumeStudies(life.Id, Reference, day, day);
            case StepKind.DecideExemption:
                return new DecideExemption(
                    life.Id, Reference, day, day, draws.Chance(Lot.ExemptionGranted, _model.ExemptionGranted), draws.Range(Lot.Illness, _model.Illnesses), day.AddYears(1).AddDays(-1));
            default:
                return new IssueCertificate(life.Id, Reference, day, day);
        }
    }

    public void React(in Life life, CommandId id, Outcome outcome, DateOnly day, Agenda agenda)
    {
        if (outcome != Outcome.Done)
            return;
        var draws = life.Draws;
        if (id.Kind == CommandKind.ReportOtherCoverage)
        {
            if (draws.Chance(Lot.CoverageEnds, _model.CoverageEnds))
                agenda.Add(day.AddDays(draws.Range(Lot.CoverageEndsAfter, _model.CoverageLasts)), life.Step(StepKind.EndCoverage));
            return;
        }

        // The reader saw to it that an interruption is never over before it is known.
        var from = day.AddDays(-InterruptLag(draws));
        var length = draws.Range(Lot.InterruptFor, draws.Chance(Lot.InterruptLong, _model.InterruptLong) ? _model.LongInterruption : _model.ShortInterruption);
        var resumes = from.AddDays(length);
        agenda.Add(resumes, life.Step(StepKind.Resume));
        var changes = from.AddDays(length / 2);
        if (changes > day && changes < resumes && draws.Chance(Lot.ChangesReason, _model.ChangesReason))
            agenda.Add(changes, life.Step(StepKind.ChangeReason));
    }

    private int InterruptLag(in Draws draws) => draws.Delay(Lot.InterruptLag, _model.InterruptLag);
}
