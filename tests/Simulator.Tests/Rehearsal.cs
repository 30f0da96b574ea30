using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Tests;

/// <summary>
/// A year with a substitute for the engine, which refuses now and then, by a rule of its own and always the same.
/// </summary>
internal sealed class Rehearsal
{
    private readonly StudentTraffic _traffic;
    private readonly Dictionary<StudentId, List<ulong>> _judged = [];
    private readonly Population _population;
    private readonly Scenario _scenario;

    public Rehearsal(ulong seed = 42, int scale = 1)
        : this(Scenario, seed, scale)
    {
    }

    public Rehearsal(Scenario scenario, ulong seed = 42, int scale = 1)
    {
        (_scenario, _population) = (scenario, new Population(scenario, seed, scale));
        _traffic = new StudentTraffic(scenario, _population, Rulebook.Embedded);
        Agenda = new Agenda(scenario.Horizon.Opens, scenario.Horizon.Days);
    }

    public static Scenario Scenario { get; } = ScenarioReader.Load("national-year");

    public Agenda Agenda { get; }

    public Marginals Marginals => Agenda.Marginals;

    /// <summary>The measured figures beside those that the scenario, or another, expects.</summary>
    public IReadOnlyList<MarginalCheck> Check(Scenario? expecting = null) =>
        new MarginalModel(expecting ?? _scenario, Rulebook.Embedded, Marginals, _population).Check();

    public List<(DateOnly Day, Step Step, Command Command)> Sent { get; } = [];

    public List<(StudentId Student, CommandId Id, Outcome Outcome, Reason Reason, RevisedClaim[] Revised, DateOnly Day)>
        Log
    { get; } = [];

    public Rehearsal Open(Func<uint, bool>? only = null)
    {
        for (var i = 0u; i < _population.Count; i++)
        {
            if (only?.Invoke(i) != false)
                _traffic.Open(i, Agenda);
        }
        return this;
    }

    public Rehearsal Run(int days = int.MaxValue)
    {
        var (steps, commands) = (new List<Step>(), new List<Command>());
        for (; days > 0 && Agenda.Taken < Scenario.Horizon.Days; days--)
        {
            var day = Scenario.Horizon.Opens.AddDays(Agenda.Taken);
            Agenda.TakeNext(steps);
            foreach (var step in steps)
            {
                commands.Clear();
                _traffic.Act(step, day, commands, Marginals);
                foreach (var command in commands)
                {
                    Sent.Add((day, step, command));
                    var (outcome, reason) = Answer(command);
                    var revised = Revised(command);
                    Log.Add((command.Student, command.Id, outcome, reason, revised, day));
                    _traffic.React(command.Student, command.Id, outcome, reason, day, Agenda, revised);
                }
            }
        }
        return this;
    }

    /// <summary>
    /// Rebuilds the agenda as a resumed run does: from the log of the closed days, in any order of students.
    /// </summary>
    public Rehearsal Replay(Rehearsal first, int days)
    {
        var discarded = new List<Step>();
        for (var closed = 0; closed < days; closed++)
        {
            var day = Scenario.Horizon.Opens.AddDays(closed);
            Agenda.TakeNext(discarded);
            foreach (var (student, id, outcome, reason, revised, on) in first.Log.Where(entry => entry.Day == day)
                .Reverse())
            {
                Judged(student, id);
                _traffic.React(student, id, outcome, reason, on, Agenda, revised);
            }
        }
        return this;
    }

    /// <summary>A fact revises the student's adjudicated claims: each time to another result.</summary>
    private RevisedClaim[] Revised(Command command)
    {
        var judged = Judged(command.Student, command.Id);
        return command is ReportOtherCoverage or EndOtherCoverage or InterruptStudies or ChangeInterruptionReason
            or ResumeStudies or DecideExemption or CorrectFact
            ? [.. judged.Select(claim =>
                new RevisedClaim(claim, (claim + (ulong)command.Kind) % 3 == 0 ? Revision.Overpaid : Revision.Payable))]
            : [];
    }

    private List<ulong> Judged(StudentId student, CommandId id)
    {
        if (!_judged.TryGetValue(student, out var judged))
            _judged.Add(student, judged = []);
        if (id.Kind == CommandKind.ReceiveClaim && !judged.Contains(id.Reference))
            judged.Add(id.Reference);
        return judged;
    }

    /// <summary>True for a medicine without a price, or a prosthesis without a description.</summary>
    public static bool IsUnsaid(ClaimLine line) =>
        (line is { Act: Act.OrdinaryMedicine or Act.ChronicMedicine or Act.ListedCostlyMedicine, ReferenceCentimes: 0 })
            || (CareFile.IsProsthesis(line.Act) && line.Prosthesis == default);

    private static (Outcome Outcome, Reason Reason) Answer(Command command)
    {
        var refuses = Mixing.Mix(command.Student.Value, command.Id.Value) % 16 == 0;
        return command switch
        {
            AnswerFromAnam =>
                refuses
                    ? (Outcome.ApplicationRefused, Reason.CoveredByCnss)
                    : (Outcome.ApplicationAccepted, Reason.None),
            DepositClaim { Attempt: 0 } when refuses => (Outcome.Refused, Reason.WrongClaimDesk),
            DepositClaim claim when (RequiredItems.Of(claim.Lines, claim.Way) & FileItems.All & ~claim.Items)
                != FileItems.None || Array.Exists(claim.Lines, IsUnsaid) =>
                (Outcome.ClaimReturned, Reason.MissingItems),
            ReceiveClaim when refuses =>
                (Outcome.ClaimHeld, command.Student.Value % 2 == 0 ? Reason.PossibleDuplicate : Reason.PhysicianReview),
            ReceiveClaim when command.Id.Value % 8 == 0 => (Outcome.ClaimNothingPayable, Reason.None),
            ReceiveClaim or ResolveDuplicate { IsDuplicate: false } or ReviewClaim { Granted: true } or DecideAppeal
                or ReopenClaim => (Outcome.ClaimPayable, Reason.None),
            ResolveDuplicate or ReviewClaim => (Outcome.ClaimNothingPayable, Reason.None),
            OrderPayment { Attempt: > 0 } when refuses => (Outcome.Refused, Reason.PaymentAlreadyOrdered),
            RecoverOverpayment when refuses => (Outcome.Refused, Reason.RecoveryTooHigh),
            PayContribution or ReceiveContribution when refuses => (Outcome.Done, Reason.ContributionNotDue),
            ReportPaymentReturned { Payment: 0 } when command.Reference % 2 == 0 =>
                (Outcome.Refused, Reason.PaymentNotNamed),
            ForwardApplication { Attempt: 0 } when refuses => (Outcome.Refused, Reason.WrongApplicationDesk),
            _ => (Outcome.Done, Reason.None),
        };
    }
}
