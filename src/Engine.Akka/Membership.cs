using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Amoe.Engine.Akka;

/// <summary>This process as a member of an Akka cluster: how it becomes one, whether it is, and how it ends.</summary>
internal sealed class Membership
{
    private readonly AkkaCluster _cluster;

    private Membership(ActorSystem system) => (System, _cluster) = (system, AkkaCluster.Get(system));

    public ActorSystem System { get; }

    /// <summary>Where this process is reached by the others.</summary>
    public string Address => _cluster.SelfAddress.ToString();

    /// <summary>Done when the actors are no more: it left, or the others went on without it.</summary>
    public Task Ended => System.WhenTerminated;

    /// <summary>Why nothing is decided here now, or null when it is.</summary>
    public string? WhyNot => Ended.IsCompleted || _cluster.IsTerminated ? "it is no member of the cluster any more" : _cluster.SelfMember.Status switch
    {
        MemberStatus.Up => null,
        MemberStatus.Joining or MemberStatus.WeaklyUp => "it has not joined yet",
        MemberStatus.Leaving or MemberStatus.Exiting => "it is handing its students over and leaves",
        _ => "the cluster goes on without it",
    };

    /// <summary>Every member, with what the others make of him: up, leaving, and whether he is reached.</summary>
    public IReadOnlyList<(string Address, string Status, bool IsReached)> Members
    {
        get
        {
            var state = _cluster.State;
            return [.. state.Members.Select(member => (member.Address.ToString(), member.Status.ToString().ToLowerInvariant(), !state.Unreachable.Contains(member)))];
        }
    }

    /// <summary>Begins a cluster, or joins one and waits until it is in.</summary>
    /// <exception cref="ClusterException">The address cannot be listened on, or no host answers at the others'.</exception>
    /// <exception cref="OperationCanceledException">It was to stop before.</exception>
    public static async Task<Membership> JoinAsync(AkkaOptions options, Config store, TimeProvider time, CancellationToken stop)
    {
        var system = Listen(options, store);
        try
        {
            var membership = new Membership(system);
            if (options.Seeds.Count == 0)
                membership._cluster.Join(membership._cluster.SelfAddress);
            var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            membership._cluster.RegisterOnMemberUp(up.SetResult);
            await up.Task.WaitAsync(options.JoinPatience, time, stop);
            return membership;
        }
        catch (TimeoutException e)
        {
            await system.Terminate();
            throw new ClusterException(
                $"no host of an Akka cluster took this process in within {options.JoinPatience.TotalSeconds:0} s. Asked were {string.Join(", ", options.Seeds)}: "
                + "start the first host of a cluster without seeds, and name hosts that run.", e);
        }
        catch
        {
            await system.Terminate();
            throw;
        }
    }

    private static ActorSystem Listen(AkkaOptions options, Config store)
    {
        try
        {
            return ActorSystem.Create(AkkaConfiguration.SystemName, AkkaConfiguration.Of(options.Validated(), store));
        }
        catch (AggregateException e) when (e.GetBaseException() is RemoteTransportException)
        {
            throw new ClusterException($"{options.Host}:{options.Port}: this address cannot be listened on: it is in use, or none of this machine's. Name another.", e);
        }
    }
}
