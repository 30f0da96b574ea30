using System.Net;
using System.Net.Sockets;

namespace Amoe.Chaos.Infrastructure;

/// <summary>
/// A place where hosts run one after the other, with its address and its ways to the store, to the other hosts and to
/// clients. Each way can fail.
/// </summary>
internal sealed class Place : IDisposable
{
    private const int StartsMax = 5;
    private const int StoreOutOfReach = 3;

    /// <summary>In a namespace of its own a host has the same port each time, as hosts in production do.</summary>
    private const int Port = 5101;

    /// <summary>
    /// The statement of the framework's journal: connections on which a host sends it are those that append.
    /// </summary>
    private const string Appends = "INSERT INTO journal";

    private const string Commits = "COMMIT";

    private readonly Network _network;
    private readonly Func<Place, IEnumerable<string>> _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly List<HostProcess> _hosts = [];

    /// <param name="arguments">The options of <c>serve</c> after the addresses.</param>
    /// <param name="isDirect">No proxy is on the host's ways, and only the host itself can fail.</param>
    public Place(
        int index, Network network, Func<IPEndPoint> store, Func<Place, IEnumerable<string>> arguments,
        IReadOnlyDictionary<string, string> environment, bool isDirect)
    {
        (Index, _network, _arguments, _environment) = (index, network, arguments, environment);
        ToStore = new FaultyProxy(network.Here, store, mark: Appends, last: Commits);
        Store = isDirect ? store : () => ToStore.EndPoint;
        ToHost = network.CanPartition || isDirect ? null : new FaultyProxy(IPAddress.Loopback, () => Host?.Listen);
    }

    public int Index { get; }

    /// <summary>Where the host reaches PostgreSQL.</summary>
    public Func<IPEndPoint> Store { get; }

    /// <summary>Between the host and PostgreSQL.</summary>
    public FaultyProxy ToStore { get; }

    /// <summary>
    /// In front of the host where all are on one loopback: clients and the other hosts come by it, because the address
    /// that a host advertises is its only one. Null where hosts have namespaces, in which the network itself fails.
    /// </summary>
    public FaultyProxy? ToHost { get; }

    public HostProcess? Host { get; private set; }

    public bool IsUp => Host is { HasExited: false };

    /// <summary>The lines of every host that ran here, the last one's last.</summary>
    public IEnumerable<string> Said => _hosts.SelectMany(host => host.Lines.Select(line => $"[{Index}] {line}"));

    public async Task Start()
    {
        for (var left = StartsMax - 1; ; left--)
        {
            var address = _network.AddressOf(Index);
            var (listen, pages) = (new IPEndPoint(address, _network.CanPartition ? Port : FreePort()),
                new IPEndPoint(address, PagesPort()));
            string[] advertise = ToHost is null ? [] : ["--advertise", $"{ToHost.EndPoint}"];
            Host = new HostProcess(
                _network.Enter(Index), listen, pages, [.. advertise, .. _arguments(this)], _environment);
            _hosts.Add(Host);
            if (await Host.BecomesReady())
                return;

            // The store may have been out of reach: in production a host is started again then.
            if (Host.ExitCode != StoreOutOfReach || left == 0)
                throw new InvalidOperationException(
                    $"the host ended with {Host.ExitCode} before it was ready:\n{string.Join('\n', Host.Lines)}");
        }
    }

    /// <summary>
    /// Loses what goes one way between clients and the host; on one loopback between it and the other hosts too.
    /// </summary>
    public void LoseClients(Way way)
    {
        if (ToHost is not null)
            ToHost.Hold(way);
        else
            _network.LoseClients(Index, way);
    }

    public void HealClients()
    {
        if (ToHost is not null)
            ToHost.Heal();
        else
            _network.HealClients(Index);
    }

    /// <summary>
    /// Resets the connections between clients and the host; on one loopback those of the other hosts to it too.
    /// </summary>
    public void ResetClients()
    {
        if (ToHost is not null)
            ToHost.Reset();
        else
            _network.ResetClients(Index);
    }

    public void Dispose()
    {
        foreach (var host in _hosts)
            host.Dispose();
        ToStore.Dispose();
        ToHost?.Dispose();
    }

    /// <summary>Each host has another: the address of its pages identifies its row in the store.</summary>
    private int PagesPort() => _network.CanPartition ? 5200 + _hosts.Count : FreePort();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
