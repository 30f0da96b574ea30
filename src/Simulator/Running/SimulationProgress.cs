namespace Amoe.Simulator.Running;

/// <summary>How far a run has come: a moving picture, read while it runs.</summary>
/// <param name="Day">The last day closed on every shard; the day before the first when none is.</param>
/// <param name="DaysClosed">Shard-days closed, of <paramref name="DaysTotal"/>.</param>
/// <param name="Declarations">Sent so far, what a resumed run took up included, as are the claims.</param>
/// <param name="CommandsThisRun">Decided since this run began.</param>
/// <param name="Elapsed">Since this run began to decide.</param>
/// <param name="Engine">What the engine tells of itself; null where it is not in this process.</param>
internal sealed record SimulationProgress(
    DateOnly Day, long DaysClosed, long DaysTotal, long Declarations, long Claims, long CommandsThisRun, TimeSpan Elapsed, EngineProgress? Engine);
