using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Tests;

public sealed class AgendaTests
{
    private static readonly DateOnly Opens = new(2025, 9, 1);

    [Fact]
    public void Steps_come_back_in_order_and_once()
    {
        var agenda = new Agenda(Opens, 10);
        Step[] steps = [
            new(9, StepKind.Declare), new(3, StepKind.OrderPayment, 2), new(3, StepKind.Deposit, 1),
            new(3, StepKind.Deposit, 1)
        ];
        foreach (var step in steps)
            agenda.Add(Opens, step);
        var taken = new List<Step>();
        agenda.TakeNext(taken);
        Assert.Equal([steps[0], steps[2], steps[1]], taken);
        Assert.Equal(0, agenda.Count);
    }

    [Fact]
    public void A_step_past_the_horizon_is_dropped_and_one_in_the_past_is_an_error()
    {
        var agenda = new Agenda(Opens, 2);
        agenda.Add(Opens.AddDays(2), new Step(1, StepKind.Declare));
        Assert.Equal(0, agenda.Count);
        agenda.TakeNext([]);
        Assert.Throws<InvalidOperationException>(() => agenda.Add(Opens, new Step(1, StepKind.Declare)));
    }

    [Fact]
    public void A_step_keeps_what_it_was_given()
    {
        var step = new Step(28_300_000, StepKind.Complete, 62, 2);
        Assert.Equal(
            (28_300_000u, StepKind.Complete, 62, 2, 2),
            (step.Student, step.Kind, step.Number, step.Attempt, step.Phase));
    }
}
