using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>
/// The engine on several hosts (shards, commits, ownership, forwarding) under a seed, with everything going wrong around it. AMOE_FAULT_SEEDS says how many
/// seeds; a failure names its own, and AMOE_FAULT_SEED runs that one alone, twice. AMOE_FAULT_MINUTES goes on with seeds that nobody has run for so long.
/// </summary>
public sealed class DeterministicFaults(ITestOutputHelper output)
{
    private const int SeedsByDefault = 200;

    /// <summary>Goes on to the next seeds until so many have failed: what they have in common says more than one does.</summary>
    private const int FailuresMax = 10;

    /// <summary>From so many seeds on, everything has to have happened.</summary>
    private const int SeedsForEverything = 150;

    [Fact]
    public void Lose_nothing_double_nothing_and_pass()
    {
        if (Asked("AMOE_FAULT_SEED") is { } one)
        {
            Assert.Equal(Play(one, new Tally()), Play(one, new Tally()));
            return;
        }

        var minutes = Asked("AMOE_FAULT_MINUTES");
        var first = minutes is null ? 1 : (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds() * 100_000;
        var (tally, watch, failures, played) = (new Tally(), Stopwatch.StartNew(), new ConcurrentQueue<string>(), 0);
        OwnThreads.ForEach(Seeds(first, () => failures.Count < FailuresMax && (minutes is not { } limit || watch.Elapsed < TimeSpan.FromMinutes(limit))), seed =>
        {
            try
            {
                var mine = new Tally();
                Play(seed, mine);
                tally.Add(mine);
                Interlocked.Increment(ref played);
            }
            catch (BrokenInvariantException e)
            {
                failures.Enqueue(e.Message);
            }
        });
        output.WriteLine($"{played} seeds from {first} on, in {watch.Elapsed.TotalSeconds:0} s\n{tally}");
        Assert.True(failures.IsEmpty, $"{failures.FirstOrDefault()}\n{failures.Count} failures:\n{string.Join('\n', failures.Select(failure => string.Join(" - ", failure.Split('\n').Take(2))))}");
        if (played >= SeedsForEverything)
            Assert.Empty(tally.Missing());
    }

    [Fact]
    public void The_same_seed_brings_the_same_run_back()
    {
        for (ulong seed = 1; seed <= 5; seed++)
            Assert.Equal(Play(seed, new Tally()), Play(seed, new Tally()));
    }

    /// <summary>Plays a seed to its end. What comes back is a hash of all that happened.</summary>
    private static ulong Play(ulong seed, Tally tally)
    {
        var run = new ClusterRun(seed);
        if (run.Play() is { } broken)
            throw new BrokenInvariantException($"{broken}\nseed {seed}, step {run.World.Steps}; AMOE_FAULT_SEED={seed} brings it back. The last steps:\n{string.Join('\n', run.World.Trace())}");
        tally.Add(run.Tally);
        return run.World.TraceHash;
    }

    private static IEnumerable<ulong> Seeds(ulong first, Func<bool> goesOn)
    {
        var count = Asked("AMOE_FAULT_MINUTES") is null ? Asked("AMOE_FAULT_SEEDS") ?? SeedsByDefault : ulong.MaxValue;
        for (ulong i = 0; i < count && goesOn(); i++)
            yield return first + i;
    }

    private static ulong? Asked(string variable) => ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : null;

    private sealed class BrokenInvariantException(string message) : Exception(message);
}
