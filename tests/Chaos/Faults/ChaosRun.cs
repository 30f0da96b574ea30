using System.Diagnostics;
using Amoe.Chaos.Checks;
using Amoe.Chaos.Infrastructure;
using Amoe.Chaos.Load;
using Amoe.Chaos.Recording;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Scenarios.Lives;
using Amoe.Tests.Postgres;

namespace Amoe.Chaos.Faults;

/// <summary>How senders behave in a run, and how long it lasts.</summary>
/// <param name="Year">The simulated year.</param>
/// <param name="Patience">After so long without an answer a sender takes a command's outcome for unknown.</param>
/// <param name="GiveUpPercent">The share of these that the sender does not send again.</param>
/// <param name="Hosts">The number of hosts that run between faults.</param>
internal sealed record ChaosLoad(YearOf Year, TimeSpan Patience, int GiveUpPercent, int Hosts)
{
    private const int LastDays = 150;
    private static readonly TimeSpan DayLasts = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LastDaysLast = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The minimum length of a day. The year must not end before the faults, even on a busy machine where days wait for
    /// them.
    /// </summary>
    public TimeSpan Lasts(DateOnly day) =>
        day < Year.Scenario.Horizon.Closes.AddDays(-LastDays) ? DayLasts : LastDaysLast;
}

/// <summary>
/// Plays a year on a cluster with one fault after the other, and checks its journal.
/// </summary>
internal sealed class ChaosRun(
    PrivatePostgres server, Network network, SmallDisk? disk, Tally tally, Action<string> say)
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(90);

    /// <param name="plan">What happens, in order; each with the seed of what it draws.</param>
    public async Task Play(ChaosLoad load, IEnumerable<(Fault Fault, ulong Seed)> plan)
    {
        var database = server.NewDatabase();
        var address = JournalAddress.Parse(database.Url);
        PostgresSchema.Create(new PostgresDatabase(address), load.Year.Identity);
        var (recorder, days) = await Live(load, plan, database);
        using var journal = PostgresJournal.OpenReadOnly(address);
        using var undisturbed = load.GiveUpPercent == 0 ? await Undisturbed.Journal(load.Year, days) : null;
        var verdict = await Verdict.Of(journal, recorder.Operations, load.Year, undisturbed);
        tally.Add(recorder, verdict);
        say(
            $"journal of {verdict.Records} records, digest {verdict.Digest:x16}{(undisturbed is null ? "" : ", that of the same days undisturbed")}; {verdict.Compared} commands decided by the oracle too");
        Assert.True(verdict.Problems.Count == 0, string.Join('\n', verdict.Problems));
    }

    private async Task<(Recorder Recorder, IReadOnlyList<int> Days)> Live(
        ChaosLoad load, IEnumerable<(Fault Fault, ulong Seed)> plan, PrivateDatabase database)
    {
        using var cluster = new Cluster(database, network, disk, load.Hosts);
        try
        {
            await cluster.Start();
            await using var client = cluster.Client = new Client(cluster, load.Year.Identity, load.Patience);
            var recorder = cluster.Load = new Recorder(client.Target, load.GiveUpPercent, asks: 1, load.Lasts);
            var year = new YearLoad(load.Year, recorder);
            year.Start();
            await cluster.Progress();
            foreach (var (fault, seed) in plan)
            {
                await Happen(cluster, fault, seed);
                Assert.Null(year.Failure);
                if (year.IsOver)
                    break;
            }

            year.Stop();
            await year.Done.WaitAsync(DrainPatience);
            recorder.MayGiveUp = false;
            await Cluster.Until(() => recorder.Outstanding == 0, "not everything that was asked is answered");
            foreach (var place in cluster.Up)
                place.Host!.AskToStop();
            await Task.WhenAll(cluster.Up.Select(place => place.Host!.Ended()));
            return (recorder, year.DaysClosed);
        }
        catch
        {
            foreach (var line in cluster.Places.SelectMany(place => place.Said.TakeLast(100))
                .Concat(cluster.Client?.Said.TakeLast(100) ?? []))
                say(line);
            foreach (var line in cluster.Store.Described())
                say(line);
            if (cluster.Load is { } sent)
                say(
                    $"{sent.Acknowledged} acknowledged, {sent.Unknown} unknown, {sent.Overloaded} not taken; waiting: {string.Join("; ", sent.Waiting(20).Select(one => $"{one}, sent {one.Sent} times"))}");
            throw;
        }
    }

    private async Task Happen(Cluster cluster, Fault fault, ulong seed)
    {
        if (Skipped(fault) is { } why)
        {
            tally.Skip(fault.Name, why);
            return;
        }

        var watch = Stopwatch.StartNew();
        try
        {
            await fault.Happen(cluster, new Dice(seed));
            await cluster.BecomeWhole();
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"«{fault.Name}» under seed {seed}: {e.Message}", e);
        }

        tally.Count(fault.Name, watch.Elapsed);
        say(
            $"{watch.Elapsed.TotalSeconds,5:0.0} s  {fault.Name}; {cluster.Load!.Acknowledged} acknowledged, {cluster.Load.Unknown} unknown");
    }

    private string? Skipped(Fault fault) =>
        fault.NeedsNamespaces && !network.CanPartition
            ? "no network namespaces here"
            : fault.NeedsSmallDisk && disk is null ? "no disk here that may be filled" : null;
}
