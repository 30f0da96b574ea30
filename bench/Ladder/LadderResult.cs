namespace Amoe.Bench.Ladder;

/// <summary>One rung's figures: of its median climb, except the range of its wall times.</summary>
/// <param name="RatioToBare">Bare's wall time over this one's, for the same commands.</param>
internal sealed record RungResult(
    string Name, long EventsPerS, long CommandsPerS, double RatioToBare, double CpuUsPerCommand, double BytesPerEvent, double BytesPerCommand,
    double MbPerS, double WallS, double WallSMin, double WallSMax)
{
    private const int Million = 1_000_000;

    public static RungResult Of(string name, IReadOnlyList<Climb> climbs, double bareSeconds)
    {
        var taken = Taken.Median([.. climbs.Select(climb => climb.Taken)]);
        var climb = climbs.First(climb => climb.Taken == taken);
        var walls = climbs.Select(climb => climb.Taken.WallSeconds).ToList();
        return new RungResult(
            name, (long)(climb.Events / taken.WallSeconds), (long)(climb.Commands / taken.WallSeconds), Math.Round(bareSeconds / taken.WallSeconds, 3),
            Math.Round(taken.CpuSeconds * Million / climb.Commands, 3), Math.Round((double)climb.Bytes / climb.Events, 2),
            Math.Round((double)climb.Bytes / climb.Commands, 2), Math.Round(climb.Bytes / taken.WallSeconds / Million, 1),
            Math.Round(taken.WallSeconds, 3), Math.Round(walls.Min(), 3), Math.Round(walls.Max(), 3));
    }
}

/// <summary>Everything one run of the ladder found; its JSON has these names in snake case.</summary>
internal sealed record LadderResult(
    IReadOnlyList<RungResult> Rungs, long BytesPerActiveStudent, long BytesPerOpenClaim, long ReplayEventsPerS, long ReplayEventsPerSOneThread,
    long ReplayDecodedEventsPerSOneThread, long ReplayReadEventsPerSOneThread, long AdjudicationLinesPerS, long PricedLinesPerS,
    string Scenario, decimal Scale, ulong Seed, int Threads, int Rounds, long Commands, long Events, long JournalBytes, int Transactions, int Segments,
    string BareLayout, string Digest, Machine Machine);
