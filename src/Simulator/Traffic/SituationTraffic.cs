using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>
/// Events in the year of registered students: other coverage, interruptions, certificates, exemptions (S2-S4, D5, B9).
/// </summary>
internal sealed class SituationTraffic(Scenario scenario, World world, FactTraffic facts, Coverages coverages)
{
    private const ulong Reference = 1;

    /// <summary>The reference of a later fact of the same kind that follows from the first.</summary>
    private const ulong Later = 2;

    /// <summary>Exemptions for the bills of claims have references of their own, one for each claim.</summary>
    private const ulong ForBills = 1 << 16;

    private readonly SituationModel _model = scenario.Situations;
    private readonly CoveragesModel _coverages = scenario.Situations.Coverages;
    private readonly HorizonModel _horizon = scenario.Horizon;

    /// <summary>
    /// Last year's registrant who will declare none: covered for a time before, as the acceptance then infers (S2 in
    /// detail).
    /// </summary>
    public void CarriedOver(in Life life, in StudentProfile profile, Agenda agenda)
    {
        var draws = life.Draws;
        if (profile.Origin != Origin.Renewing
            || profile.Coverage != CoverageKind.None
            || !draws.Chance(DrawPurpose.CoveredBefore, _coverages.Before))
            return;
        var from = _horizon.Opens.AddDays(draws.Range(DrawPurpose.CoveredBeforeAfter, _coverages.BeforeAfter));
        agenda.Add(from, life.Step(StepKind.ReportEarlierCoverage));
        if (!draws.Chance(DrawPurpose.Outlasts, _coverages.Outlasts))
            return;
        var last = from.AddDays(draws.Range(DrawPurpose.CoverageEndsAfter, _model.CoverageLasts, (int)Reported.Before));
        Tell(life, StepKind.EndEarlierCoverage, last, last.AddDays(1), agenda);
    }

    public void Accepted(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        var draws = life.Draws;
        if (draws.Chance(DrawPurpose.ReportsCoverage, _model.ReportsCoverage))
            Report(
                life, StepKind.ReportCoverage, day.AddDays(draws.Range(DrawPurpose.ReportAfter, _model.ReportAfter)), 0,
                agenda);

        if (draws.Chance(DrawPurpose.Interrupts, _model.Interrupts))
        {
            var from = day.AddDays(
                draws.Range(DrawPurpose.InterruptAfter, _model.InterruptAfter) - UsualInterruptLag(draws));
            facts.Learn(life, StepKind.Interrupt, from, from.AddDays(InterruptLag(draws)), agenda);
        }

        if (draws.Chance(DrawPurpose.WantsCertificate, _model.WantsCertificate))
            agenda.Add(
                day.AddDays(draws.Delay(DrawPurpose.CertificateAfter, _model.CertificateAfter)),
                life.Step(StepKind.IssueCertificate));
        if (profile.Chronic && draws.Chance(DrawPurpose.AsksExemption, _model.AsksExemption))
        {
            var from = day.AddDays(draws.Delay(DrawPurpose.ExemptionAfter, _model.ExemptionAfter));
            facts.Learn(
                life, StepKind.DecideExemption, from,
                from.AddDays(facts.LagOf(draws, StepKind.DecideExemption, usual: 0)), agenda);
        }
    }

    /// <summary>
    /// Something is payable on a claim: of a bill to the fund the student bore a share, and may be exempted from it
    /// afterwards (B11).
    /// </summary>
    public void Billed(in Life life, int n, DateOnly day, Agenda agenda)
    {
        if (FileOf(life, n).Way != ClaimWay.ThirdParty)
            return;
        agenda.Marginals.Chanced(CountedByDay.Billed, day);
        if (life.Draws.Chance(DrawPurpose.ExemptedForBill, _model.ExemptedForBill, n))
            agenda.Add(
                day.AddDays(life.Draws.Range(DrawPurpose.ForBillAfter, _model.ForBillAfter, n)),
                life.Step(StepKind.ExemptForBill, n));
    }

