using System.Diagnostics;
using System.Net;
using Amoe.Chaos.Infrastructure;

namespace Amoe.Chaos;

/// <summary>The network loses what it is asked to lose, and nothing else.</summary>
public sealed class NetworkTests : IDisposable
{
    private readonly Network _network = new(2);

    public void Dispose() => _network.Dispose();

    [NamespaceFact]
    public void What_one_host_sends_to_another_can_be_lost_and_is_not_when_it_heals()
    {
        Assert.True(Reaches(0, _network.AddressOf(1)));
        Assert.True(Reaches(0, _network.Here));

        _network.Lose(from: 0, to: 1);
        Assert.False(Reaches(0, _network.AddressOf(1)));
        Assert.True(Reaches(0, _network.Here));
        _network.Heal(from: 0, to: 1);
        Assert.True(ComesToReach(0, _network.AddressOf(1)));

        _network.Unplug(0);
        Assert.False(Reaches(0, _network.Here));
        _network.Plug(0);
        Assert.True(ComesToReach(0, _network.Here));
    }

    [NamespaceFact]
    public void What_a_host_and_clients_send_each_other_can_be_lost_while_the_host_reaches_the_store()
    {
        _network.LoseClients(0, Way.ToClient);
        Assert.False(Reaches(0, _network.OfClients));
        Assert.True(Reaches(0, _network.Here));
        Assert.True(Reaches(1, _network.OfClients));
        _network.HealClients(0);
        Assert.True(ComesToReach(0, _network.OfClients));

        _network.LoseClients(0, Way.ToServer);
        Assert.False(Reaches(0, _network.OfClients));
        Assert.True(Reaches(0, _network.Here));
        _network.HealClients(0);
        Assert.True(ComesToReach(0, _network.OfClients));
    }

    /// <summary>A line that was plugged in again needs a while to be found.</summary>
    private bool ComesToReach(int host, IPAddress address)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < TimeSpan.FromSeconds(30))
        {
            if (Reaches(host, address))
                return true;
        }

        return false;
    }

    /// <summary>By a connection: refused is an answer too, none is none.</summary>
    private bool Reaches(int host, IPAddress address)
    {
        var words = _network.Enter(host);
        return Shell.TryRun($"{string.Join(' ', words)} timeout 2 bash -c :</dev/tcp/{address}/9") is { } answer
            && answer.Contains("refused", StringComparison.Ordinal);
    }
}

/// <summary>A test that needs network namespaces: skipped, and said so, where the machine allows none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceFactAttribute : FactAttribute
{
    public NamespaceFactAttribute() => Skip = Network.Missing;
}
