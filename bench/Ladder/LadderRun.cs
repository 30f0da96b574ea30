using System.Globalization;
using Amoe.Bench.Baseline;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Rules;

namespace Amoe.Bench.Ladder;

/// <summary>Climbs the whole ladder once: one process, one folder, one result.</summary>
internal static class LadderRun
{
    /// <summary>
    /// Of the baseline: on an idle machine the best takes some seconds for them, a single connection a quarter of a
    /// minute.
    /// </summary>
    private const long BaselineCommandsMin = 20_000;

    public static async Task<LadderResult> RunAsync(LadderOptions options)
    {
        Directory.CreateDirectory(options.Folder);
        var scratch = Path.Combine(options.Folder, "ladder-scratch.amoe");
        using var store = StoreOf(options, scratch);
        Say("the machine");
        var machine = Machine.Describe(scratch);
        Say("bytes alive");
        var alive = await MemoryBudget.MeasureAsync(options, scratch);
        Say("recording");
        var recording = await Recording.MakeAsync(options, store.Partitions);
        Say(
            $"recorded {recording.Commands:N0} commands, {recording.Events:N0} events, {recording.Bytes:N0} bytes in {recording.Transactions.Length:N0} transactions");
        Say("adjudication");
        var adjudication = AdjudicationSpeed.Measure(recording);
        Say("bare, every layout");
        var best = store.FindBestBare(Bare.BytesOf(recording));
        Say($"bare is best with {best}");
        var rungs = await ClimbAsync(Rungs.Of(recording, options, store, scratch), options);
        var baseline = store is PostgresLadderStore postgres ? Compare(recording, options, postgres) : null;
        Say("replay");
        var replay = await ReplayAsync(recording, options, store);
        return new LadderResult(
            rungs, alive.PerActiveStudent, alive.PerOpenClaim, replay.AllThreads, replay.OneThread,
            replay.DecodedOneThread, replay.ReadOneThread,
            adjudication.Decided, adjudication.Priced, LadderOptions.Scenario, options.ScaleThousandths / 1000m,
            options.Seed, options.Threads, options.Rounds,
            recording.Commands, recording.Events, recording.Bytes, recording.Transactions.Length,
            recording.Transactions.Sum(transaction => transaction.Length),
            best, recording.Digest.ToString("x16", CultureInfo.InvariantCulture), machine, store.Description, baseline);
    }

    private static ILadderStore StoreOf(LadderOptions options, string scratch) => options.Journal switch
    {
        LadderOptions.Sqlite => new SqliteLadderStore(scratch),
        LadderOptions.Postgres => PostgresLadderStore.Private(options.Folder),
        var address => PostgresLadderStore.At(address),
    };

    /// <summary>Round by round, so that whatever else the machine does falls on every rung alike.</summary>
    private static async Task<List<RungResult>> ClimbAsync(IReadOnlyList<Rung> rungs, LadderOptions options)
    {
        var climbs = rungs.Select(_ => new List<Climb>()).ToArray();
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var i = 0; i < rungs.Count; i++)
            {
                var climb = await rungs[i].ClimbAsync();
                climbs[i].Add(climb);
                Say(
                    $"round {round + 1}, {rungs[i].Name}: {climb.Taken.WallSeconds:F2} s, {climb.Taken.CpuSeconds:F2} s of processor");
            }
        }

        var bare = Taken.Median([.. climbs[0].Select(climb => climb.Taken)]).WallSeconds;
        return [.. rungs.Select((rung, i) => RungResult.Of(rung.Name, climbs[i], bare))];
    }

    /// <summary>Round by round too, every number of connections.</summary>
    private static BaselineResult Compare(Recording recording, LadderOptions options, PostgresLadderStore store)
    {
        var slice = Slice.Of(recording, BaselineCommandsMin);
        var taken = DapperBaseline.Connections.Select(_ => new List<Taken>()).ToArray();
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i].Add(DapperBaseline.Run(slice, DapperBaseline.Connections[i], store.ConnectionString, store));
                Say(
                    $"round {round + 1}, a transaction per command, {DapperBaseline.Connections[i]} connections: {taken[i][^1].WallSeconds:F2} s for {slice.Commands:N0} commands");
            }
        }

        return new BaselineResult(
            slice.Commands,
            [.. DapperBaseline.Connections.Select((connections, i) =>
                BaselineRun.Of(connections, slice.Commands, Taken.Median(taken[i])))]);
    }

    private static async Task<ReplayRates> ReplayAsync(Recording recording, LadderOptions options, ILadderStore store)
    {
        using var place = store.NewPlace();
        var engine = new EngineOptions { Threads = options.Threads };
        await using (var started = await place.StartAsync(recording.Identity, new AmoeLogic(Rulebook.Embedded), engine))
            await Feed.PlayAsync(recording, started.Runtime, engine.MailboxMessagesMax);
        return await Replaying.MeasureAsync(recording, options, place);
    }

    private static void Say(string what) => Console.Error.WriteLine($"ladder: {what}");
}
