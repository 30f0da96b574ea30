using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// The objects that the actors of one host share: the needs of partitions, and the partitions that are here.
/// </summary>
internal sealed class HostContext
{
    private readonly ConcurrentDictionary<int, PartitionHost> _here = new();
    private readonly Cluster _cluster;
    private volatile int _format;

    public HostContext(PartitionContext partitions, Holdings holdings, Cluster cluster)
    {
        (Partitions, Holdings, _cluster) = (partitions, holdings, cluster);
        partitions.Store.DoAllServe = () => Here.All(host => host.HasCome);
    }

    public PartitionContext Partitions { get; }

    public Holdings Holdings { get; }

    /// <summary>Says when a partition of this host is handed over.</summary>
    public required IActorRef HandOvers { get; init; }

    /// <summary>The region of the cluster's sharding, which takes messages for any student or claim.</summary>
    public IActorRef Students { get; set; } = ActorRefs.Nobody;

    public JournalIdentity Identity => Partitions.Identity;

    public Relay Relay => Partitions.Relay;

    /// <summary>
    /// The format in which partitions write records: the newest that every host reads, as of the last second. What an
    /// older format does not have must not be written before (<see cref="EventCodec.Version"/>).
    /// </summary>
    public int Format
    {
        get => _format;
        set => _format = value;
    }

    /// <summary>The partitions of this host, served or on the way to it.</summary>
    public IEnumerable<PartitionHost> Here => _here.Values;

    /// <summary>True when a partition is this host's, served or on the way to it.</summary>
    public bool Has(int partition) => _here.ContainsKey(partition);

    /// <summary>True when this host speaks for a partition: it serves it, and no other host can serve it yet.</summary>
    public bool Speaks(int partition) => SpokenFor(partition) is not null;

    /// <summary>The entity of a partition that this host speaks for; null where it does not.</summary>
    public IActorRef? SpokenFor(int partition) =>
        _here.TryGetValue(partition, out var host) && host.IsServing && Partitions.Journal.Lease.IsHeld
            ? host.Entity
            : null;

    /// <summary>The addresses of the other hosts.</summary>
    public IEnumerable<Address> Others() =>
        from member in _cluster.State.Members
        where !member.UniqueAddress.Equals(_cluster.SelfUniqueAddress)
            && member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting
        select member.Address;

    /// <summary>Tells an actor that every host has.</summary>
    public void TellOthers(string name, IClusterMessage message, IActorRef from)
    {
        foreach (var host in Others())
            _cluster.System.ActorSelection(new RootActorPath(host) / "user" / name).Tell(message, from);
    }

    /// <summary>Ends the membership of hosts that are dead.</summary>
    /// <param name="dead">Their unique addresses; most have left long ago.</param>
    public void Down(IReadOnlyCollection<string> dead)
    {
        foreach (var member in _cluster.State.Members.Where(member =>
            member.Status != MemberStatus.Down && dead.Contains(MemberName.Of(member.UniqueAddress))))
            _cluster.Down(member.Address);
    }

    /// <summary>A partition comes to this host.</summary>
    public PartitionHost Add(int partition)
    {
        Partitions.Meter?.Move(isHere: true);
        return _here[partition] = new PartitionHost(partition, Partitions);
    }

    /// <summary>A partition is here no more.</summary>
    public void Remove(PartitionHost host)
    {
        if (_here.TryRemove(KeyValuePair.Create(host.Partition, host)))
            Partitions.Meter?.Move(isHere: false);
    }
}

/// <summary>
/// What the split-brain resolver's lease needs: it is made by the framework, which hands it the actor system alone.
/// </summary>
/// <param name="hosts">
/// The hosts of the journal, on a connection of its own: a decision must not wait behind partitions.
/// </param>
internal sealed class ArbiterSetup(PostgresHosts hosts) : Setup
{
    public PostgresHosts Hosts { get; } = hosts;
}
