using Amoe.Engine.Replay;

namespace Amoe.Simulator.Running;

/// <summary>How far a run has come: a moving picture, read while it runs.</summary>
/// <param name="Day">The last day closed on every shard; the day before the first when none is.</param>
/// <param name="DaysClosed">Shard-days closed, of <paramref name="DaysTotal"/>.</param>
/// <param name="Totals">Of the whole journal, what a resumed run found included.</param>
/// <param name="EventsThisRun">Events decided since this run began.</param>
/// <param name="Elapsed">Since this run began to decide.</param>
public sealed record SimulationProgress(
    DateOnly Day, long DaysClosed, long DaysTotal, Totals Totals, long CommandsThisRun, long EventsThisRun, TimeSpan Elapsed,
    decimal CommitP50Ms, decimal CommitP99Ms);
