namespace Amoe.Bench.Ladder;

/// <summary>One rung's figures: of its median climb, except the range of its wall times.</summary>
/// <param name="RatioToBare">Bare's wall time over this one's, for the same commands.</param>
/// <param name="StoreCpuUsPerCommand">Of the store's own processes; 0 where it has none.</param>
/// <param name="StoreLogBytesPerCommand">Written to the store's write-ahead log; 0 where it does not tell.</param>
internal sealed record RungResult(
    string Name, long EventsPerS, long CommandsPerS, double RatioToBare, double CpuUsPerCommand, double BytesPerEvent,
    double BytesPerCommand,
    double MbPerS, double WallS, double WallSMin, double WallSMax, double StoreCpuUsPerCommand = 0,
    double StoreLogBytesPerCommand = 0)
{
    private const int Million = 1_000_000;

    public static RungResult Of(string name, IReadOnlyList<Climb> climbs, double bareSeconds)
    {
        var taken = Taken.Median([.. climbs.Select(climb => climb.Taken)]);
        var climb = climbs.First(climb => climb.Taken == taken);
        var walls = climbs.Select(climb => climb.Taken.WallSeconds).ToList();
        return new RungResult(
            name, (long)(climb.Events / taken.WallSeconds), (long)(climb.Commands / taken.WallSeconds),
            Math.Round(bareSeconds / taken.WallSeconds, 3),
            Math.Round(taken.CpuSeconds * Million / climb.Commands, 3),
            Math.Round((double)climb.Bytes / climb.Events, 2),
            Math.Round((double)climb.Bytes / climb.Commands, 2),
            Math.Round(climb.Bytes / taken.WallSeconds / Million, 1),
            Math.Round(taken.WallSeconds, 3), Math.Round(walls.Min(), 3), Math.Round(walls.Max(), 3),
            Math.Round(taken.Store.CpuSeconds * Million / climb.Commands, 3),
            Math.Round((double)taken.Store.LogBytes / climb.Commands, 2));
    }
}

/// <summary>The same commands as one transaction each.</summary>
/// <param name="Commands">So many of the recording's were taken: whole years of some of its partitions.</param>
/// <param name="Runs">By number of connections, as often as the rungs were climbed.</param>
internal sealed record BaselineResult(long Commands, IReadOnlyList<BaselineRun> Runs)
{
    public BaselineRun Best => Runs.MaxBy(run => run.CommandsPerS)!;
}

/// <summary>With one number of connections, the median's figures.</summary>
internal sealed record BaselineRun(
    int Connections, long CommandsPerS, double WallS, double CpuUsPerCommand, double StoreCpuUsPerCommand,
    double StoreLogBytesPerCommand)
{
    private const int Million = 1_000_000;

    public static BaselineRun Of(int connections, long commands, Taken taken) => new(
        connections, (long)(commands / taken.WallSeconds), Math.Round(taken.WallSeconds, 3),
        Math.Round(taken.CpuSeconds * Million / commands, 1),
        Math.Round(taken.Store.CpuSeconds * Million / commands, 1),
        Math.Round((double)taken.Store.LogBytes / commands, 1));
}

/// <summary>Everything one run of the ladder found; its JSON has these names in snake case.</summary>
/// <param name="Store">The store; null in results that are older than the choice of a store.</param>
/// <param name="Baseline">What others do on the same server; null where it is none.</param>
internal sealed record LadderResult(
    IReadOnlyList<RungResult> Rungs, long BytesPerActiveStudent, long BytesPerOpenClaim, long ReplayEventsPerS,
    long ReplayEventsPerSOneThread,
    long ReplayDecodedEventsPerSOneThread, long ReplayReadEventsPerSOneThread, long AdjudicationLinesPerS,
    long PricedLinesPerS,
    string Scenario, decimal Scale, ulong Seed, int Threads, int Rounds, long Commands, long Events, long JournalBytes,
    int Transactions, int Segments,
    string BareLayout, string Digest, Machine Machine, string? Store = null, BaselineResult? Baseline = null);
