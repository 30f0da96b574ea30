using System.Globalization;

namespace Amoe.Bench.Ladder;

/// <summary>Climbs the whole ladder once: one process, one folder, one result.</summary>
internal static class LadderRun
{
    public static async Task<LadderResult> RunAsync(LadderOptions options)
    {
        Directory.CreateDirectory(options.Folder);
        var (scratch, recorded) = (Path.Combine(options.Folder, "ladder-scratch.amoe"), Path.Combine(options.Folder, "ladder-recording.amoe"));
        using var files = new ScratchFiles(recorded);
        Say("the machine");
        var machine = Machine.Describe(scratch);
        Say("bytes alive");
        var alive = await MemoryBudget.MeasureAsync(options, scratch);
        Say("recording");
        var recording = await Recording.MakeAsync(options, recorded);
        Say($"recorded {recording.Commands:N0} commands, {recording.Events:N0} events, {recording.Bytes:N0} bytes in {recording.Transactions.Length:N0} transactions");
        Say("adjudication");
        var adjudication = AdjudicationSpeed.Measure(recording);
        Say("bare, every layout");
        var best = Bare.FindBest(Bare.BytesOf(recording), scratch);
        Say($"bare is best with {best}");
        var rungs = await ClimbAsync(Rungs.Of(recording, options, best), options, scratch);
        Say("replay");
        var replay = await Replaying.MeasureAsync(recording, options, recorded);
        return new LadderResult(
            rungs, alive.PerActiveStudent, alive.PerOpenClaim, replay.AllThreads, replay.OneThread, replay.DecodedOneThread, replay.ReadOneThread,
            adjudication.Decided, adjudication.Priced, LadderOptions.Scenario, options.ScaleThousandths / 1000m, options.Seed, options.Threads, options.Rounds,
            recording.Commands, recording.Events, recording.Bytes, recording.Transactions.Length, recording.Transactions.Sum(transaction => transaction.Length),
            best.ToString(), recording.Digest.ToString("x16", CultureInfo.InvariantCulture), machine);
    }

    /// <summary>Round by round, so that whatever else the machine does falls on every rung alike.</summary>
    private static async Task<List<RungResult>> ClimbAsync(IReadOnlyList<Rung> rungs, LadderOptions options, string scratch)
    {
        var climbs = rungs.Select(_ => new List<Climb>()).ToArray();
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var i = 0; i < rungs.Count; i++)
            {
                var climb = await rungs[i].ClimbAsync(scratch);
                climbs[i].Add(climb);
                Say($"round {round + 1}, {rungs[i].Name}: {climb.Taken.WallSeconds:F2} s, {climb.Taken.CpuSeconds:F2} s of processor");
            }
        }

        var bare = Taken.Median([.. climbs[0].Select(climb => climb.Taken)]).WallSeconds;
        return [.. rungs.Select((rung, i) => RungResult.Of(rung.Name, climbs[i], bare))];
    }

    private static void Say(string what) => Console.Error.WriteLine($"ladder: {what}");
}
