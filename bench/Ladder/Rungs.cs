using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Rules;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;

namespace Amoe.Bench.Ladder;

/// <summary>The result of one climb.</summary>
/// <param name="Bytes">Payload bytes made durable in the log.</param>
internal sealed record Climb(Taken Taken, long Commands, long Events, long Bytes);

/// <summary>A rung: what it is called, and how to climb it once, on a store that holds nothing.</summary>
internal sealed record Rung(string Name, Func<Task<Climb>> ClimbAsync);

/// <summary>The ladder's rungs, from the disk to the whole program.</summary>
internal static class Rungs
{
    private static readonly int[] HostCounts = [1, 3];

    /// <summary>The name of the rung of so many host processes.</summary>
    public static string HostsName(int hosts) => $"hosts {hosts}";

    public static IReadOnlyList<Rung> Of(Recording recording, LadderOptions options, ILadderStore store, string scratch)
    {
        var bytes = Bare.BytesOf(recording);
        return
        [
            new Rung("bare", () => Same(recording, store.AppendBare(bytes))),
            new Rung(
                "bare by event",
                () => Same(recording, store.AppendBare(bytes, (int)(recording.Bytes / recording.Events)))),
            new Rung("bare file", () => Same(recording, Bare.AppendToFile(bytes, recording, scratch))),
            new Rung("trivial", () => HostAsync(recording, new TrivialLogic(), options, store)),
            new Rung("engine", () => EngineAsync(recording, options, store)),
            new Rung("simulate", () => SimulateAsync(recording, options, store)),
            .. options.IsOnPostgres
                ? HostCounts.Select(hosts =>
                    new Rung(HostsName(hosts), () => Task.FromResult(HostsRun.Climb(recording, options, store, hosts))))
                : [],
        ];
    }

    private static Task<Climb> Same(Recording recording, Taken taken) =>
        Task.FromResult(new Climb(taken, recording.Commands, recording.Events, recording.Bytes));

    private static async Task<Climb> EngineAsync(Recording recording, LadderOptions options, ILadderStore store)
    {
        var (climb, digest) = await HostDigestAsync(recording, new AmoeLogic(Rulebook.Embedded), options, store);
        RequireSame(recording, digest, "engine");
        return climb;
    }

    private static async Task<Climb> HostAsync(
        Recording recording, IActorLogic logic, LadderOptions options, ILadderStore store) =>
        (await HostDigestAsync(recording, logic, options, store)).Climb;

    private static async Task<(Climb Climb, ulong Digest)> HostDigestAsync(
        Recording recording, IActorLogic logic, LadderOptions options, ILadderStore store)
    {
        using var place = store.NewPlace();
        var engine = new EngineOptions { Threads = options.Threads };
        await using var started = await place.StartAsync(recording.Identity, logic, engine);
        var (runtime, journal) = (started.Runtime, started.Journal);
        var clock = Clock.Start(store);
        await Feed.PlayAsync(recording, runtime, engine.MailboxMessagesMax);
        var taken = clock.Stop();
        var state = runtime.Inspect();
        return (new Climb(
            taken, state.Totals[Counter.Commands], state.Totals[Counter.Events], journal.Measure().SegmentBytes),
            state.Digest);
    }

    private static async Task<Climb> SimulateAsync(Recording recording, LadderOptions options, ILadderStore store)
    {
        using var place = store.NewPlace();
        var request = new SimulationRequest(
            ScenarioReader.Load(LadderOptions.Scenario), options.ScaleThousandths, options.Seed, Rulebook.Embedded,
            place.Address, Resume: false, options.Threads);
        await using var simulation = await Simulation.OpenAsync(request, Console.Error.WriteLine, TimeProvider.System);
        var clock = Clock.Start(store);
        var result = await simulation.RunAsync(CancellationToken.None);
        var taken = clock.Stop();

        // The program keeps ledgers beside, and what they send back to claims is not on the recording: the digests
        // differ, what was declared and claimed does not.
        var (has, wants) = (result.Accounts.Totals, recording.Totals);
        if (has[Counter.Declarations] != wants[Counter.Declarations]
            || has[Counter.Claims] != wants[Counter.Claims]
            || has[Counter.Lines] != wants[Counter.Lines])
            throw new InvalidOperationException(
                "simulate ended with other declarations or claims than the recording: they did not do the same work");
        return new Climb(taken, result.CommandsThisRun, result.EventsThisRun, result.SegmentBytes);
    }

    private static void RequireSame(Recording recording, ulong digest, string rung)
    {
        if (digest != recording.Digest)
            throw new InvalidOperationException(
                $"{rung} ended with digest {digest:x16} and the recording with {recording.Digest:x16}: they did not do the same work");
    }
}
