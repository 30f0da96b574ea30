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
/// Faults for real, under load: what was acknowledged stands once, and nothing else stands. Each fault once; with AMOE_CHAOS_MINUTES as long as that says,
/// in runs of shuffled faults. AMOE_CHAOS_SEED brings an order of faults back, AMOE_CHAOS_FAULT keeps to those whose name has it in it.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int ScaleThousandths = 5;

    [PostgresFact]
    public async Task Whatever_happens_to_hosts_store_and_network_the_journal_is_what_was_acknowledged()
    {
        var minutes = decimal.TryParse(Environment.GetEnvironmentVariable("AMOE_CHAOS_MINUTES"), CultureInfo.InvariantCulture, out var asked) ? asked : 0;
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("AMOE_CHAOS_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 1;
        var only = Environment.GetEnvironmentVariable("AMOE_CHAOS_FAULT") ?? "";
        var faults = Fault.All.Where(fault => fault.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToList();
        using var disk = SmallDisk.TryMount();
        using var server = PrivatePostgres.StartUnder(disk?.Folder, "max_wal_size=64MB", "min_wal_size=32MB");
        using var network = new Network(Cluster.PlaceCount);
        var tally = new Tally();
        var run = new ChaosRun(server, network, disk, tally, Say);
        var watch = Stopwatch.StartNew();
        do
        {
            Say($"seed {seed}");
            await run.Play(LoadOf(seed), Shuffled(faults, seed));
            seed++;
            Say($"{watch.Elapsed.TotalMinutes:0.0} minutes\n{tally}");
        }
        while (watch.Elapsed.TotalMinutes < (double)minutes);

        Assert.All(faults.Where(fault => !fault.NeedsNamespaces && !fault.NeedsSmallDisk), fault => Assert.True(tally.CountOf(fault.Name) > 0, $"«{fault.Name}» did not happen"));
    }

    /// <summary>Senders of every second run are impatient, and some of them give up.</summary>
    private static ChaosLoad LoadOf(ulong seed) => new(
        new YearOf(ScenarioReader.Load(seed % 4 < 2 ? "national-year" : "late-facts"), seed, ScaleThousandths),
        Patience: seed % 2 == 0 ? TimeSpan.FromSeconds(1) : Recorder.Unending, GiveUpPercent: seed % 2 == 0 ? 30 : 0);

    private static IEnumerable<(Fault Fault, ulong Seed)> Shuffled(IReadOnlyList<Fault> faults, ulong seed) =>
        faults.Select((fault, i) => (Fault: fault, Seed: Mixing.Mix(seed, (ulong)i))).OrderBy(one => one.Seed);

    private void Say(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
