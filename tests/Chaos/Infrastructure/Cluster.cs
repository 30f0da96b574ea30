using System.Diagnostics;
using System.Net;
using Amoe.Chaos.Recording;
using Amoe.Engine.Journal;
using Amoe.Engine.Tests.Scenarios.Lives;
using Amoe.Tests.Postgres;
using Amoe.Tests.Tls;

namespace Amoe.Chaos.Infrastructure;

/// <summary>
/// Two, three or four hosts and a place for another one, on one journal in PostgreSQL: what faults happen to.
/// </summary>
internal sealed class Cluster : IDisposable
{
    private const int HostsMax = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("amoe-chaos-").FullName;
    private readonly Place[] _places;
    private readonly int _hosts;

    /// <param name="database">With a journal in it.</param>
    /// <param name="disk">What the server's data is on; null where it must not be filled.</param>
    /// <param name="hosts">That run between faults.</param>
    /// <param name="isDirect">Without proxies, which take processor time: for measurements.</param>
    public Cluster(PrivateDatabase database, Network network, SmallDisk? disk, int hosts, bool isDirect = false)
    {
        _hosts = hosts;
        (Server, Network, Disk, Store) = (database.Server, network, disk, new Store(database));
        Authority = network.CanPartition ? new Authority(_folder, "authority") : null;
        var environment = new Dictionary<string, string>
        {
            ["PGPASSWORD"] = Server.AppPassword,
            ["DOTNET_GCHeapCount"] = "1"
        };
        _places = [.. Enumerable.Range(0, PlaceCount).Select(index =>
        {
            var tls = Tls(index);
            return new Place(
                index, network, () => new IPEndPoint(IPAddress.Loopback, Server.Port),
                place => [.. OnJournal(place, database), .. tls], environment, isDirect);
        })];
    }

    /// <summary>The spare one too.</summary>
    public static int PlaceCount => HostsMax + 1;

    public PrivatePostgres Server { get; }

    public Network Network { get; }

    public SmallDisk? Disk { get; }

    public Store Store { get; }

    /// <summary>
    /// Issues the certificates of hosts and clients; null where all are on one loopback and need none.
    /// </summary>
    public Authority? Authority { get; }

    /// <summary>The sender's connection to it; set before the first fault.</summary>
    public Client? Client { get; set; }

    /// <summary>What is sent to it; set before the first fault.</summary>
    public Recorder? Load { get; set; }

    public IReadOnlyList<Place> Places => _places;

    /// <summary>The place for one host more: empty between faults.</summary>
    public Place Spare => _places[_hosts];

    public IReadOnlyList<Place> Up => [.. _places.Where(place => place.IsUp)];

    public async Task Start()
    {
        await Task.WhenAll(_places[.._hosts].Select(place => place.Start()));
        await BecomeWhole();
    }

    /// <summary>A place whose host holds partitions, and that host's id.</summary>
    public (Place Place, long Host) Any(Dice dice)
    {
        List<(Place Place, long Host)> up = [];
        if (!SpinWait.SpinUntil(
            () =>
                (up = [.. Up.Select(place => (place, HostAt(place)))
                    .Where(at => at is (_, not 0) && PartitionsOf(at.Item2).Count > 0)]).Count > 0, Patience))
            throw new TimeoutException($"no host holds a partition after {Patience.TotalSeconds} s");
        return up[dice.Below(up.Count)];
    }

    /// <summary>
    /// The id of the host that runs at a place and has joined, as the store has it; 0 for none. A host that was evicted
    /// joins again in the same process, with another id and the same endpoint.
    /// </summary>
    public long HostAt(Place place) => place.Host is { } host
        ? Store.Hosts()?.Where(row => row.Endpoint == host.Endpoint).Select(row => row.Id).DefaultIfEmpty().Max() ?? 0
        : 0;

    public IReadOnlyList<int> PartitionsOf(long host) =>
        [.. (Store.Holdings() ?? []).Where(holding => holding.Host == host).Select(holding => holding.Partition)];

    public DateTime LeaseOf(long host) => Store.Hosts()?.FirstOrDefault(row => row.Id == host).LastsUntil ?? default;

    /// <summary>Waits until a host holds no partition any more, and others hold all of them.</summary>
    public Task TakenFrom(long host) =>
        Until(() => AreHeld(holder => holder != host), $"host {host} still holds partitions");

    /// <summary>
    /// Waits until the host at a place, which lost its partitions, has a share again: as another host, or, when it was
    /// heard of before it was evicted, as itself.
    /// </summary>
    public Task BackAt(Place place) => Until(
        () => HostAt(place) is var host and not 0 && PartitionsOf(host).Count > 0,
        $"the host at {place.Host!.Endpoint} does not come back");

    /// <summary>Waits until something more is acknowledged.</summary>
    public async Task Progress()
    {
        var before = Load?.Acknowledged ?? 0;
        await Until(
            () => Load is null || Load.Acknowledged > before || Load.Outstanding == 0,
            "nothing is acknowledged any more");
    }

    /// <summary>Stops a host in order: it is to end well.</summary>
    public async Task Stop(Place place)
    {
        var host = HostAt(place);
        place.Host!.AskToStop();
        await place.Host.Ended();
        Assert.Equal(0, place.Host.ExitCode);
        await TakenFrom(host);
    }

    /// <summary>Waits until every partition is held by a host that lives, and commands are answered.</summary>
    public async Task BecomeWhole()
    {
        await Until(
            () =>
                Store.Hosts() is { } hosts
                    && hosts.Select(host => host.Id).ToHashSet() is var alive
                    && AreHeld(alive.Contains),
            "not every partition is held by a host that lives");
        await Progress();
    }

    public static async Task Until(Func<bool> condition, string otherwise)
    {
        if (!await Comes(condition, Patience))
            throw new TimeoutException($"{otherwise} after {Patience.TotalSeconds} s");
    }

    /// <summary>True when it comes to be so in time.</summary>
    public static async Task<bool> Comes(Func<bool> condition, TimeSpan patience)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); await Task.Delay(Glance))
        {
            if (watch.Elapsed > patience)
                return false;
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var place in _places)
            place.Dispose();
        Authority?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private bool AreHeld(Func<long, bool> by) =>
        Store.Holdings() is { } holdings
            && holdings.Count == PartitionCounts.InDatabase.Total
            && holdings.All(holding => holding.Host != 0 && by(holding.Host));

    /// <summary>Without the password, which goes by the environment.</summary>
    private static string[] OnJournal(Place place, PrivateDatabase database) =>
        ["--journal", $"postgres://{PrivatePostgres.AppRole}@{place.Store()}/{database.Name}", "--threads", "1"];

    private string[] Tls(int place) =>
        Authority?.Issue($"host-{place}") is { } tls
            ? ["--tls-certificate", tls.CertificateFile, "--tls-authority", tls.AuthorityFile]
            : [];
}
