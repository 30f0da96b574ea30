using System.Diagnostics;
using System.Globalization;
using Amoe.Chaos.Faults;
using Amoe.Chaos.Infrastructure;
using Amoe.Chaos.Load;
using Amoe.Chaos.Recording;
using Amoe.Engine.Domain;
using Amoe.Simulator.Scenarios;
using Amoe.Tests.Postgres;
using Xunit.Abstractions;

namespace Amoe.Chaos;

/// <summary>
/// Injects faults into real processes under load. The journal has every acknowledged command once, and nothing else.
/// A seed draws four faults, or as many as AMOE_CHAOS_FAULTS says (in CI each of them once). With AMOE_CHAOS_MINUTES
/// all of them run for that long, in runs of shuffled faults. AMOE_CHAOS_SEED repeats an order of faults.
/// AMOE_CHAOS_FAULT keeps only the faults whose name contains it.
/// </summary>
[Trait("Breadth", "full")]
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int ScaleThousandths = 5;

    /// <summary>A fault and what it takes to recover from it last some fifteen seconds.</summary>
    private static readonly int _faultsDrawn = Breadth.Of(quick: 4, full: 10);

    [PostgresFact]
    public async Task Whatever_happens_to_hosts_store_and_network_the_journal_is_what_was_acknowledged()
    {
        var minutes = decimal.TryParse(
            Environment.GetEnvironmentVariable("AMOE_CHAOS_MINUTES"), CultureInfo.InvariantCulture, out var asked)
                ? asked
                : 0;
        var count = int.TryParse(
            Environment.GetEnvironmentVariable("AMOE_CHAOS_FAULTS"), CultureInfo.InvariantCulture, out var most)
                ? most
                : minutes > 0 ? Fault.All.Count : _faultsDrawn;
        var seed = ulong.TryParse(
            Environment.GetEnvironmentVariable("AMOE_CHAOS_SEED"), CultureInfo.InvariantCulture, out var given)
                ? given
                : 1;
        var only = Environment.GetEnvironmentVariable("AMOE_CHAOS_FAULT") ?? "";
        var named = Fault.All.Where(fault => fault.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToList();
        var drawn = Shuffled(named, seed).Take(count).Select(one => one.Fault).ToHashSet();
        var faults = named.Where(drawn.Contains).ToList();
        using var disk = SmallDisk.TryMount();
        using var server = PrivatePostgres.StartUnder(disk?.Folder, "max_wal_size=64MB", "min_wal_size=32MB");
        using var network = new Network(Cluster.PlaceCount);
        var tally = new Tally();
        var run = new ChaosRun(server, network, disk, tally, Say);
        var watch = Stopwatch.StartNew();
        do
        {
            var load = LoadOf(seed);
            Say($"seed {seed}, {load.Hosts} hosts");
            await run.Play(load, Shuffled(faults, seed));
            seed++;
            Say($"{watch.Elapsed.TotalMinutes:0.0} minutes\n{tally}");
        }
        while (watch.Elapsed.TotalMinutes < (double)minutes);

        Assert.All(
            faults.Where(fault => !fault.NeedsNamespaces && !fault.NeedsSmallDisk),
            fault => Assert.True(tally.CountOf(fault.Name) > 0, $"«{fault.Name}» did not happen"));
    }

    /// <summary>
    /// Three hosts, four or two, one run after the other. Senders of every second run are impatient, and some of them
    /// give up.
    /// </summary>
    private static ChaosLoad LoadOf(ulong seed) => new(
        new YearOf(ScenarioReader.Load(seed % 4 < 2 ? "national-year" : "late-facts"), seed, ScaleThousandths),
        Patience: seed % 2 == 0 ? TimeSpan.FromSeconds(1) : Recorder.Unending, GiveUpPercent: seed % 2 == 0 ? 30 : 0,
        Hosts: 2 + (int)(seed % 3));

    private static IEnumerable<(Fault Fault, ulong Seed)> Shuffled(IReadOnlyList<Fault> faults, ulong seed) =>
        faults.Select((fault, i) => (Fault: fault, Seed: Mixing.Mix(seed, (ulong)i))).OrderBy(one => one.Seed);

    private void Say(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
