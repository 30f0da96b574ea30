using Akka.Configuration;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Amoe.Engine.Akka.Tests;

/// <summary>Hosts of one Akka cluster on loopback, over one store in memory.</summary>
internal sealed class AkkaHosts : IAsyncDisposable
{
    private const int Shards = 8;
    private const int PartyShards = 2;
    private readonly List<AkkaRuntime> _hosts = [];
    private readonly JournalIdentity _identity = new(JournalIdentity.CurrentFormatVersion, Shards, Rulebook.EmbeddedText, "tests", 0, 0, PartyShards);

    public GatedStore Store { get; } = new();

    public IReadOnlyList<AkkaRuntime> All => _hosts;

    /// <summary>The one whose address is the lowest: it goes on when two cannot reach each other.</summary>
    public AkkaRuntime Lowest => _hosts.OrderBy(host => AkkaCluster.Get(host.System).SelfAddress.Port).First();

    public static async Task<AkkaHosts> Start(int count)
    {
        var hosts = new AkkaHosts();
        for (var i = 0; i < count; i++)
            await hosts.Add();
        return hosts;
    }

    public async Task<AkkaRuntime> Add(TimeSpan? passivateAfter = null, bool isHost = true)
    {
        var options = new AkkaOptions
        {
            Seeds = [.. _hosts.Take(1).Select(host => AkkaCluster.Get(host.System).SelfAddress).Select(address => $"{address.Host}:{address.Port}")],
            SendAgainAfter = TimeSpan.FromSeconds(1),
            BackOff = TimeSpan.FromMilliseconds(20),
            IsHost = isHost,
            PassivateAfter = passivateAfter ?? TimeSpan.FromMinutes(2),
        };
        var host = await AkkaRuntime.StartAsync(
            Config(), _ => Store, _identity, new AmoeLogic(Rulebook.Embedded), options, TimeProvider.System, _ => { });
        _hosts.Add(host);
        return host;
    }

    /// <summary>It ends without a word to the others.</summary>
    public async Task Kill(AkkaRuntime host)
    {
        _hosts.Remove(host);
        await host.System.Terminate();
    }

    public async Task Stop(AkkaRuntime host)
    {
        _hosts.Remove(host);
        await host.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
    }

    private Config Config() => ConfigurationFactory.ParseString("""
        akka {
          cluster {
            failure-detector.acceptable-heartbeat-pause = 1s
            run-coordinated-shutdown-when-down = on
            split-brain-resolver.stable-after = 1s
          }
          # Ending the system is a crash, and disposing of the runtime an orderly end.
          coordinated-shutdown.run-by-actor-system-terminate = off
        }
        """).WithFallback(AkkaHarness.StoreConfig(Store));
}
