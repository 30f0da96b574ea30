namespace Amoe.Simulator.Running;

/// <summary>What a run did since the sample before: rates and commit latency over the year.</summary>
/// <param name="Day">The last virtual day that every partition has closed.</param>
/// <param name="Elapsed">Since the sample before; of the first, since the run began.</param>
/// <param name="Commands">Commands since the sample before: <see cref="SimulationProgress.CommandsThisRun"/>.</param>
/// <param name="Events">
/// Events decided since the sample before; null where only the hosts know.
/// </param>
/// <param name="CommitP50Ms">
/// The median time of the commits since the sample before, in milliseconds; null where only the hosts know, or where
/// there was none.
/// </param>
/// <param name="CommitP99Ms">The 99th percentile of the same; null in the same cases.</param>
internal sealed record PaceSample(
    DateOnly Day, TimeSpan Elapsed, long Commands, long? Events, decimal? CommitP50Ms, decimal? CommitP99Ms);
