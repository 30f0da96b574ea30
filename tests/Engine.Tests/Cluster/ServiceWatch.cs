namespace Amoe.Engine.Tests.Cluster;

/// <summary>How long shards are not served by their owner, once they have been.</summary>
internal sealed class ServiceWatch
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(10);

    private readonly World _world;
    private readonly SimulatedHosts _hosts;
    private readonly TimeSpan?[] _lastServed;

    public ServiceWatch(World world, SimulatedHosts hosts, int shards)
    {
        (_world, _hosts, _lastServed) = (world, hosts, new TimeSpan?[shards]);
        Look();
    }

    public TimeSpan Longest { get; private set; }

    private void Look()
    {
        for (var shard = 0; shard < _lastServed.Length; shard++)
        {
            if (!_hosts.Serve(shard))
                continue;
            if (_lastServed[shard] is { } last && _world.Now - last > Longest)
                Longest = _world.Now - last;
            _lastServed[shard] = _world.Now;
        }

        _world.After(LooksEvery, null, StepKind.Client, 4, Look);
    }
}
