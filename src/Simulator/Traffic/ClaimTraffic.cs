using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>
/// Care, approvals asked for before it, and the files that claim it, until the fund has them (K1-K7, B10).
/// </summary>
/// <remarks>
/// When a student falls ill does not depend on the entitlement period: the days of care are drawn for the whole
/// horizon, and what falls outside the entitlement period is mostly not claimed. So a claim's content follows from its
/// number alone.
/// </remarks>
internal sealed class ClaimTraffic(Scenario scenario, World world, Rulebook rulebook, Enrolments enrolments)
{
    /// <summary>A file that needs approval is not filed before the approval can have been decided.</summary>
    private const int DepositAfterApproval = 10;

    /// <summary>
    /// Corrections of decisions on approval have references of their own, above those of corrected facts.
    /// </summary>
    private const ulong CorrectedApprovals = 1 << 12;

    private readonly CareModel _care = scenario.Care;
    private readonly FilingModel _filing = scenario.Filing;
    private readonly DetourModel _detours = scenario.Detours;
    private readonly HorizonModel _horizon = scenario.Horizon;
    private readonly ClaimDeskChoice _desks = new(scenario);

    /// <summary>
    /// Last year's registrant: care until the grace ends; a leaver's after it too, mostly not claimed.
    /// </summary>
    public void CarriedOver(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        var until = profile.Origin == Origin.Leaver ? _horizon.Closes : _horizon.LastGraceEnds;
        agenda.Marginals.CareOpened(
            profile.Origin == Origin.Leaver ? CareWindow.Leaver : CareWindow.Grace, profile.Chronic, day);
        Schedule(
            life, profile, day, new Days(_horizon.Opens, until), new Days(_horizon.Opens, _horizon.LastGraceEnds),
            agenda);
    }

    /// <summary>
    /// The fund answered an application: care from then on, or from where last year's grace leaves off.
    /// </summary>
    public void Answered(in Life life, in StudentProfile profile, bool accepted, DateOnly day, Agenda agenda)
    {
        var from = profile.CarriedOver ? _horizon.LastGraceEnds.AddDays(1) : _horizon.Opens;
        var right = accepted ? new Days(day, _horizon.Closes) : default;
        agenda.Marginals.CareOpened(
            accepted
                ? profile.CarriedOver ? CareWindow.AcceptedAgain : CareWindow.AcceptedNew
                : profile.CarriedOver ? CareWindow.RefusedAgain : CareWindow.RefusedNew, profile.Chronic, day);
        Schedule(life, profile, day, new Days(from, _horizon.Closes), right, agenda);
    }

    /// <summary>Other coverage was declared: there is no entitlement period, and a few try all the same.</summary>
    public void DeclaredCoverage(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        if (profile.CarriedOver || !life.Draws.Chance(DrawPurpose.NeverRegisteredTries, _care.NeverRegisteredTries))
            return;
        var file = FileOf(life, 0, profile.Chronic);
        agenda.Add(DepositDay(life.Draws, file, 0, day), life.Step(StepKind.DepositOutside, 0));
    }

    /// <summary>
    /// Nothing of a claim is payable; where it was sent the wrong way, it may be sent the right way on another sheet
    /// (X1).
    /// </summary>
    public void NothingPayable(in Life life, int n, DateOnly day, Agenda agenda)
    {
        if (Sheet.IsAgain(n))
            return;
        var file = FileOf(life, n, life.Profile.Chronic);
        if (!file.IsWrongWay || file.IsSentAgain || file.HasSecondProsthesis)
            return;
        agenda.Marginals.Chanced(CountedByDay.SentWrongWay, day);
        if (life.Draws.Chance(DrawPurpose.PresentedAgain, _detours.PresentedAgain, n))
            agenda.Add(
                NotOnSunday(day.AddDays(life.Draws.Range(DrawPurpose.PresentedAfter, _detours.PresentedAfter, n))),
                life.Step(StepKind.PresentAgain, Sheet.Again(n)));
    }