    public Command Act(in Life life, Step step, DateOnly day)
    {
        var (draws, from, attempt) = (life.Draws, FactTraffic.EffectiveOn(step, day), (byte)step.Attempt);
        switch (step.Kind)
        {
            case StepKind.ReportCoverage or StepKind.ReportSecondCoverage or StepKind.ReportNextCoverage
                or StepKind.ReportEarlierCoverage:
                var which = ReportedBy(step.Kind)!.Value;
                var coverage = coverages.Of(draws, which);
                var byAnam = draws.Chance(DrawPurpose.ReportByAnam, _model.ByAnam, which - Reported.First);
                return new ReportOtherCoverage(
                    life.Id, (ulong)which, from, day, coverage.Kind, byAnam, coverage.Holder)
                { Attempt = attempt };
            case StepKind.EndCoverage or StepKind.EndSecondCoverage or StepKind.EndEarlierCoverage:
                return End(life, ReportedBy(step.Kind)!.Value, from, day, byAnam: true) with { Attempt = attempt };
            case StepKind.ReportEnd:
                return End(life, (Reported)attempt, from, day, byAnam: false);
            case StepKind.Interrupt:
                return new InterruptStudies(
                    life.Id, Reference, from, day,
                    draws.Pick(DrawPurpose.InterruptReason, _model.Reasons))
                { Attempt = attempt };
            case StepKind.ChangeReason:
                return new ChangeInterruptionReason(
                    life.Id, Reference, from, day,
                    draws.Pick(DrawPurpose.ChangedReason, _model.Reasons))
                { Attempt = attempt };
            case StepKind.Resume:
                return new ResumeStudies(life.Id, Reference, from, day) { Attempt = attempt };
            case StepKind.DecideExemption:
                return Exemption(life, Reference, from, day, IsExempted(draws)) with { Attempt = attempt };
            case StepKind.UndoExemption:
                return Exemption(life, Later, from, day, isGranted: false);
            case StepKind.ExemptForBill:
                // Another illness than that of the exemption that the student asked for.
                var care = FileOf(life, step.Number).CareDate;
                return Exemption(
                    life, ForBills | (ulong)step.Number, care, day, isGranted: true, illness: step.Number + 1);
            default:
                return new IssueCertificate(life.Id, Reference, day, day);
        }
    }

    public void React(in Life life, CommandId id, Outcome outcome, DateOnly day, Agenda agenda)
    {
        // What follows a fact follows it once, also where it is taken back and reported again.
        if (outcome != Outcome.Done || id.Attempt != 0)
            return;
        switch (id.Kind)
        {
            case CommandKind.ReportOtherCoverage when id.Reference == (ulong)Reported.First:
                Covered(life, day, agenda);
                break;
            case CommandKind.ReportOtherCoverage when id.Reference == (ulong)Reported.Second:
                Ends(life, StepKind.EndSecondCoverage, day, agenda);
                break;
            case CommandKind.DecideExemption when id.Reference == Reference && IsExempted(life.Draws):
                Exempted(life, day, agenda);
                break;
            case CommandKind.InterruptStudies:
                Interrupted(life, day, agenda);
                break;
            default:
                break;
        }
    }

    /// <summary>Which coverage a step is about; null for a step about something else.</summary>
    public static Reported? ReportedBy(StepKind kind) => kind switch
    {
        StepKind.ReportCoverage or StepKind.EndCoverage => Reported.First,
        StepKind.ReportSecondCoverage or StepKind.EndSecondCoverage => Reported.Second,
        StepKind.ReportNextCoverage => Reported.Next,
        StepKind.ReportEarlierCoverage or StepKind.EndEarlierCoverage => Reported.Before,
        _ => null,
    };

    private EndOtherCoverage End(in Life life, Reported which, DateOnly last, DateOnly day, bool byAnam)
    {
        var coverage = coverages.Of(life.Draws, which);

        // What ANAM says is a statement of its own.
        return new EndOtherCoverage(
            life.Id, (ulong)which << 1 | (byAnam ? 0UL : 1), last, day, coverage.Kind, coverage.Holder, byAnam);
    }

    private DecideExemption Exemption(
        in Life life, ulong reference, DateOnly from, DateOnly day, bool isGranted, int illness = 0) =>
        new(
            life.Id, reference, from, day, isGranted, life.Draws.Range(DrawPurpose.Illness, _model.Illnesses, illness),
            from.AddYears(1).AddDays(-1));

    private CareFile FileOf(in Life life, int n) => new(scenario, world, life.Draws, n, life.Profile.Chronic);

    private bool IsExempted(in Draws draws) => draws.Chance(DrawPurpose.ExemptionGranted, _model.ExemptionGranted);

