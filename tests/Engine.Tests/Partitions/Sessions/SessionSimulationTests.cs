using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Amoe.Engine.Tests.Partitions.Sessions.Simulation;
using Xunit.Abstractions;

namespace Amoe.Engine.Tests.Partitions.Sessions;

/// <summary>
/// Sessions over a network that loses, doubles, delays and reorders, to a partition that restarts, moves and freezes.
/// AMOE_FAULT_SEEDS is the number of seeds. A failure names its seed, and AMOE_FAULT_SEED runs that one alone.
/// </summary>
[Trait("Breadth", "full")]
public sealed class SessionSimulationTests(ITestOutputHelper output)
{
    private const ulong SeedsForEverything = 1_000;
    private const ulong DefectSeedsMax = 500;

    private static readonly ulong _seedsByDefault = Breadth.Of<ulong>(quick: SeedsForEverything, full: 2_000);

    [Fact]
    public void Every_command_is_decided_in_order_and_answered_once()
    {
        if (Asked("AMOE_FAULT_SEED") is { } one)
        {
            var alone = new SessionWorld(one, isTraced: true);
            Assert.True(alone.Play() is null, Story(alone, one));
            return;
        }

        var (seeds, tally, failures, watch) = (Asked("AMOE_FAULT_SEEDS") ?? _seedsByDefault, new SessionTally(),
            new ConcurrentQueue<ulong>(), Stopwatch.StartNew());
        OwnThreads.ForEach(Seeds(seeds), seed =>
        {
            var world = new SessionWorld(seed);
            if (world.Play() is not null)
                failures.Enqueue(seed);
            tally.Add(world.Tally);
        });
        output.WriteLine($"{seeds} seeds in {watch.Elapsed.TotalSeconds:0.0} s: {tally}");
        if (failures.TryPeek(out var failed))
        {
            var world = new SessionWorld(failed, isTraced: true);
            world.Play();
            Assert.Fail(
                $"{failures.Count} seeds: {string.Join(' ', failures.Order().Take(20))}\n{Story(world, failed)}");
        }

        if (seeds >= SeedsForEverything)
            Assert.Empty(tally.Missing());
    }

    [Fact]
    public void The_same_seed_plays_the_same_messages()
    {
        for (ulong seed = 1; seed <= 10; seed++)
            Assert.Equal(Hash(seed), Hash(seed));
        Assert.NotEqual(Hash(1), Hash(2));
    }

    [Theory]
    [InlineData(nameof(SessionDefect.GapIsTaken), "a sender's commands are decided in order")]
    [InlineData(nameof(SessionDefect.TakenAfterUnknown), "a sender's commands are decided in order")]
    [InlineData(nameof(SessionDefect.UnknownSessionIsTaken), "a sender's commands are decided in order")]
    [InlineData(nameof(SessionDefect.OlderSessionIsTaken), "a sender's commands are decided in order")]
    [InlineData(nameof(SessionDefect.ResentInAnotherOrder), "a sender's commands are decided in order")]
    [InlineData(nameof(SessionDefect.LostAnswerIsDenied), "everything is answered once faults stop")]
    [InlineData(nameof(SessionDefect.AnsweredTooSoon), "what is answered is durable")]
    [InlineData(nameof(SessionDefect.UnknownSurfaces), "nothing is given up before its deadline")]
    [InlineData(nameof(SessionDefect.FormerOwnerWrites), "a command is decided once")]
    public void A_defect_is_found(string defect, string promise)
    {
        for (ulong seed = 1; seed <= DefectSeedsMax; seed++)
        {
            if (new SessionWorld(seed, Enum.Parse<SessionDefect>(defect)).Play() is not { } broken)
                continue;
            output.WriteLine($"seed {seed}: {broken}");
            Assert.StartsWith(promise, broken, StringComparison.Ordinal);
            return;
        }

        Assert.Fail($"{DefectSeedsMax} seeds, and no promise was broken");
    }

    private static ulong Hash(ulong seed)
    {
        var world = new SessionWorld(seed);
        world.Play();
        return world.Wire.Hash;
    }

    private static string Story(SessionWorld world, ulong seed) =>
        $"{world.Witness.Broken}\nseed {seed}: AMOE_FAULT_SEED={seed} plays it again. The last steps:\n{string.Join('\n', world.LastSteps)}";

    private static IEnumerable<ulong> Seeds(ulong count)
    {
        for (ulong seed = 1; seed <= count; seed++)
            yield return seed;
    }

    private static ulong? Asked(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
