using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Tests;

public sealed class LateFactsTests
{
    private const int Scale = 40;

    private static readonly Scenario Scenario = ScenarioReader.Load("late-facts");
    private static readonly Rehearsal Year = new Rehearsal(Scenario, scale: Scale).Open().Run();

    /// <summary>Facts that can be late or wrong.</summary>
    private static IEnumerable<(DateOnly Day, Step Step, Command Command)> Facts =>
        Year.Sent.Where(sent => sent.Step.Kind
            is StepKind.ReceiveContribution or StepKind.ReportCoverage or StepKind.ReportSecondCoverage
                or StepKind.EndCoverage or StepKind.EndSecondCoverage or StepKind.Interrupt
            or StepKind.ChangeReason or StepKind.Resume or StepKind.DecideExemption);

    [Fact]
    public void It_is_the_national_year_but_for_its_facts()
    {
        var national = ScenarioReader.Load("national-year");
        Assert.Equal(national.Horizon, Scenario.Horizon);
        Assert.Equal(national.Registration.AnamFinds, Scenario.Registration.AnamFinds);
        Assert.NotEqual(national.LateFacts, Scenario.LateFacts);
    }

    [Fact]
    public void Every_kind_of_fact_is_late_now_and_then_and_by_nine_months_at_most()
    {
        foreach (var kind in Facts.Where(fact => fact.Command.Attempt == 0).GroupBy(fact => fact.Step.Kind))
            Assert.Contains(kind, fact => Lag(fact.Command) > 45);

        // A wrong date comes before the true one, ANAM confirms an end some time after the student, and what follows
        // another fact is not learnt before it.
        Assert.All(
            Facts.Where(fact => fact.Step.Kind is not (StepKind.Resume or StepKind.ChangeReason)),
            fact => Assert.InRange(Lag(fact.Command), 0, 270 + 60 + 60 + fact.Command.Attempt * 121));
    }

    [Fact]
    public void About_every_fifth_fact_is_late() =>
        Assert.All(
            Year.Check().Where(row => row.Of.StartsWith("facts/", StringComparison.Ordinal)),
            row => Assert.True(row.Within, row.ToString()));

    [Fact]
    public void What_is_taken_back_was_said_before_and_is_said_right_the_day_after()
    {
        var corrections = Year.Sent.Where(sent => sent.Step.Kind == StepKind.TakeBack).ToList();
        Assert.NotEmpty(corrections);
        foreach (var (day, step, command) in corrections)
        {
            var correction = (CorrectFact)command;
            var facts = Facts.Where(fact =>
                fact.Command.Student == command.Student
                    && fact.Step.Kind == (StepKind)step.Attempt
                    && IsOf(fact.Command, correction)).ToList();
            var wrong = facts.First(fact => fact.Command.Attempt == 0);
            Assert.True(wrong.Day < day);
            Assert.Equal(wrong.Command.Effective, command.Effective);
            if (day == Scenario.Horizon.Closes)
                continue;
            var right = facts.Single(fact => fact.Command.Attempt == 1);
            Assert.Equal(day.AddDays(1), right.Day);
            Assert.True(right.Command.Effective > wrong.Command.Effective);
        }
    }

    [Fact]
    public void One_id_is_only_ever_one_command() => Assert.All(
        Year.Sent.GroupBy(sent => (sent.Command.Student, sent.Command.Id)),
        same => Assert.Single(same.Select(sent => sent.Command.Fingerprint()).Distinct()));

    [Theory]
    [InlineData(150)]
    [InlineData(333)]
    public void A_run_resumed_from_its_log_goes_on_as_if_undisturbed(int days)
    {
        var resumed = new Rehearsal(Scenario, scale: Scale).Open().Replay(Year, days).Run();
        var day = Scenario.Horizon.Opens.AddDays(days);
        Assert.Equal(
            Year.Sent.Where(sent => sent.Day >= day), resumed.Sent.OrderBy(sent => sent.Day).ThenBy(sent => sent.Step));
    }

    /// <summary>Of the same kind, and of the same coverage where it is about one.</summary>
    private static bool IsOf(Command fact, CorrectFact correction) => fact.Kind == correction.Fact && (fact switch
    {
        ReportOtherCoverage c => (c.Coverage, c.Holder),
        EndOtherCoverage c => (c.Coverage, c.Holder),
        _ => default,
    }) == (correction.Coverage, correction.Holder);

    private static int Lag(Command command) => command.Known.DayNumber - command.Effective.DayNumber;
}
