using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>From declaration or re-sent file, by institutional lists and desks, to ANAM's answer (D1-D8).</summary>
internal sealed class RegistrationTraffic(
    Scenario scenario, Enrolments enrolments, Coverages coverages, ContributionTraffic contribution,
    SituationTraffic situations, ClaimTraffic claims)
{
    /// <summary>The declaration of another institution (D7).</summary>
    public const int Change = 2;

    /// <summary>
    /// From here on, by the claim whose payment came back, declarations of another institution and no bank account.
    /// </summary>
    private const int AccountLost = 64;

    private readonly RegistrationModel _model = scenario.Registration;
    private readonly HorizonModel _horizon = scenario.Horizon;

    public void Open(in Life life, Agenda agenda)
    {
        var profile = life.Profile;
        if (profile.CarriedOver)
            agenda.Add(_horizon.Opens, life.Step(StepKind.CarryOver));
        if (profile.Origin == Origin.Resent)
            agenda.Add(
                OnWeekday(
                    _horizon.Opens.AddDays(InstitutionDraws(profile).Range(DrawPurpose.ResendDay, _model.ResendDays))),
                life.Step(StepKind.Resend));
        if (!profile.Declares)
            return;
        var day = enrolments.DeclaredOn(life.Draws);
        agenda.Add(day, life.Step(StepKind.Declare));
        if (life.Draws.Chance(DrawPurpose.DeclaresAgain, _model.DeclaresAgain))
            agenda.Add(
                day.AddDays(life.Draws.Range(DrawPurpose.DeclaresAgainAfter, _model.DeclaresAgainAfter)),
                life.Step(StepKind.Declare, attempt: 1));
        contribution.Open(life, profile, day, agenda);
        if (profile.Coverage != CoverageKind.None)
            return;
        agenda.Marginals.Chanced(CountedByDay.DeclaresNone, day);
        if (enrolments.Changes(life.Draws, profile))
            agenda.Add(enrolments.ChangedOn(life.Draws), life.Step(StepKind.Declare, attempt: Change));
    }

    /// <summary>The declaration by which a student who lost the bank account enrols elsewhere without one.</summary>
    /// <param name="n">The claim whose payment came back.</param>
    public static Step DeclareWithoutAccount(in Life life, int n) =>
        life.Step(StepKind.Declare, attempt: AccountLost | n);

    /// <summary>
    /// The year is the reference: a student has one registration a year, and the id has the student.
    /// </summary>
    public Command Act(in Life life, Step step, DateOnly day)
    {
        var year = (ulong)_horizon.Year;
        var (attempt, draws) = ((byte)step.Attempt, life.Draws);
        switch (step.Kind)
        {
            case StepKind.CarryOver:
                return new CarryOverRegistration(
                    life.Id, year - 1, day, day, enrolments.LastYear(draws, life.Profile), _horizon.Year - 1,
                    _horizon.Opens.AddYears(-1));
            case StepKind.Declare:
                var profile = life.Profile;
                var coverage = coverages.Declared(draws, profile);
                return new Declare(
                    life.Id, year, day, day, Declares(life, profile, attempt, day), coverage.Kind, _horizon.Year,
                    coverage.Holder)
                { Attempt = attempt };
            case StepKind.Resend:
                return new ResendRegistration(life.Id, year, day, day, _horizon.Year);
            case StepKind.Forward:
                var enrolment = enrolments.On(draws, life.Profile, day);
                var desk = Registration.DeskOf(enrolment.Category);
                if (attempt == 0 && draws.Chance(DrawPurpose.ForwardedWrong, _model.ForwardedWrong))
                    desk = desk == ApplicationDesk.Ofppt ? ApplicationDesk.Onousc : ApplicationDesk.Ofppt;
                return new ForwardApplication(
                    life.Id, ListLine(life, enrolment, day), day, day, desk)
                { Attempt = attempt };
            case StepKind.Transmit:
                return new TransmitApplication(life.Id, year, day, day);
            default:
                var found = draws.Chance(DrawPurpose.AnamFinds, _model.AnamFinds)
                    ? coverages.Found(draws)
                    : OtherCoverage.None;
                return new AnswerFromAnam(life.Id, year, day, day, found.Kind, found.Holder);
        }
    }

    public void React(in Life life, CommandId id, Outcome outcome, Reason reason, DateOnly day, Agenda agenda)
    {
        switch (id.Kind)
        {
            case CommandKind.CarryOverRegistration when outcome == Outcome.Done:
                var carriedOver = life.Profile;
                contribution.CarriedOver(life, carriedOver, agenda);
                situations.CarriedOver(life, carriedOver, agenda);
                claims.CarriedOver(life, carriedOver, day, agenda);
                break;
            case CommandKind.Declare when outcome == Outcome.Done && id.Attempt == 0:
                Declared(life, day, agenda);
                break;
            case CommandKind.Declare when outcome == Outcome.Done && id.Attempt == Change:
                contribution.Changed(life, life.Profile, day, agenda);
                break;
            case CommandKind.ForwardApplication when reason == Reason.WrongApplicationDesk && id.Attempt == 0:
                agenda.Add(NextList(life.Profile, day), life.Step(StepKind.Forward, attempt: 1));
                break;
            case CommandKind.ResendRegistration or CommandKind.ForwardApplication when outcome == Outcome.Done:
                agenda.Add(
                    OnWeekday(day.AddDays(life.Draws.Delay(DrawPurpose.TransmitDelay, _model.TransmitDelay))),
                    life.Step(StepKind.Transmit));
                break;
            case CommandKind.TransmitApplication when outcome == Outcome.Done:
                agenda.Add(
                    OnWeekday(day.AddDays(life.Draws.Delay(DrawPurpose.AnamDelay, _model.AnamDelay))),
                    life.Step(StepKind.Answer));
                break;
            case CommandKind.AnswerFromAnam when outcome == Outcome.ApplicationAccepted:
                var profile = life.Profile;
                agenda.Marginals.Accepted();
                contribution.Accepted(life, profile, day, agenda);
                situations.Accepted(life, profile, day, agenda);
                claims.Answered(life, profile, accepted: true, day, agenda);
                break;
            case CommandKind.AnswerFromAnam when outcome == Outcome.ApplicationRefused:
                claims.Answered(life, life.Profile, accepted: false, day, agenda);
                break;
            default:
                break;
        }
    }

    private EnrolmentRecord Declares(in Life life, in StudentProfile profile, int attempt, DateOnly day) =>
        attempt switch
        {
            Change => enrolments.Changed(life.Draws, profile),
            >= AccountLost =>
                Enrolments.Elsewhere(enrolments.On(life.Draws, profile, day)) with { HasBankAccount = false },
            _ => profile.Enrolment,
        };

    private void Declared(in Life life, DateOnly day, Agenda agenda)
    {
        var profile = life.Profile;
        contribution.Declared(life, profile, day, agenda);
        if (profile.Coverage != CoverageKind.None)
            claims.DeclaredCoverage(life, profile, day, agenda);
        else if (!life.Draws.Chance(DrawPurpose.NeverForwarded, _model.NeverForwarded))
            agenda.Add(NextList(profile, day), life.Step(StepKind.Forward));
    }

    /// <summary>
    /// The institution's next list after a day: each has its own rhythm, and its students' files travel together.
    /// </summary>
    private DateOnly NextList(in StudentProfile profile, DateOnly after)
    {
        var institution = InstitutionDraws(profile);
        var every = institution.Range(DrawPurpose.ListEvery, _model.ListEvery);
        var offset = institution.Range(DrawPurpose.ListOffset, new Between(0, every - 1));
        var elapsed = after.DayNumber - _horizon.Opens.DayNumber + 1;
        var next = offset + (Math.Max(0, elapsed - offset) + every - 1) / every * every;
        return OnWeekday(_horizon.Opens.AddDays(next));
    }

    /// <summary>The institution, the day of its list and a line of twelve bits.</summary>
    private ulong ListLine(in Life life, in EnrolmentRecord enrolment, DateOnly day)
    {
        var list = (ulong)(uint)enrolment.Institution << 10 | (uint)(day.DayNumber - _horizon.Opens.DayNumber);
        return list << 12 | life.Draws.Bits(DrawPurpose.ListLine) & 0xFFF;
    }

    /// <summary>
    /// The draws that an institution's students share. Their seed is the scenario's year, so that institutions keep
    /// their habits.
    /// </summary>
    private Draws InstitutionDraws(in StudentProfile profile) =>
        new((ulong)_horizon.Year, (ulong)profile.Enrolment.Institution);

    /// <summary>Offices work from Monday to Friday.</summary>
    internal static DateOnly OnWeekday(DateOnly day) => day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(2),
        DayOfWeek.Sunday => day.AddDays(1),
        _ => day,
    };
}
