namespace Amoe.Simulator.Running;

/// <summary>How far a run has come: a moving picture, read while it runs.</summary>
/// <param name="Day">The last day closed on every partition; the day before the first when none is.</param>
/// <param name="DaysClosed">Days closed, by partition of students.</param>
/// <param name="Work">What of the year's work a day has.</param>
/// <param name="Declarations">Sent so far, what a resumed run took up included, as are the claims.</param>
/// <param name="Decided">
/// Commands of students answered since this run began: one that was sent twice counts twice.
/// </param>
/// <param name="Elapsed">Since this run began to decide.</param>
/// <param name="Engine">What the engine tells of itself; null where it is not in this process.</param>
internal sealed record SimulationProgress(
    DateOnly Day, IReadOnlyList<int> DaysClosed, ExpectedWork Work, long Declarations, long Claims,
    long Decided, TimeSpan Elapsed, EngineProgress? Engine)
{
    /// <summary>The least that must be done before the speed of a run says how long the rest takes.</summary>
    private const decimal DoneMin = 0.001m;

    /// <summary>
    /// Commands decided since this run began; where only the hosts know it, <see cref="Decided"/>.
    /// </summary>
    public long CommandsThisRun => Engine?.CommandsThisRun ?? Decided;

    /// <summary>The share of the year's work that is done, from 0 to 1.</summary>
    public decimal Share => Work.ShareOf(DaysClosed);

    /// <summary>
    /// The time the rest takes at the speed since an earlier look at the run; null while that cannot be said.
    /// </summary>
    /// <param name="first">Where the run began: what a resumed run found is none of its speed.</param>
    public TimeSpan? LeftSince(SimulationProgress first)
    {
        var done = Share - first.Share;
        return done <= DoneMin
            ? null
            : TimeSpan.FromTicks((long)((Elapsed - first.Elapsed).Ticks * (1 - Share) / done));
    }
}
