using Amoe.Chaos.Checks;
using Amoe.Chaos.Infrastructure;
using Amoe.Chaos.Load;
using Amoe.Chaos.Recording;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Simulator.Scenarios;
using Amoe.Tests.Postgres;

namespace Amoe.Chaos;

/// <summary>Hosts are replaced one after the other by those of a newer release, while commands are sent.</summary>
public sealed class UpgradeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PostgresFact]
    public async Task A_newer_release_takes_over_beside_an_older_one_which_then_forwards_and_takes_nothing_it_could_not_read()
    {
        var year = new YearOf(ScenarioReader.Load("national-year"), 11, 2);
        var database = PrivatePostgres.Shared.NewDatabase();
        var address = JournalAddress.Parse(database.Url);
        HostsJournal.Create(address, year.Identity).Dispose();
        using var network = new Network(0);
        using var cluster = new Cluster(database, network, null);
        await cluster.Start();
        await using var client = new Client(cluster, year.Identity, 11, Recorder.Unending);
        var recorder = cluster.Load = new Recorder(client.Target, giveUpPercent: 0, asks: 1, _ => TimeSpan.FromMilliseconds(200));
        var load = new YearLoad(year, recorder);
        load.Start();

        await using (var newer = await NewerHost.Start(cluster))
        {
            await Cluster.Until(() => newer.Id != 0 && cluster.ShardsOf(newer.Id).Count >= year.Identity.TotalShards / (cluster.Up.Count + 1), "the newer host does not get its share");
            await cluster.Progress();
            foreach (var older in cluster.Up)
                await cluster.Stop(older);
            await NewerHasAll();

            var again = cluster.Places[0];
            var before = again.Said.Count();
            await again.Start();
            await Cluster.Until(() => cluster.HostAt(again) != 0, "the older host does not join again");
            await cluster.Progress();
            load.Stop();
            await load.Done.WaitAsync(Patience);
            await Cluster.Until(() => recorder.Outstanding == 0, "not everything that was asked is answered");
            await NewerHasAll();
            Assert.DoesNotContain(again.Said.Skip(before), line => line.Contains("took", StringComparison.Ordinal));
            await cluster.Stop(again);

            Task NewerHasAll() => Cluster.Until(() => newer.Id != 0 && cluster.ShardsOf(newer.Id).Count == year.Identity.TotalShards, "the newer host does not have every shard");
        }

        using var journal = HostsJournal.OpenReadOnly(address);
        using var undisturbed = await Undisturbed.Journal(year, load.DaysClosed);
        var verdict = await Verdict.Of(journal, recorder.Operations, year, undisturbed);
        Assert.True(verdict.Problems.Count == 0, string.Join('\n', verdict.Problems));
    }
}
