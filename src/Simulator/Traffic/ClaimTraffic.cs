using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>Care, approvals asked for before it, and the files that claim it, until the fund has them (K1-K7, B10).</summary>
/// <remarks>
/// When a student falls ill does not depend on his right: the days of care are drawn for the whole horizon, and what falls
/// outside the right is mostly not claimed. So a claim's content follows from its number alone.
/// </remarks>
internal sealed class ClaimTraffic(Scenario scenario)
{
    /// <summary>A file that needs approval is not filed before the approval can have been decided.</summary>
    private const int DepositAfterApproval = 10;

    private readonly CareModel _care = scenario.Care;
    private readonly FilingModel _filing = scenario.Filing;
    private readonly DetourModel _detours = scenario.Detours;
    private readonly HorizonModel _horizon = scenario.Horizon;
    private readonly ClaimDeskChoice _desks = new(scenario);

    /// <summary>Last year's registrant: his care until his grace ends; a leaver's after it too, mostly not claimed.</summary>
    public void CarriedOver(in Life life, DateOnly day, Agenda agenda)
    {
        var profile = life.Profile;
        var until = profile.Origin == Origin.Leaver ? _horizon.Closes : _horizon.LastGraceEnds;
        agenda.Marginals.CareOpened(profile.Origin == Origin.Leaver ? CareWindow.Leaver : CareWindow.Grace, profile.Chronic, day);
        Schedule(life, profile, day, new Days(_horizon.Opens, until), new Days(_horizon.Opens, _horizon.LastGraceEnds), agenda);
    }

    /// <summary>The fund answered an application: care from then on, or from where last year's grace leaves off.</summary>
    public void Answered(in Life life, in StudentProfile profile, bool accepted, DateOnly day, Agenda agenda)
    {
        var from = profile.CarriedOver ? _horizon.LastGraceEnds.AddDays(1) : _horizon.Opens;
        var right = accepted ? new Days(day, _horizon.Closes) : default;
        agenda.Marginals.CareOpened(
            accepted ? profile.CarriedOver ? CareWindow.AcceptedAgain : CareWindow.AcceptedNew : profile.CarriedOver ? CareWindow.RefusedAgain : CareWindow.RefusedNew, profile.Chronic, day);
        Schedule(life, profile, day, new Days(from, _horizon.Closes), right, agenda);
    }

    /// <summary>Other coverage was declared: there is no right, and a few try all the same.</summary>
    public void DeclaredCoverage(in Life life, in StudentProfile profile, DateOnly day, Agenda agenda)
    {
        if (profile.CarriedOver || !life.Draws.Chance(Lot.NeverRegisteredTries, _care.NeverRegisteredTries))
            return;
        var file = FileOf(life, 0, profile.Chronic);
        agenda.Add(DepositDay(life.Draws, file, 0, day), life.Step(StepKind.DepositOutside, 0));
    }

