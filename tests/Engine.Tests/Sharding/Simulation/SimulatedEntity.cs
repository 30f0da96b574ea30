using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// The entity of a partition on one host, as <see cref="PartitionEntity"/> and <see cref="ActorSupervisor"/> are: it
/// takes the partition, starts its actor, starts one that failed again, and hands the partition back once the actor has
/// drained.
/// </summary>
internal sealed class SimulatedEntity(SimulatedHost host, int partition)
{
    private static readonly TimeSpan _takeAgainAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _askAfter = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan _endTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _backoffMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _backoffMax = TimeSpan.FromSeconds(2);

    private TimeSpan _backoff = _backoffMin;
    private TimeSpan _startedAt;
    private TimeSpan _waitsSince;
    private bool _isEnding;
    private bool _isHandedBack;
    private bool _isStopped;

    public SimulatedHost Host => host;

    public SimulatedPartitionActor? Actor { get; private set; }

    public bool IsServing => Actor is { IsServing: true };

    /// <summary>For a defect: what the failed incarnation had not decided, and its sessions.</summary>
    public (SessionReceiver<IPeer> Sessions, List<Envelope> Waiting)? Left { get; set; }

    private ClusterWorld World => host.World;

    public void PreStart()
    {
        _waitsSince = World.Now;
        Take();
    }

    public void On(object message, IPeer from) => Actor?.On(message, from);

    public void Drain()
    {
        if (_isEnding || _isStopped)
            return;
        _isEnding = true;
        if (Actor is { IsServing: true } actor)
            actor.Drain();
        else
            Actor?.Stop();
        host.Process.After(_endTimeout, () => Actor?.Stop());
        if (Actor is null)
            OnEnded();
    }

    /// <summary>However it ends: the partition is handed back.</summary>
    public void Stop()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        Actor?.Stop();
        host.Entities.Remove(partition);
        if (!_isHandedBack)
            host.Holdings.HandBack(partition, () => { });
        World.Sharding.Stopped(host, partition);
        host.EndIfLeft();
    }

    public void OnStopped(SimulatedPartitionActor actor)
    {
        if (Actor != actor)
            return;
        Actor = null;
        if (_isStopped)
            return;
        if (_isEnding)
        {
            OnEnded();
            return;
        }

        if (World.Now - _startedAt > _backoffMax)
            _backoff = _backoffMin;
        host.Process.After(_backoff, StartActor);
        _backoff = _backoff * 2 < _backoffMax ? _backoff * 2 : _backoffMax;
    }

    private void OnEnded()
    {
        if (_isHandedBack)
            return;
        _isHandedBack = true;
        host.Holdings.HandBack(partition, Stop);
    }

    private void Take() => host.Holdings.TryTake(partition, OnTaken);

    private void OnTaken(bool isTaken)
    {
        if (_isEnding || _isStopped)
            return;
        if (isTaken)
        {
            StartActor();
            return;
        }

        if (World.Now - _waitsSince >= _askAfter)
        {
            _waitsSince = World.Now;
            foreach (var other in World.Sharding.OthersThan(host))
                World.Network.Send(host, other, new LetGo(partition));
        }

        host.Process.After(_takeAgainAfter, () =>
        {
            if (!_isEnding && !_isStopped)
                Take();
        });
    }

    private void StartActor()
    {
        if (_isEnding || _isStopped || Actor is not null)
            return;
        _startedAt = World.Now;
        Actor = new SimulatedPartitionActor(this, partition);
        Actor.Recover();
    }
}
