using Akka.Actor;
using Akka.TestKit.Xunit2;
using Amoe.Engine.Actors.Sharding;

namespace Amoe.Engine.Tests.Sharding;

/// <summary>
/// Hosts that leave together wait for no other. Three that were stopped at once on a busy machine took twenty seconds:
/// each waited for a coordinator that was itself ending.
/// </summary>
public sealed class LeavingTogetherTests : TestKit
{
    private volatile bool _isAnyStaying;
    private IActorRef[] _entities = [];

    [Fact]
    public void Where_no_host_stays_partitions_go_at_once_and_the_region_after_the_last()
    {
        _entities = [TestActor, TestActor];
        var region = Watch(NewRegion());
        Leave(region);
        ExpectMsg<HandOverNow>();
        ExpectMsg<HandOverNow>();

        // One is still writing: it is asked at each look, and the region stays.
        ExpectMsg<HandOverNow>();
        Volatile.Write(ref _entities, []);
        FishForMessage(message => message is Terminated ended && ended.ActorRef.Equals(region));
    }

    [Fact]
    public void Where_a_host_stays_sharding_hands_them_over()
    {
        _isAnyStaying = true;
        _entities = [TestActor];
        var looks = 0;
        Leave(Watch(NewRegion()), () => Interlocked.Increment(ref looks));

        AwaitCondition(() => Volatile.Read(ref looks) > 2);
        ExpectNoMsg(TimeSpan.Zero);

        _isAnyStaying = false;
        ExpectMsg<HandOverNow>();
    }

    [Fact]
    public void A_database_that_does_not_answer_ends_nothing()
    {
        _entities = [TestActor];
        var looks = 0;
        Leave(Watch(NewRegion()), () =>
        {
            if (Interlocked.Increment(ref looks) < 3)
                throw new TimeoutException();
        });

        // The third look is answered; the two before it ended nothing.
        ExpectMsg<HandOverNow>();
        Assert.True(Volatile.Read(ref looks) >= 3);
    }

    private sealed class Region : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }

    private IActorRef NewRegion() => Sys.ActorOf(Props.Create(() => new Region()));

    private void Leave(IActorRef region, Action? looked = null)
    {
        Func<IEnumerable<IActorRef>> entities = () => Volatile.Read(ref _entities);
        Func<bool> isAnyStaying = () =>
        {
            looked?.Invoke();
            return _isAnyStaying;
        };
        Sys.ActorOf(Props.Create(() => new LeavingTogether(entities, region, isAnyStaying)));
    }
}
