using Amoe.Engine.Actors;
using Amoe.Engine.Bytes;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>Nothing waits for ever, nothing grows, and nonsense is said to be nonsense.</summary>
public sealed class LimitTests
{
    private static readonly ForwardOptions Hasty = new() { Deadline = TimeSpan.FromSeconds(5), LaneItemsMax = 10 };

    [Fact]
    public void What_nobody_takes_in_time_is_answered_overloaded_for_it_cannot_stand()
    {
        var world = new ForwardWorld(1, faultsPercent: 0, options: Hasty);
        world.CloseAll();
        Assert.Equal(Outcome.Overloaded, Ask(world, world.AnyHost, Traffic.Declare(1)).Outcome);

        // A client cannot know that it reached nobody.
        Assert.Equal(Outcome.Unknown, Ask(world, world.Client, Traffic.Declare(1)).Outcome);
        Assert.Empty(world.Journal.ReadAll());
    }

    [Fact]
    public void What_may_stand_when_its_time_is_over_is_answered_unknown_and_decided_once_when_it_is_sent_again()
    {
        var world = new ForwardWorld(1, faultsPercent: 0, options: Hasty) { IsStoreBroken = true };
        Assert.Equal(Outcome.Unknown, Ask(world, world.Client, Traffic.Declare(1)).Outcome);
        Assert.True(world.Elapsed >= Hasty.Deadline && world.Elapsed < 2 * Hasty.Deadline, $"given up after {world.Elapsed}");

        world.IsStoreBroken = false;
        Assert.Equal(Outcome.Done, Ask(world, world.Client, Traffic.Declare(1)).Outcome);
        Assert.Equal(Outcome.Done, Ask(world, world.Client, Traffic.Declare(1)).Outcome);
    }

    [Fact]
    public void A_lane_takes_so_many_and_more_once_some_are_answered()
    {
        var world = new ForwardWorld(1, faultsPercent: 0, options: Hasty);
        var answers = Enumerable.Range(1, Hasty.LaneItemsMax).Select(_ => new Answer()).ToList();
        for (var i = 0; i < answers.Count; i++)
            Assert.True(world.Client.TryPost(Traffic.Declare(1, reference: (ulong)i + 1), answers[i]));
        Assert.False(world.Client.TryPost(Traffic.Declare(1, reference: 99), new Answer()));
        world.RunUntil(() => answers.TrueForAll(answer => answer.Reply is not null));
        Assert.Equal(Outcome.Refused, Ask(world, world.Client, Traffic.Declare(1, reference: 99)).Outcome);
    }

    /// <summary>
    /// A simulation of which one host had been killed ended because a day was not opened for a minute. The link to the dead host kept the frame that it could not
    /// send; what came behind that frame was in none, so nobody missed an answer to it and went elsewhere.
    /// </summary>
    [Fact]
    public void What_waits_behind_a_frame_that_a_dead_host_never_takes_goes_to_another()
    {
        var world = new ForwardWorld(1, faultsPercent: 0, options: new ForwardOptions());
        world.Kill(0);
        var (first, second) = (new Answer(), new Answer());

        Assert.True(world.Client.TryPost(Traffic.Declare(StudentOf(shard: 0)), first));
        RunFor(world, TimeSpan.FromMilliseconds(100));
        Assert.True(world.Client.TryPost(Traffic.Declare(StudentOf(shard: 3)), second));
        world.RunUntil(() => first.Reply is not null && second.Reply is not null);

        Assert.Equal((Outcome.Done, Outcome.Done), (first.Reply!.Value.Outcome, second.Reply!.Value.Outcome));
        Assert.True(world.Elapsed < 3 * new ForwardOptions().SilenceMax, $"answered after {world.Elapsed}");
    }

    [Fact]
    public void Hosts_do_not_try_for_ever_to_reach_one_that_is_gone()
    {
        var world = new ForwardWorld(1, faultsPercent: 0);
        RunFor(world, TimeSpan.FromSeconds(1));
        world.Kill(0);
        Assert.Equal(Outcome.Done, Ask(world, world.AnyHost, Traffic.Declare(StudentOf(shard: 3))).Outcome);
        RunFor(world, TimeSpan.FromSeconds(2));
        var attempts = world.Attempts;
        Assert.True(attempts > 0, "nobody tried to reach it: nothing is shown");

        RunFor(world, TimeSpan.FromSeconds(10));

        Assert.Equal(attempts, world.Attempts);
    }

    [Fact]
    public void A_frame_that_is_none_is_refused_and_does_nothing_else() => Properties.Check(
        Properties.FromSeeds(Frame),
        one =>
        {
            var world = new ForwardWorld(1, faultsPercent: 0, partyShards: 1);
            try
            {
                world.Deliver(new Nowhere(one.Seed % 2 == 0), one.Made);
            }
            catch (InvalidDataException)
            {
                // As it should.
            }

            for (var step = 0; step < 20; step++)
                world.Step();
            return true;
        },
        count: 2_000);

    /// <summary>Of every type, now random, now true but for a few bytes.</summary>
    private static byte[] Frame(Random random)
    {
        var w = new ByteWriter();
        var type = (FrameType)random.Next(6);
        Frames.Begin(w, type);
        if (random.Next(3) > 0)
        {
            w.UInt64(7);
            w.Byte((byte)random.Next(8));
            w.Varint((ulong)random.Next(8));
            w.Varint(0);
            w.Varint((ulong)random.Next(3));
            var maker = new Maker(random, 5);
            for (var i = 0; i < 3; i++)
                Frames.WriteItem(w, new Envelope(maker.Command(Maker.CommandTypes[random.Next(Maker.CommandTypes.Length)]), CommandKind.None, default, NoReply.Instance), 1_000);
            w.Byte(0);
        }

        var bytes = w.Written.ToArray().Concat(Enumerable.Range(0, random.Next(40)).Select(_ => (byte)random.Next(256))).ToArray();
        for (var i = random.Next(4); i > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static ulong StudentOf(int shard) => Enumerable.Range(1, 1_000).Select(id => (ulong)id).First(id => new StudentId(id).ShardOf(ForwardWorld.Shards) == shard);

    private static void RunFor(ForwardWorld world, TimeSpan time)
    {
        var until = world.Elapsed + time;
        world.RunUntil(() => world.Elapsed >= until);
    }

    private static Reply Ask(ForwardWorld world, ICommandTarget target, Command command)
    {
        var answer = new Answer();
        Assert.True(target.TryPost(command, answer));
        world.RunUntil(() => answer.Reply is not null);
        return answer.Reply!.Value;
    }

    private sealed class Answer : IReplyTo
    {
        public Reply? Reply { get; private set; }

        public void OnReply(StudentId student, in Reply reply)
        {
            Assert.Null(Reply);
            Reply = reply;
        }
    }
}