    public Command Act(in Life life, Step step, DateOnly day)
    {
        var n = step.Number;
        switch (step.Kind)
        {
            case StepKind.RequestApproval:
                var file = FileOf(life, n, life.Profile.Chronic);
                return new RequestApproval(
                    life.Id, ApprovalOf(n), day, day, file.Episode.Lines[0].Act, file.UnitsAsked);
            case StepKind.DecideApproval:
                return DecideApproval(life, n, (byte)step.Attempt, day);
            case StepKind.TakeBackApproval:
                return new CorrectFact(
                    life.Id, CorrectedApprovals | (uint)n,
                    day.AddDays(-LearntAfter(life.Draws, n) - CorrectedAfter(life.Draws, n)), day,
                    CommandKind.DecideApproval, Request: ApprovalOf(n));
            case StepKind.Deposit or StepKind.DepositOutside or StepKind.PresentAgain
                or StepKind.DepositSecondProsthesis:
                return Deposit(life, n, (byte)step.Attempt, day);
            case StepKind.Complete:
                return Complete(life, n, (byte)step.Attempt, day);
            default:
                return new ReceiveClaim(life.Id, Sheet.Of(life, n), day, day);
        }
    }

    public void React(in Life life, CommandId id, Outcome outcome, Reason reason, DateOnly day, Agenda agenda)
    {
        var draws = life.Draws;
        var n = id.Kind is CommandKind.RequestApproval or CommandKind.DecideApproval
            ? (int)id.Reference - 1
            : Sheet.NumberOf(id.Reference);
        switch (id.Kind)
        {
            case CommandKind.RequestApproval when outcome == Outcome.Done:
                agenda.Marginals.Chanced(CountedByDay.ApprovalAsked, day);
                var decided = RegistrationTraffic.OnWeekday(
                    day.AddDays(draws.Range(DrawPurpose.ApprovalDelay, _care.Approvals.Delay, n)));
                agenda.Add(decided.AddDays(LearntAfter(draws, n)), life.Step(StepKind.DecideApproval, n));
                break;
            case CommandKind.DecideApproval when outcome == Outcome.Done && id.Attempt == 0:
                agenda.Marginals.Chanced(CountedByDay.ApprovalDecided, day);
                if (draws.Chance(DrawPurpose.ApprovalCorrected, _care.Approvals.Corrected, n))
                    Correct(life, n, day.AddDays(CorrectedAfter(draws, n)), agenda);
                break;
            case CommandKind.DepositClaim when reason == Reason.WrongClaimDesk && id.Attempt == 0:
                if (draws.Chance(DrawPurpose.Redeposits, _filing.Redeposits, n))
                    agenda.Add(
                        NotOnSunday(day.AddDays(draws.Range(DrawPurpose.RedepositAfter, _filing.RedepositAfter, n))),
                        life.Step(StepKind.Deposit, n, 1));
                break;
            case CommandKind.DepositClaim or CommandKind.CompleteClaim when outcome == Outcome.ClaimReturned:
                var attempt = id.Kind == CommandKind.DepositClaim ? 1 : id.Attempt + 1;
                if (attempt <= 2 && draws.Chance(DrawPurpose.Completes, _filing.Completes, n))
                    agenda.Add(
                        NotOnSunday(
                            day.AddDays(
                                draws.Delay(DrawPurpose.CompletesAfter, _filing.CompletesAfter, n << 2 | attempt))),
                        life.Step(StepKind.Complete, n, attempt));
                break;
            case CommandKind.DepositClaim or CommandKind.CompleteClaim when outcome == Outcome.Done:
                agenda.Add(
                    RegistrationTraffic.OnWeekday(
                        day.AddDays(draws.Delay(DrawPurpose.ReceiveDelay, _filing.ReceiveDelay, n))),
                    life.Step(StepKind.ReceiveClaim, n));
                break;
            default:
                break;
        }
    }

    private static ulong ApprovalOf(int n) => (ulong)n + 1;

    private CareFile FileOf(in Life life, int n, bool chronic) => new(scenario, world, life.Draws, n, chronic);

    /// <summary>
    /// How long after the day from which a decision on approval holds it becomes known: mostly on that day.
    /// </summary>
    private int LearntAfter(in Draws draws, int n) =>
        draws.Chance(DrawPurpose.ApprovalLate, _care.Approvals.Late, n)
            ? draws.Range(DrawPurpose.ApprovalLateBy, _care.Approvals.LateBy, n)
            : 0;

