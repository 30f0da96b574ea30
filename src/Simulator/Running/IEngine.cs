using Amoe.Engine.Actors;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;

namespace Amoe.Simulator.Running;

/// <summary>
/// Decides a simulation's commands: a runtime in this process, or hosts that are reached through their endpoints.
/// </summary>
internal interface IEngine : IAsyncDisposable
{
    /// <summary>Takes the drivers' commands.</summary>
    ICommandTarget Target { get; }

    /// <summary>The journal that it writes, for drivers that resume it.</summary>
    IJournal Journal { get; }

    /// <summary>Messages to one partition that may wait.</summary>
    int WaitingMax { get; }

    /// <summary>
    /// How long a driver waits for a store that went and may come back, sending again what was lost; zero where a lost
    /// command ends the run.
    /// </summary>
    TimeSpan Patience => TimeSpan.Zero;

    /// <summary>The last day a partition had closed when the run began; none before the first.</summary>
    DateOnly LastClosed(int partition);

    /// <summary>Its progress while it runs; null where only the hosts know.</summary>
    EngineProgress? Progress();

    /// <summary>Its result, once every driver has ended.</summary>
    Task<EngineEnd> EndAsync();
}

/// <summary>An engine while it runs.</summary>
/// <param name="Totals">Of the whole journal, what a resumed run found included.</param>
/// <param name="CommandsThisRun">Commands decided since this run began, those that ledgers send included.</param>
/// <param name="EventsThisRun">Events decided since this run began.</param>
/// <param name="Commits">The times of the commits of this run: a copy.</param>
internal sealed record EngineProgress(
    Totals Totals, long CommandsThisRun, long EventsThisRun, LatencyHistogram Commits)
{
    public decimal CommitP50Ms => Commits.PercentileMs(500);

    public decimal CommitP99Ms => Commits.PercentileMs(990);
}

/// <summary>The result of an engine.</summary>
/// <param name="Fault">Why the store takes no more, or null.</param>
/// <param name="Digest">Of the whole journal, as are the accounts.</param>
/// <param name="SegmentBytes">Bytes of the journal's segments, of the whole journal.</param>
/// <param name="FileBytes">Bytes of the journal on disk.</param>
internal sealed record EngineEnd(
    string? Fault, ulong Digest, Accounts Accounts, int Quarantined,
    long CommandsThisRun, long EventsThisRun, long SegmentBytes, long FileBytes, long SnapshotBytes,
    decimal CommitP50Ms, decimal CommitP99Ms, decimal CommitMaxMs, long Commits)
{
    /// <summary>Figures on the reactivation of claims; null where each host has its own.</summary>
    public ReadBackFigures? ReadBack { get; init; }
}
