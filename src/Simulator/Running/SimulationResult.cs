using Amoe.Engine.Actors;
using Amoe.Engine.Replay;
using Amoe.Simulator.Assertions;

namespace Amoe.Simulator.Running;

/// <summary>The result of a run.</summary>
/// <param name="IsComplete">
/// False when it was stopped before the horizon: the journal is clean and can be resumed.
/// </param>
/// <param name="Failure">What made it stop, or null.</param>
/// <param name="StoreFailed">True when it was the journal that failed, and not the engine.</param>
/// <param name="Digest">
/// Of the whole journal: the same for the same scenario, scale, seed and rulebook, once complete.
/// </param>
/// <param name="Accounts">Of the whole journal.</param>
/// <param name="Marginals">
/// What the scenario expects beside what was measured; empty while the year is not complete.
/// </param>
/// <param name="CommandsThisRun">Commands decided by this run: fewer than the totals' when it resumed.</param>
/// <param name="SegmentBytes">Bytes of the journal's segments, of the whole journal.</param>
/// <param name="FileBytes">Bytes of the journal's files on disk.</param>
/// <param name="Elapsed">From the first command to the last commit.</param>
internal sealed record SimulationResult(
    bool IsComplete, string? Failure, bool StoreFailed, ulong Digest, Accounts Accounts,
    IReadOnlyList<MarginalCheck> Marginals, DateOnly LastDay, int Quarantined,
    long CommandsThisRun, long EventsThisRun, long SegmentBytes, long FileBytes, long SnapshotBytes, TimeSpan Elapsed,
    decimal CommitP50Ms, decimal CommitP99Ms, decimal CommitMaxMs, long Commits)
{
    /// <summary>Figures on the reactivation of claims; null where each host has its own.</summary>
    public ReadBackFigures? ReadBack { get; init; }

    /// <summary>Rates and commit latency over the run, in the order of time: together all of its commands.</summary>
    public required IReadOnlyList<PaceSample> Pace { get; init; }
}
