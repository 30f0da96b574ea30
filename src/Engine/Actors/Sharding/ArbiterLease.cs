using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Coordination;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// The lease of the split-brain resolver: an arbiter that remembers dead hosts. A lease that a host holds until it runs
/// out fails in two cases (docs/adr/0014). A host that was frozen evicts the others when it wakes. When one host is
/// killed and started again, and another is killed, every host ends.
/// </summary>
internal sealed class ArbiterLease(LeaseSettings settings, ExtendedActorSystem system) : Lease(settings)
{
    private readonly ArbiterSetup _setup = system.Settings.Setup.Get<ArbiterSetup>() is
    {
        HasValue: true,
        Value: { } setup
    }
        ? setup
        : throw new InvalidOperationException("the actor system was made without a database of hosts");

    public override Task<bool> Acquire() => Acquire(null!);

    /// <summary>
    /// True where this host was not evicted itself: those that it cannot reach are evicted from now on, for good.
    /// </summary>
    /// <exception cref="JournalException">The database does not answer: nothing is decided.</exception>
    public override Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        var cluster = Cluster.Get(system);
        string[] unreachable = [.. cluster.State.Unreachable.Select(member => MemberName.Of(member.UniqueAddress))];
        return Task.Run(() => _setup.Hosts.TryOutvote(MemberName.Of(cluster.SelfUniqueAddress), unreachable));
    }

    /// <summary>There is nothing to give back.</summary>
    public override Task<bool> Release() => Task.FromResult(true);

    /// <summary>Every decision asks the database.</summary>
    public override bool CheckLease() => false;
}

/// <summary>A member of the cluster as the database names it, as opposed to a former one at the same address.</summary>
internal static class MemberName
{
    public static string Of(UniqueAddress member) =>
        $"{member.Address}#{member.Uid.ToString(CultureInfo.InvariantCulture)}";

    public static Address AddressOf(string member) => Address.Parse(member[..member.LastIndexOf('#')]);
}
