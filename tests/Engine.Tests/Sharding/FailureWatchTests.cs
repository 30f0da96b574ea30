using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Event;
using Akka.TestKit.Xunit2;
using Amoe.Engine.Actors.Sharding;

namespace Amoe.Engine.Tests.Sharding;

public sealed class FailureWatchTests : TestKit
{
    private static readonly InvalidOperationException Unexpected = new("not expected");

    /// <summary>
    /// A singleton's manager fails on purpose when the former oldest host is slow: no reason for a healthy host to
    /// leave.
    /// </summary>
    [Fact]
    public void A_host_leaves_for_a_failure_of_its_own_actors_alone()
    {
        var watch = Sys.ActorOf(
            Props.Create(() => new FailureWatch(reason => TestActor.Tell(reason, ActorRefs.NoSender))));

        watch.Tell(
            new Error(
                Unexpected, "akka://amoe/system/endpointManager/writer", typeof(ActorBase), "a connection ended"));
        watch.Tell(
            new Error(
                new ClusterSingletonManagerIsStuckException("slow"), "akka://amoe/user/journal-host", typeof(ActorBase),
                "it waited"));
        watch.Tell(new Error(null, "akka://amoe/user/days", typeof(ActorBase), "nothing was thrown"));
        watch.Tell(new Error(Unexpected, "akka://amoe/user/days", typeof(ActorBase), "it was thrown"));

        Assert.Equal(
            "an internal error of akka://amoe/user/days (InvalidOperationException: not expected): please report it",
            ExpectMsg<string>());
        ExpectNoMsg(TimeSpan.Zero);
    }
}