    /// <summary>Other coverage is reported on a day, for which it may have lasted for some time.</summary>
    private void Report(in Life life, StepKind fact, DateOnly reported, int n, Agenda agenda)
    {
        var draws = life.Draws;
        var lag = draws.Chance(DrawPurpose.ReportLate, _model.ReportLate, n)
            ? draws.Delay(DrawPurpose.ReportLag, _model.ReportLag, n)
            : 0;
        facts.Learn(life, fact, reported.AddDays(-lag), reported, agenda);
    }

    private void Covered(in Life life, DateOnly day, Agenda agenda)
    {
        var draws = life.Draws;
        agenda.Marginals.Chanced(CountedByDay.Covered, day);
        if (draws.Chance(DrawPurpose.SecondCoverage, _coverages.Second))
            Report(
                life, StepKind.ReportSecondCoverage,
                day.AddDays(draws.Range(DrawPurpose.SecondAfter, _coverages.SecondAfter)), 1, agenda);
        if (Ends(life, StepKind.EndCoverage, day, agenda) is not { } last
            || !draws.Chance(DrawPurpose.CoverageFollows, _coverages.Follows))
            return;
        var next = last.AddDays(1);
        Tell(
            life, StepKind.ReportNextCoverage, next,
            next.AddDays(draws.Delay(DrawPurpose.ReportLag, _model.ReportLag, 2)), agenda);
    }

    /// <summary>A coverage that may end: the student may say so first. Gives its last day.</summary>
    private DateOnly? Ends(in Life life, StepKind end, DateOnly day, Agenda agenda)
    {
        var (draws, which) = (life.Draws, ReportedBy(end)!.Value);
        var n = which - Reported.First;
        if (!draws.Chance(DrawPurpose.CoverageEnds, _model.CoverageEnds, n))
            return null;
        var last = day.AddDays(draws.Range(DrawPurpose.CoverageEndsAfter, _model.CoverageLasts, n) - 1);
        var known = last.AddDays(facts.LagOf(draws, end, usual: 1));
        if (draws.Chance(DrawPurpose.EndByStudent, _coverages.StudentSaysEnd, n))
        {
            Tell(life, StepKind.ReportEnd, last, known, agenda, (int)which);
            known = known.AddDays(draws.Range(DrawPurpose.ConfirmedAfter, _coverages.ConfirmedAfter, n));
        }

        facts.Learn(life, end, last, known, agenda);
        return last;
    }

    private void Exempted(in Life life, DateOnly day, Agenda agenda)
    {
        agenda.Marginals.Chanced(CountedByDay.Exempted, day);
        if (!life.Draws.Chance(DrawPurpose.ExemptionUndone, _model.ExemptionUndone))
            return;
        var from = day.AddDays(-facts.LagOf(life.Draws, StepKind.DecideExemption, usual: 0));
        Tell(
            life, StepKind.UndoExemption, from,
            day.AddDays(life.Draws.Range(DrawPurpose.UndoneAfter, _model.UndoneAfter)), agenda);
    }

    private void Interrupted(in Life life, DateOnly day, Agenda agenda)
    {
        // An interruption may be over before it is known: its end is learnt the day after, at the earliest.
        var draws = life.Draws;
        var from = day.AddDays(-InterruptLag(draws));
        var length = draws.Range(
            DrawPurpose.InterruptFor,
            draws.Chance(DrawPurpose.InterruptLong, _model.InterruptLong)
                ? _model.LongInterruption
                : _model.ShortInterruption);
        Follow(life, StepKind.Resume, from.AddDays(length), day, agenda);
        if (draws.Chance(DrawPurpose.ChangesReason, _model.ChangesReason))
            Follow(life, StepKind.ChangeReason, from.AddDays(length / 2), day, agenda);
    }

    private void Follow(in Life life, StepKind fact, DateOnly effective, DateOnly day, Agenda agenda) =>
        facts.Learn(
            life, fact, effective, Latest(day.AddDays(1), effective.AddDays(facts.LagOf(life.Draws, fact, usual: 0))),
            agenda);

    /// <summary>A fact that is never wrong.</summary>
    private static void Tell(
        in Life life, StepKind fact, DateOnly effective, DateOnly known, Agenda agenda, int attempt = 0) =>
        agenda.Add(known, FactTraffic.Dated(life, fact, effective, known, attempt));

    private int UsualInterruptLag(in Draws draws) => draws.Delay(DrawPurpose.InterruptLag, _model.InterruptLag);

    private int InterruptLag(in Draws draws) => facts.LagOf(draws, StepKind.Interrupt, UsualInterruptLag(draws));

    private static DateOnly Latest(DateOnly one, DateOnly other) => one > other ? one : other;
}
