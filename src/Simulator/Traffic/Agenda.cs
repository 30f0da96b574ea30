using System.Runtime.InteropServices;
using Amoe.Simulator.Assertions;

namespace Amoe.Simulator.Traffic;

/// <summary>
/// The steps of one partition's students on each day of the horizon. Steps past the horizon are dropped, and the same
/// step put twice on a day is one step: a command sent twice is answered twice, and what follows from it follows once.
/// </summary>
internal sealed class Agenda(DateOnly opens, int days)
{
    private readonly List<ulong>?[] _days = new List<ulong>?[days];

    /// <summary>The counts of these students' traffic.</summary>
    public Marginals Marginals { get; } = new(opens, days);

    /// <summary>Steps still to be taken.</summary>
    public int Count { get; private set; }

    /// <exception cref="InvalidOperationException">
    /// The day was taken already: what follows comes a day later at the earliest.
    /// </exception>
    public void Add(DateOnly day, Step step)
    {
        var index = day.DayNumber - opens.DayNumber;
        if (index >= _days.Length)
            return;
        if (index < Taken)
            throw new InvalidOperationException($"a step is scheduled on {day:yyyy-MM-dd}, which is over");
        (_days[index] ??= []).Add(step.Order);
        Count++;
    }

    /// <summary>How many days were taken: the next to take is that many days after the opening.</summary>
    public int Taken { get; private set; }

    /// <summary>
    /// Fills <paramref name="steps"/> with the steps of the next day, in their order, and moves on to the day after.
    /// </summary>
    public void TakeNext(List<Step> steps)
    {
        steps.Clear();
        var day = _days[Taken];
        _days[Taken++] = null;
        if (day is null)
            return;
        Count -= day.Count;
        CollectionsMarshal.AsSpan(day).Sort();
        var last = ulong.MaxValue;
        foreach (var order in day)
        {
            if (order != last)
                steps.Add(new Step(order));
            last = order;
        }
    }
}
