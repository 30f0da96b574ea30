using System.Net;
using System.Net.Sockets;

namespace Amoe.Chaos.Infrastructure;

/// <summary>
/// A place where a host runs, dies and is started again: with its address, its way to the store and the clients' way to it, each of which can fail.
/// </summary>
internal sealed class Place : IDisposable
{
    private const int StartsMax = 5;
    private const int StoreOutOfReach = 3;

    /// <summary>On connections on which a host prepares this, it appends and does nothing else.</summary>
    private const string Appends = "INSERT INTO segment";

    private readonly Network _network;
    private readonly Func<Place, IEnumerable<string>> _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly List<HostProcess> _lives = [];

    /// <param name="arguments">What comes after <c>serve --listen …</c>.</param>
    public Place(int index, Network network, Func<IPEndPoint> store, Func<Place, IEnumerable<string>> arguments, IReadOnlyDictionary<string, string> environment)
    {
        (Index, _network, _arguments, _environment) = (index, network, arguments, environment);
        ToStore = new FaultyProxy(network.Here, store, mark: Appends);
        FromClients = new FaultyProxy(IPAddress.Loopback, () => Host?.EndPoint);
    }

    public int Index { get; }

    /// <summary>Between the host and PostgreSQL.</summary>
    public FaultyProxy ToStore { get; }

    /// <summary>Between clients and the host: its address stays while hosts come and go.</summary>
    public FaultyProxy FromClients { get; }

    public HostProcess? Host { get; private set; }

    public bool IsUp => Host is { HasExited: false };

    /// <summary>What every host that ran here said, the last one's last.</summary>
    public IEnumerable<string> Said => _lives.SelectMany(life => life.Lines.Select(line => $"[{Index}] {line}"));

    public async Task Start(params string[] more)
    {
        for (var left = StartsMax - 1; ; left--)
        {
            Host = new HostProcess(_network.Enter(Index), new IPEndPoint(_network.AddressOf(Index), FreePort()), [.. _arguments(this), .. more], _environment);
            _lives.Add(Host);
            if (await Host.BecomesReady())
                return;

            // The store may have been out of reach: whoever watches over hosts starts them again.
            if (Host.ExitCode != StoreOutOfReach || left == 0)
                throw new InvalidOperationException($"the host ended with {Host.ExitCode} before it was ready:\n{string.Join('\n', Host.Lines)}");
        }
    }

    public void Dispose()
    {
        foreach (var life in _lives)
            life.Dispose();
        ToStore.Dispose();
        FromClients.Dispose();
    }

    /// <summary>In a network of its own any will do; each life has another, so that nobody takes it for the one before.</summary>
    private int FreePort()
    {
        if (_network.CanPartition)
            return 5100 + _lives.Count;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
