namespace Amoe.Simulator.Running;

/// <summary>
/// The share of a year's work that lies behind each of its days, by what a sample of the students sends. Neither days
/// nor declarations say it: most days have few commands, and claims come long after the declarations.
/// </summary>
/// <param name="workByDay">The work of the sample on each day, in commands.</param>
/// <param name="sampled">The sample's part of all students, one in so many.</param>
internal sealed class ExpectedWork(Func<IReadOnlyList<long>> workByDay, long sampled)
{
    /// <summary>
    /// The cost of a day without a command: the partitions commit its marks, in which time they could decide so many.
    /// </summary>
    private const long WorkOfDay = 3_000;

    // Computed only when progress is shown for long: a short run does not pay for the sample.
    private readonly Lazy<long[]> _before = new(() => Sum(workByDay(), sampled));

    public ExpectedWork(SimulationRequest request)
        : this(() => SampleYear.WorkByDay(request), SampleYear.OneIn(request))
    {
    }

    /// <summary>The share of the work done, from 0 to 1, by partitions that have closed so many days each.</summary>
    public decimal ShareOf(IReadOnlyList<int> daysClosed)
    {
        var before = _before.Value;
        return before[^1] == 0 ? 0 : daysClosed.Sum(days => (decimal)before[days]) / before[^1] / daysClosed.Count;
    }

    private static long[] Sum(IReadOnlyList<long> workByDay, long sampled)
    {
        var before = new long[workByDay.Count + 1];
        for (var day = 0; day < workByDay.Count; day++)
            before[day + 1] = before[day] + workByDay[day] * sampled + WorkOfDay;
        return before;
    }
}
