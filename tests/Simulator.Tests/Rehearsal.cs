using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Tests;

/// <summary>A year in front of a stand-in for the engine, which refuses now and then, by a rule of its own and always the same.</summary>
internal sealed class Rehearsal
{
    private readonly StudentTraffic _traffic;
    private readonly Population _population;

    public Rehearsal(ulong seed = 42, int scale = 1)
        : this(Scenario, seed, scale)
    {
    }

    public Rehearsal(Scenario scenario, ulong seed = 42, int scale = 1)
    {
        _population = new Population(scenario, seed, scale);
        _traffic = new StudentTraffic(scenario, _population, Rulebook.Embedded);
        Agenda = new Agenda(scenario.Horizon.Opens, scenario.Horizon.Days);
        Marginals = new Marginals(scenario.Horizon.Opens);
    }

    public static Scenario Scenario { get; } = ScenarioReader.Load("national-year");

    public Agenda Agenda { get; }

    public Marginals Marginals { get; }

    public List<(DateOnly Day, Step Step, Command Command)> Sent { get; } = [];

    public List<(StudentId Student, CommandId Id, Outcome Outcome, Reason Reason, DateOnly Day)> Log { get; } = [];

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
                    Log.Add((command.Student, command.Id, outcome, reason, day));
                    _traffic.React(command.Student, command.Id, outcome, reason, day, Agenda, Marginals);
                }
            }
        }
        return this;
    }

    /// <summary>Rebuilds the agenda as a resumed run does: from the log of the closed days, in any order of students.</summary>
    public Rehearsal Replay(Rehearsal first, int days)
    {
        var discarded = new List<Step>();
        for (var closed = 0; closed < days; closed++)
        {
            var day = Scenario.Horizon.Opens.AddDays(closed);
            Agenda.TakeNext(discarded);
            foreach (var (student, id, outcome, reason, on) in first.Log.Where(entry => entry.Day == day).Reverse())
                _traffic.React(student, id, outcome, reason, on, Agenda);
        }
        return this;
    }

    private static (Outcome Outcome, Reason Reason) Answer(Command command)
    {
        var refuses = Mixing.Mix(command.Student.Value, command.Id.Value) % 16 == 0;
        return command switch
        {
            AnswerFromAnam => refuses ? (Outcome.ApplicationRefused, Reason.CoveredByCnss) : (Outcome.ApplicationAccepted, Reason.None),
            DepositClaim { Attempt: 0 } when refuses => (Outcome.Refused, Reason.WrongClaimDesk),
            DepositClaim claim when (RequiredItems.Of(claim.Lines, claim.Way) & ~claim.Items) != FileItems.None => (Outcome.ClaimReturned, Reason.MissingItems),
            ReceiveClaim => (refuses ? Outcome.ClaimNothingPayable : Outcome.ClaimPayable, Reason.None),
            PayContribution { Attempt: 0 } when refuses => (Outcome.Refused, Reason.ContributionWrongAmount),
            ForwardApplication { Attempt: 0 } when refuses => (Outcome.Refused, Reason.WrongApplicationDesk),
            _ => (Outcome.Done, Reason.None),
        };
    }
}
