using Amoe.Bench.Ladder;

namespace Amoe.Bench.Peers;

/// <summary>One peer with a number of commands under way.</summary>
/// <param name="UnderWay">Commands under way at most.</param>
/// <param name="UnderWayOnAverage">Fewer where students waited for themselves, or a day for its end.</param>
/// <param name="Students">The year of so many was asked for.</param>
/// <param name="Commands">So many of its commands were done.</param>
/// <param name="IsExtrapolated">True where it was stopped before the year's end: its rate is of what it did.</param>
internal sealed record PeerPoint(
    string Peer, int UnderWay, double UnderWayOnAverage, int Students, long Commands, long CommandsPerS, double WallS,
    double CpuUsPerCommand, double StoreCpuUsPerCommand, bool IsExtrapolated)
{
    private const int Million = 1_000_000;

    public static PeerPoint Of(PeerRun run, Driven driven)
    {
        var (taken, commands) = (driven.Taken, Math.Max(1, driven.Commands));
        return new PeerPoint(
            run.Name, run.Concurrency, Math.Round(driven.UnderWay), run.Students, driven.Commands,
            (long)(driven.Commands / taken.WallSeconds), Math.Round(taken.WallSeconds, 2),
            Math.Round(taken.CpuSeconds * Million / commands, 1),
            Math.Round(taken.Store.CpuSeconds * Million / commands, 1), !driven.IsWhole);
    }
}

/// <summary>The name of a peer, and its settings.</summary>
internal sealed record PeerSettings(string Peer, string Settings);

/// <summary>Everything one run found; its JSON has these names in snake case.</summary>
/// <param name="Date">Of the run, in UTC.</param>
internal sealed record PeersResult(
    string Date, string Scenario, decimal Scale, ulong Seed, long Commands, int Students, string Digest,
    Machine Machine, IReadOnlyList<string> Stores, IReadOnlyList<PeerSettings> Peers, IReadOnlyList<int> Concurrency,
    IReadOnlyList<PeerPoint> Points)
{
    /// <summary>A peer's point, or null where it was not measured.</summary>
    public PeerPoint? At(string peer, int underWay) =>
        Points.FirstOrDefault(point => point.Peer == peer && point.UnderWay == underWay);

    /// <summary>A peer's best point, or null where it was not measured.</summary>
    public PeerPoint? Best(string peer) => Points.Where(point => point.Peer == peer).MaxBy(point => point.CommandsPerS);
}

/// <summary>How many times a peer's rate ours has to be, each at its best.</summary>
internal sealed record PeerBudget(string Ours, string Peer, int Times)
{
    public static IReadOnlyList<PeerBudget> All { get; } =
    [
        new(PeerKinds.OursSqlite, PeerKinds.AkkaSqlite, 40),
        new(PeerKinds.OursPostgres, PeerKinds.AkkaPostgres, 10),
        new(PeerKinds.OursPostgres, PeerKinds.Orleans, 30),
        new(PeerKinds.OursPostgres, PeerKinds.Proto, 30),
        new(PeerKinds.OursPostgres, PeerKinds.Dapper, 30),
        new(PeerKinds.OursPostgres, PeerKinds.Marten, 100),
    ];
}