    private int CorrectedAfter(in Draws draws, int n) =>
        draws.Range(DrawPurpose.ApprovalCorrectedAfter, _care.Approvals.CorrectedAfter, n);

    /// <summary>True where a wrong decision is decided again for its day, and not taken back before.</summary>
    private bool IsReplaced(in Draws draws, int n) =>
        draws.Chance(DrawPurpose.ApprovalReplaced, _care.Approvals.Replaced, n);

    private void Correct(in Life life, int n, DateOnly day, Agenda agenda)
    {
        var isReplaced = IsReplaced(life.Draws, n);
        if (!isReplaced)
            agenda.Add(day, life.Step(StepKind.TakeBackApproval, n));
        agenda.Add(isReplaced ? day : day.AddDays(1), life.Step(StepKind.DecideApproval, n, 1));
    }

    /// <param name="attempt">1 for the decision that corrects the first, for the same day (T7).</param>
    private DecideApproval DecideApproval(in Life life, int n, byte attempt, DateOnly day)
    {
        var (draws, isCorrection) = (life.Draws, attempt != 0);
        var later = LearntAfter(draws, n)
            + (isCorrection ? CorrectedAfter(draws, n) + (IsReplaced(draws, n) ? 0 : 1) : 0);
        return new DecideApproval(
            life.Id, ApprovalOf(n), day.AddDays(-later), day,
            FileOf(life, n, life.Profile.Chronic).UnitsGranted(isCorrection))
        { Attempt = attempt };
    }

    private void Schedule(in Life life, in StudentProfile profile, DateOnly day, Days window, Days right, Agenda agenda)
    {
        var draws = life.Draws;
        var count = draws.Pick(DrawPurpose.ClaimCount, profile.Chronic ? _care.ClaimsChronic : _care.ClaimsOrdinary);
        for (var n = 0; n < count; n++)
        {
            var care = _horizon.Opens.AddDays(draws.Pick(DrawPurpose.CareDay, _care.Days, n));
            if (!window.Has(care))
                continue;
            var file = FileOf(life, n, profile.Chronic);
            if (!right.Has(care))
            {
                if (draws.Chance(DrawPurpose.Outside, _care.Outside, n))
                    agenda.Add(DepositDay(draws, file, n, day), life.Step(StepKind.DepositOutside, n));
            }
            else if (!file.AsksApproval || AskApproval(life, file, n, care, day, agenda))
            {
                var deposit = DepositDay(draws, file, n, day);
                agenda.Add(deposit, life.Step(StepKind.Deposit, n));
                if (file.IsSentAgain)
                    agenda.Add(
                        NotOnSunday(
                            deposit.AddDays(draws.Range(DrawPurpose.DuplicateAfter, _detours.DuplicateAfter, n))),
                        life.Step(StepKind.Deposit, Sheet.Again(n)));
                else if (file.HasSecondProsthesis)
                    ScheduleSecondProsthesis(
                        life, FileOf(life, Sheet.Again(n), profile.Chronic), Sheet.Again(n), deposit, day, agenda);
            }
        }
    }

    /// <summary>
    /// So many days after the first, with approval where there is still time to ask for it. Its care may have come
    /// first.
    /// </summary>
    private static void ScheduleSecondProsthesis(
        in Life life, in CareFile file, int n, DateOnly firstDeposit, DateOnly day, Agenda agenda)
    {
        if (file.AsksApproval)
            AskApproval(life, file, n, file.CareDate, day, agenda);
        agenda.Add(
            NotOnSunday(firstDeposit.AddDays(file.SecondProsthesisAfter)),
            life.Step(StepKind.DepositSecondProsthesis, n));
    }

