using Akka.Actor;
using Akka.TestKit.Xunit2;
using Amoe.Engine.Actors.Sharding;

namespace Amoe.Engine.Tests.Sharding;

/// <summary>A host that leaves hands over a few partitions at a time, and never waits for long.</summary>
public sealed class HandOversTests : TestKit
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void Four_go_at_once_and_each_that_another_host_serves_lets_the_next_one_go()
    {
        var handOvers = HandOvers();
        Ask(handOvers, partitions: 6);
        Assert.Equal(4, Gone(handOvers));

        handOvers.Tell(new Taken(2));
        Assert.Equal(1, Gone(handOvers));

        // One that moved to another host from elsewhere.
        handOvers.Tell(new Taken(60));
        Assert.Equal(0, Gone(handOvers));
    }

    [Fact]
    public void A_host_that_does_not_say_that_it_serves_is_waited_for_a_second()
    {
        var handOvers = HandOvers();
        Ask(handOvers, partitions: 9);
        Assert.Equal(4, Gone(handOvers));

        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 4; i++)
            ExpectMsg<HandOverNow>();
        Assert.Equal(0, Gone(handOvers));
    }

    [Fact]
    public void None_waits_longer_than_sharding_lets_it()
    {
        var handOvers = HandOvers();
        Ask(handOvers, partitions: 40);
        Assert.Equal(4, Gone(handOvers));

        _time.Advance(TimeSpan.FromSeconds(6));
        for (var i = 0; i < 36; i++)
            ExpectMsg<HandOverNow>();
    }

    private IActorRef HandOvers() => Sys.ActorOf(Props.Create(() => new HandOvers(_time)));

    private void Ask(IActorRef handOvers, int partitions)
    {
        for (var partition = 0; partition < partitions; partition++)
            handOvers.Tell(new HandOver(partition), TestActor);
    }

    /// <summary>The number of partitions released so far.</summary>
    private int Gone(IActorRef handOvers)
    {
        handOvers.Tell(new Identify(null), TestActor);
        var gone = 0;
        while (ExpectMsg<object>() is HandOverNow)
            gone++;
        return gone;
    }
}
