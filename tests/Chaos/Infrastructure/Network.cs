using System.Net;

namespace Amoe.Chaos.Infrastructure;

/// <summary>
/// Gives each host a network namespace of its own behind a bridge, so that frames between hosts can vanish, in one
/// direction too. Where the machine allows no namespaces, all hosts are on the loopback.
/// </summary>
/// <remarks>
/// A host reaches the store, and this process as a client, from addresses of their own on both sides. So the way
/// between the host and clients can fail while the one to the store does not.
/// </remarks>
internal sealed class Network : IDisposable
{
    /// <summary>No device has this hardware address: a frame to it is lost, and its sender gets no error.</summary>
    private const string Nowhere = "02:00:00:00:de:ad";

    /// <summary>Short: with a process id it is the name of a device, which has fifteen characters at most.</summary>
    private const string Prefix = "amoec";

    private static readonly Lazy<string?> _missing = new(() =>
    {
        var why = !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess
            ? "network namespaces need Linux and root"
            : Probe();
        if (why is not null)
            Console.Error.WriteLine(
                $"SKIPPED: partitions between hosts in network namespaces ({why}); the proxies' partitions remain");
        return why;
    });

    private static int _networks;

    private readonly char _which = (char)('a' + (Interlocked.Increment(ref _networks) % 26));
    private readonly string _name;
    private readonly int _net;
    private readonly int _hosts;

    /// <param name="hosts">Places for hosts.</param>
    public Network(int hosts)
    {
        (_name, _net) = ($"{Prefix}{Environment.ProcessId}{_which}", 1 + ((Environment.ProcessId + _which) % 250));
        _hosts = hosts > 0 && Missing is null ? hosts : 0;
        if (_hosts == 0)
            return;
        RemoveLeftovers();
        Shell.Run($"ip link add {_name} type bridge");
        Shell.Run($"ip addr add {Here}/24 dev {_name}");
        Shell.Run($"ip addr add {OfClients}/24 dev {_name}");
        Shell.Run($"ip link set {_name} up");
        for (var i = 0; i < _hosts; i++)
        {
            Shell.Run($"ip netns add {Namespace(i)}");
            Shell.Run($"ip link add {Outside(i)} type veth peer name eth0 netns {Namespace(i)}");
            Shell.Run($"ip link set {Outside(i)} master {_name} up");
            Shell.Run($"ip -n {Namespace(i)} addr add {AddressOf(i)}/24 dev eth0");
            Shell.Run($"ip -n {Namespace(i)} addr add {OfStoreAt(i)}/24 dev eth0");
            Shell.Run($"ip -n {Namespace(i)} link set lo up");
            Route(i);
        }
    }

    /// <summary>
    /// Why hosts cannot have namespaces of their own here, in one line, or null when they can. Said once on standard
    /// error too.
    /// </summary>
    public static string? Missing => _missing.Value;

    /// <summary>True where what goes from one host to another can be made to vanish.</summary>
    public bool CanPartition => _hosts > 0;

    /// <summary>The address of this process as hosts see it: their way to the store.</summary>
    public IPAddress Here => CanPartition ? IPAddress.Parse($"10.213.{_net}.1") : IPAddress.Loopback;

    /// <summary>The address of this process as a client of hosts.</summary>
    public IPAddress OfClients => CanPartition ? IPAddress.Parse($"10.213.{_net}.2") : IPAddress.Loopback;

    public IPAddress AddressOf(int host) =>
        CanPartition ? IPAddress.Parse($"10.213.{_net}.{10 + host}") : IPAddress.Loopback;

    /// <summary>The command prefix that runs a program in the host's namespace.</summary>
    public IReadOnlyList<string> Enter(int host) => CanPartition ? ["ip", "netns", "exec", Namespace(host)] : [];

    /// <summary>Loses what one host sends to another; what the other sends arrives.</summary>
    public void Lose(int from, int to) => LoseFrom(from, AddressOf(to));

    public void Heal(int from, int to) => HealFrom(from, AddressOf(to));

    /// <summary>Loses what goes one way between clients and a host; as seen from clients, who connect.</summary>
    public void LoseClients(int host, Way way)
    {
        if (way == Way.ToServer)
            Shell.Run($"ip neigh replace {AddressOf(host)} lladdr {Nowhere} dev {_name} nud permanent");
        else
            LoseFrom(host, OfClients);
    }

    public void HealClients(int host)
    {
        Shell.TryRun($"ip neigh del {AddressOf(host)} dev {_name}");
        HealFrom(host, OfClients);
    }

    /// <summary>Resets the connections between clients and a host; new ones are made.</summary>
    public void ResetClients(int host) => Shell.Run($"ss -tK src {OfClients} and dst {AddressOf(host)}");

    /// <summary>Takes a host off the network: it reaches neither hosts, nor clients, nor the store.</summary>
    public void Unplug(int host) => Shell.Run($"ip link set {Outside(host)} down");

    public void Plug(int host) => Shell.Run($"ip link set {Outside(host)} up");

    public void Dispose()
    {
        for (var i = 0; i < _hosts; i++)
            Shell.TryRun($"ip netns del {Namespace(i)}");
        if (_hosts > 0)
            Shell.TryRun($"ip link del {_name}");
    }

    /// <summary>Each side's address depends on what it wants of the other.</summary>
    private void Route(int host)
    {
        Shell.Run($"ip -n {Namespace(host)} link set eth0 up");
        Shell.Run($"ip -n {Namespace(host)} route add {Here}/32 dev eth0 src {OfStoreAt(host)}");
        Shell.Run($"ip route add {AddressOf(host)}/32 dev {_name} src {OfClients}");
    }

    private void LoseFrom(int host, IPAddress to) =>
        Shell.Run($"ip -n {Namespace(host)} neigh replace {to} lladdr {Nowhere} dev eth0 nud permanent");

    private void HealFrom(int host, IPAddress to) => Shell.TryRun($"ip -n {Namespace(host)} neigh del {to} dev eth0");

    /// <summary>The address from which a host reaches the store.</summary>
    private IPAddress OfStoreAt(int host) => IPAddress.Parse($"10.213.{_net}.{110 + host}");

    private string Namespace(int host) => $"{_name}-{host}";

    private string Outside(int host) => $"ac{Environment.ProcessId}{_which}{host}";

    private static string? Probe()
    {
        var name = $"{Prefix}{Environment.ProcessId}p";
        var why = Shell.TryRun($"ip netns add {name}")
            ?? Shell.TryRun($"ip link add ac{Environment.ProcessId}p type veth peer name eth0 netns {name}")
            ?? Shell.TryRun($"ip link add {name} type bridge");
        Shell.TryRun($"ip link del {name}");
        Shell.TryRun($"ip netns del {name}");
        return why;
    }

    /// <summary>Left by a process that was killed: no process has its id any more.</summary>
    private static void RemoveLeftovers()
    {
        const string Folder = "/run/netns";
        foreach (var path in Directory.Exists(Folder) ? Directory.GetFiles(Folder, $"{Prefix}*") : [])
        {
            var name = Path.GetFileName(path);
            var network = name.Split('-')[0];
            if (Directory.Exists($"/proc/{network[Prefix.Length..^1]}"))
                continue;
            Shell.TryRun($"ip netns del {name}");
            Shell.TryRun($"ip link del {network}");
        }
    }
}