    /// <summary>
    /// Asks for approval before the care, in an emergency after it. False when there is no time left: such care waits,
    /// and is not claimed.
    /// </summary>
    private static bool AskApproval(in Life life, in CareFile file, int n, DateOnly care, DateOnly day, Agenda agenda)
    {
        var asked = file.IsEmergency ? care.AddDays(1) : care.AddDays(-file.ApprovalLead(mayBeStale: true));
        if (asked <= day)
            asked = care.AddDays(-file.ApprovalLead(mayBeStale: false));
        if (asked <= day)
            return false;
        agenda.Add(asked, life.Step(StepKind.RequestApproval, n));
        return true;
    }

    private DateOnly DepositDay(in Draws draws, in CareFile file, int n, DateOnly known)
    {
        var delay = draws.Chance(DrawPurpose.DepositLate, _filing.Late, n)
            ? draws.Range(DrawPurpose.DepositDelay, _filing.LateDelay, n)
            : draws.Delay(DrawPurpose.DepositDelay, _filing.Delay, n);
        if (file.Episode.NeedsApproval)
            delay = Math.Max(delay, DepositAfterApproval);
        var deposit = file.CareDate.AddDays(delay);
        return NotOnSunday(deposit > known ? deposit : known.AddDays(1 + delay % 7));
    }

    private DepositClaim Deposit(in Life life, int n, byte attempt, DateOnly day)
    {
        var (draws, profile) = (life.Draws, life.Profile);
        var file = FileOf(life, n, profile.Chronic);
        Span<ClaimLine> lines = stackalloc ClaimLine[CareFile.LinesMax];
        lines = lines[..file.Fill(lines)];
        var (way, provider) = (file.Way, file.Provider(lines[0].Act, profile.City));
        var category = enrolments.CategoryOn(draws, profile, day);
        var papers = PapersOf(lines, way);
        if (Sheet.IsAgain(n))
        {
            if (file.Second == SecondSheet.SentAgain && draws.Chance(DrawPurpose.OtherAmount, _detours.OtherAmount, n))
                lines[0] = lines[0] with { PaidCentimes = lines[0].PaidCentimes + lines[0].PaidCentimes / 8 + 1 };
            return new DepositClaim(
                life.Id, Sheet.Of(life, n), day, day, way,
                _desks.For(category, profile.City, way, wrong: false, draws, n), provider, true, papers,
                lines.ToArray())
            {
                Attempt = attempt,
            };
        }

        file.TakeUnsaid(lines, rulebook);
        var wrongDesk = attempt == 0 && draws.Chance(DrawPurpose.WrongDesk, _filing.WrongDesk, n);
        return new DepositClaim(
            life.Id, Sheet.Of(life, n), day, day, way, _desks.For(category, profile.City, way, wrongDesk, draws, n),
            provider,
            !draws.Chance(DrawPurpose.OtherPatient, _filing.OtherPatient, n), papers & ~file.Missing(papers),
            lines.ToArray())
        {
            Attempt = attempt,
        };
    }

    /// <summary>The papers of a complete file; what its lines say comes with them.</summary>
    private static FileItems PapersOf(ReadOnlySpan<ClaimLine> lines, ClaimWay way) =>
        RequiredItems.Of(lines, way) & FileItems.All;

    private CompleteClaim Complete(in Life life, int n, byte attempt, DateOnly day)
    {
        var file = FileOf(life, n, life.Profile.Chronic);
        Span<ClaimLine> lines = stackalloc ClaimLine[CareFile.LinesMax];
        lines = lines[..file.Fill(lines)];
        var missing = file.Missing(PapersOf(lines, file.Way));
        if (attempt != 1)
            return new CompleteClaim(life.Id, Sheet.Of(life, n), day, day, missing) { Attempt = attempt };
        Span<ClaimLine> said = stackalloc ClaimLine[CareFile.LinesMax];
        lines.CopyTo(said);
        var completed = file.TakeUnsaid(said[..lines.Length], rulebook) ? lines.ToArray() : [];
        return new CompleteClaim(
            life.Id, Sheet.Of(life, n), day, day, file.BroughtFirst(missing), completed)
        { Attempt = attempt };
    }

    private static DateOnly NotOnSunday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? day.AddDays(1) : day;

    /// <summary>Days from the first to the last; the default has none.</summary>
    private readonly record struct Days(DateOnly First, DateOnly Last)
    {
        public bool Has(DateOnly day) => day >= First && day <= Last;
    }
}