    public Command Act(in Life life, Step step, DateOnly day)
    {
        var n = step.Number;
        switch (step.Kind)
        {
            case StepKind.RequestApproval:
                var file = FileOf(life, n, life.Profile.Chronic);
                return new RequestApproval(life.Id, ApprovalOf(n), day, day, file.Episode.Lines[0].Act, file.UnitsAsked);
            case StepKind.DecideApproval:
                return new DecideApproval(life.Id, ApprovalOf(n), day, day, FileOf(life, n, life.Profile.Chronic).UnitsGranted);
            case StepKind.Deposit or StepKind.DepositOutside:
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
        var n = id.Kind == CommandKind.RequestApproval ? (int)id.Reference - 1 : Sheet.NumberOf(id.Reference);
        switch (id.Kind)
        {
            case CommandKind.RequestApproval when outcome == Outcome.Done:
                agenda.Add(RegistrationTraffic.OnWeekday(day.AddDays(draws.Range(Lot.ApprovalDelay, _care.Approvals.Delay, n))), life.Step(StepKind.DecideApproval, n));
                break;
            case CommandKind.DepositClaim when reason == Reason.WrongClaimDesk && id.Attempt == 0:
                if (draws.Chance(Lot.Redeposits, _filing.Redeposits, n))
                    agenda.Add(NotOnSunday(day.AddDays(draws.Range(Lot.RedepositAfter, _filing.RedepositAfter, n))), life.Step(StepKind.Deposit, n, 1));
                break;
            case CommandKind.DepositClaim or CommandKind.CompleteClaim when outcome == Outcome.ClaimReturned:
                var attempt = id.Kind == CommandKind.DepositClaim ? 1 : id.Attempt + 1;
                if (attempt <= 2 && draws.Chance(Lot.Completes, _filing.Completes, n))
                    agenda.Add(NotOnSunday(day.AddDays(draws.Delay(Lot.CompletesAfter, _filing.CompletesAfter, n << 2 | attempt))), life.Step(StepKind.Complete, n, attempt));
                break;
            case CommandKind.DepositClaim or CommandKind.CompleteClaim when outcome == Outcome.Done:
                agenda.Add(RegistrationTraffic.OnWeekday(day.AddDays(draws.Delay(Lot.ReceiveDelay, _filing.ReceiveDelay, n))), life.Step(StepKind.ReceiveClaim, n));
                break;
            default:
                break;
        }
    }

    private static ulong ApprovalOf(int n) => (ulong)n + 1;

    private CareFile FileOf(in Life life, int n, bool chronic) => new(scenario, life.Draws, Sheet.CareOf(n), chronic);

    private void Schedule(in Life life, in StudentProfile profile, DateOnly day, Days window, Days right, Agenda agenda)
    {
        var draws = life.Draws;
        var count = draws.Pick(Lot.ClaimCount, profile.Chronic ? _care.ClaimsChronic : _care.ClaimsOrdinary);
        for (var n = 0; n < count; n++)
        {
            var care = _horizon.Opens.AddDays(draws.Pick(Lot.CareDay, _care.Days, n));
            if (!window.Has(care))
                continue;
            var file = FileOf(life, n, profile.Chronic);
            if (!right.Has(care))
            {
                if (draws.Chance(Lot.Outside, _care.Outside, n))
                    agenda.Add(DepositDay(draws, file, n, day), life.Step(StepKind.DepositOutside, n));
            }
            else if (!file.AsksApproval || AskApproval(life, file, n, care, day, agenda))
            {
                var deposit = DepositDay(draws, file, n, day);
                agenda.Add(deposit, life.Step(StepKind.Deposit, n));
                if (draws.Chance(Lot.Duplicate, _detours.Duplicates, n))
                    agenda.Add(NotOnSunday(deposit.AddDays(draws.Range(Lot.DuplicateAfter, _detours.DuplicateAfter, n))), life.Step(StepKind.Deposit, Sheet.Again(n)));
            }
        }
    }

    /// <summary>Asks for approval before the care, in an emergency after it. False when there is no time left: such care waits, and is not claimed.</summary>
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
        var delay = draws.Chance(Lot.DepositLate, _filing.Late, n)
            ? draws.Range(Lot.DepositDelay, _filing.LateDelay, n)
            : draws.Delay(Lot.DepositDelay, _filing.Delay, n);
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
        var (way, provider) = (file.Way, draws.Range(Lot.Provider, new Between(1, _filing.Providers), Sheet.CareOf(n)));
        var required = RequiredItems.Of(lines, way);
        if (Sheet.IsAgain(n))
        {
            if (draws.Chance(Lot.OtherAmount, _detours.OtherAmount, n))
                lines[0] = lines[0] with { PaidCentimes = lines[0].PaidCentimes + lines[0].PaidCentimes / 8 + 1 };
            return new DepositClaim(life.Id, Sheet.Of(life, n), day, day, way, _desks.For(profile, way, wrong: false, draws, n), provider, true, required, lines.ToArray()) { Attempt = attempt };
        }

        var wrongDesk = attempt == 0 && draws.Chance(Lot.WrongDesk, _filing.WrongDesk, n);
        return new DepositClaim(
            life.Id, Sheet.Of(life, n), day, day, way, _desks.For(profile, way, wrongDesk, draws, n), provider,
            !draws.Chance(Lot.OtherPatient, _filing.OtherPatient, n), required & ~file.Missing(required), lines.ToArray())
        {
            Attempt = attempt,
        };
    }

    private CompleteClaim Complete(in Life life, int n, byte attempt, DateOnly day)
    {
        var file = FileOf(life, n, life.Profile.Chronic);
        Span<ClaimLine> lines = stackalloc ClaimLine[CareFile.LinesMax];
        var missing = file.Missing(RequiredItems.Of(lines[..file.Fill(lines)], file.Way));
        var brought = attempt == 1 ? file.BroughtFirst(missing) : missing;
        return new CompleteClaim(life.Id, Sheet.Of(life, n), day, day, brought) { Attempt = attempt };
    }

    private static DateOnly NotOnSunday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? day.AddDays(1) : day;

    /// <summary>Days from the first to the last; the default has none.</summary>
    private readonly record struct Days(DateOnly First, DateOnly Last)
    {
        public bool Has(DateOnly day) => day >= First && day <= Last;
    }
}
