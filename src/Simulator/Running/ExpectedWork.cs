namespace Amoe.Simulator.Running;

/// <summary>
/// The share of a year's work that lies behind each of its days, by what a sample of the students sends. Neither days nor
/// declarations say it: most days have few commands, and claims come long after the declarations.
/// </summary>
/// <param name="commandsByDay">Commands of the sample on each day.</param>
/// <param name="sampled">The sample's part of all students, one in so many.</param>
internal sealed class ExpectedWork(Func<IReadOnlyList<long>> commandsByDay, long sampled)
{
    /// <summary>
    /// What a day costs without a command: each partition commits its marks twice, in which time it could decide so many.
    /// </summary>
    private const long CommandsADay = 2_000;

    // Only who shows progress for long asks: a short run does not pay for the sample.
    private readonly Lazy<long[]> _before = new(() => Sum(commandsByDay(), sampled));

    public ExpectedWork(SimulationRequest request)
        : this(() => SampleYear.CommandsByDay(request), SampleYear.OneIn(request))
    {
    }

    /// <summary>The share of the work done, from 0 to 1, by partitions that have closed so many days each.</summary>
    public decimal ShareOf(IReadOnlyList<int> daysClosed)
    {
        var before = _before.Value;
        return before[^1] == 0 ? 0 : daysClosed.Sum(days => (decimal)before[days]) / before[^1] / daysClosed.Count;
    }

    private static long[] Sum(IReadOnlyList<long> commandsByDay, long sampled)
    {
        var before = new long[commandsByDay.Count + 1];
        for (var day = 0; day < commandsByDay.Count; day++)
            before[day + 1] = before[day] + commandsByDay[day] * sampled + CommandsADay;
        return before;
    }
}
