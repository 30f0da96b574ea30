using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>For the partition of a region: opens a session of a sender.</summary>
internal sealed record ToRegion(int Partition, OpenSession Open, IPeer Sender);

/// <summary>Starts the entity of a partition where it is to be.</summary>
internal sealed record StartPartition(int Partition);

/// <summary>Has a region hand a partition over.</summary>
internal sealed record HandOff(int Partition);

/// <summary>
/// One host: its lease and its entities, as <see cref="ClusterHost"/>, <see cref="PostgresRenewedLease"/>,
/// <see cref="LeaseWatch"/> and <see cref="StrayPartitions"/> do it, step for step. What it does once evicted or lost
/// is begin anew in the same process, as another host.
/// </summary>
internal sealed class SimulatedHost : IPeer
{
    private static readonly TimeSpan _renewEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _watchEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _margin = TimeSpan.FromMilliseconds(500);

    private readonly SimulatedJournal _journal;
    private readonly Dictionary<int, List<Action>> _writing = [];
    private TimeSpan _heldFrom = TimeSpan.FromHours(-1);
    private TimeSpan _watchedAt;
    private TimeSpan _reachedSince;

    public SimulatedHost(ClusterWorld world, SimulatedProcess process)
    {
        (World, Process) = (world, process);
        Relay = new Relay(world.Identity.StudentPartitions, world.Identity.LedgerPartitions);
        Holdings = new SimulatedHoldings(this);
        Days = new SimulatedDayOpener(this);
        _journal = new SimulatedJournal(this);
        Register();
    }

    public ClusterWorld World { get; }

    public SimulatedProcess Process { get; }

    /// <summary>0 until it is registered. Each start has another one.</summary>
    public long Id { get; private set; }

    public Relay Relay { get; }

    public SimulatedHoldings Holdings { get; }

    public SimulatedDayOpener Days { get; }

    public Dictionary<int, SimulatedEntity> Entities { get; } = [];

    public bool IsLeaving { get; private set; }

    public bool IsLost { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>True until a monotonic deadline, which comes before the row runs out for others.</summary>
    public bool IsHeld => !IsLost && !HasEnded && World.Now - _heldFrom < PostgresRenewedLease.Duration - _margin;

    /// <summary>True when this host speaks for a partition: it serves it, and no other host can serve it yet.</summary>
    public bool Speaks(int partition) =>
        Entities.TryGetValue(partition, out var entity) && entity.IsServing && IsHeld;

    public void On(object message, IPeer from)
    {
        if (HasEnded)
            return;
        switch (message)
        {
            case StartPartition start:
                Start(start.Partition);
                break;
            case ToRegion to:
                World.Sharding.Forward(this, to);
                break;
            case HandOff handOff when Entities.TryGetValue(handOff.Partition, out var entity):
                entity.Drain();
                break;
            case HandOff handOff:
                World.Sharding.Stopped(this, handOff.Partition);
                break;
            case LetGo letGo:
                LetGo(letGo.Partition);
                break;
            case DayAsked asked:
                _journal.Open(asked, from);
                break;
            case DayAnswered answered:
                Days.On(answered);
                break;
            case RelayQuestion question:
                Days.On(question, from);
                break;
            case RelayAnswer answer:
                Days.On(answer);
                break;
        }
    }

    /// <summary>Starts the entity of a partition, unless it is here.</summary>
    public void Start(int partition)
    {
        if (HasEnded || IsLeaving || Id == 0 || Entities.ContainsKey(partition))
            return;
        Entities.Add(partition, new SimulatedEntity(this, partition));
        Entities[partition].PreStart();
    }

    /// <summary>Hands its partitions to the others, and leaves.</summary>
    public void Leave()
    {
        if (IsLeaving || HasEnded)
            return;
        World.Trace(() => $"{this} leaves");
        IsLeaving = true;
        foreach (var entity in Entities.Values.ToList())
            entity.Drain();
        Process.After(TimeSpan.FromSeconds(15), End);
        EndIfLeft();
    }

    public void EndIfLeft()
    {
        if (IsLeaving && Entities.Count == 0)
            End();
    }

    /// <summary>Drops everything in memory. Nothing is answered from here on.</summary>
    public void End()
    {
        if (HasEnded)
            return;
        HasEnded = true;
        World.Trace(() => $"{this} ends");
        foreach (var entity in Entities.Values.ToList())
            entity.Stop();
        Holdings.Leave();
        World.Ended(this);
    }

    /// <summary>
    /// A write is on its way: the framework waits for it before the next actor on this host reads the log.
    /// </summary>
    public void WriteBegins(int partition) => _writing[partition] = [];

    public void WriteEnds(int partition)
    {
        if (!_writing.Remove(partition, out var waiting))
            return;
        foreach (var action in waiting)
            action();
    }

    public void AfterWrite(int partition, Action action)
    {
        if (_writing.TryGetValue(partition, out var waiting))
            waiting.Add(action);
        else
            action();
    }

    public bool IsWriting(int partition) => _writing.ContainsKey(partition);

    public override string ToString() => $"host {Id} at {Process.Place}";

    private void Register() => World.Store.Call(
        this, World.Store.Hosts.Register, Begin, () => Process.After(TimeSpan.FromMilliseconds(200), Register));

    private void Begin(long id)
    {
        Id = id;
        _watchedAt = _reachedSince = World.Now;
        World.Trace(() => $"{this} is registered");
        Renew();
        Watch();
        LookAtHosts();
        World.Sharding.Joined(this);
    }

    private void Renew()
    {
        if (IsLost || HasEnded)
            return;
        var now = World.Now;
        World.Store.Call(this, () => World.Store.Hosts.TryRenew(Id), isRenewed =>
        {
            if (isRenewed)
                _heldFrom = now;
            else
                Lose();
            Process.After(_renewEvery, Renew);
        }, () => Process.After(_renewEvery, Renew));
    }

    /// <summary>
    /// A process that was paused for longer than a lease notices soon after it has woken, but not before it has handled
    /// its queued messages.
    /// </summary>
    private void Watch()
    {
        if (World.Now - _watchedAt > PostgresRenewedLease.Duration)
            Process.After(TimeSpan.FromMilliseconds(World.Dice.Below(40)), Lose);
        _watchedAt = World.Now;
        if (!HasEnded)
            Process.After(_watchEvery, Watch);
    }

    private void Lose()
    {
        if (IsLost || HasEnded)
            return;
        IsLost = true;
        World.Count(ClusterEffect.LeaseLost);
        World.Trace(() => $"{this} has lost its lease");
        Process.After(TimeSpan.FromMilliseconds(World.Dice.Below(20)), End);
    }

    private void LookAtHosts()
    {
        if (HasEnded)
            return;
        var evicts = World.Now - _reachedSince >= PostgresRenewedLease.Duration;
        World.Store.Call(this, () => evicts ? World.Store.Hosts.Evict(Id, _renewEvery) : [], dead =>
        {
            if (IsHeld)
                World.Sharding.Down(dead);
            else
                _reachedSince = World.Now;
        }, () => _reachedSince = World.Now);
        Process.After(_renewEvery, LookAtHosts);
    }

    private void LetGo(int partition)
    {
        if (!Entities.TryGetValue(partition, out var entity))
        {
            Holdings.LetGo(partition);
            return;
        }

        if (!entity.IsServing)
            return;
        World.Count(ClusterEffect.StrayLetGo);
        Leave();
    }
}
