using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>The protocol between a core and its host: turns, how they end, what leaves then.</summary>
public sealed class PartitionCoreTests
{
    private static readonly DateOnly Day = Traffic.Day;
    private static readonly StudentId Student = new(1);

    [Fact]
    public void Only_the_oldest_turn_is_settled()
    {
        var single = new SingleCore();
        single.Post(Traffic.Declare(1));
        var first = single.Decide();
        single.Post(Traffic.Declare(2));
        var second = single.Decide();
        Assert.Throws<InvalidOperationException>(() => single.Core.Settle(second, CommitStatus.Durable));
        Assert.Throws<InvalidOperationException>(() => single.Core.Settle(first, CommitStatus.Pending));
        single.Commit(first);
        single.Commit(second);
        Assert.Equal(0, single.Core.Uncommitted);
    }

    [Fact]
    public void Nothing_leaves_before_it_is_durable_reads_and_refusals_and_repetitions_too()
    {
        var single = new SingleCore();
        single.Post(Traffic.Declare(1), Traffic.Declare(1, reference: 2), Traffic.Declare(1));
        var first = single.Decide();
        single.Post(new AskEntitlement(Student, Day, Day), Traffic.Declare(1));
        var second = single.Decide();
        Assert.Null(second.Frame);
        Assert.Empty(single.Replies);

        single.Commit(first);
        Assert.Equal([Outcome.Done, Outcome.Refused, Outcome.Done], single.Replies.Select(reply => reply.Outcome));
        single.Commit(second);
        Assert.Equal([Outcome.Answered, Outcome.Done], single.Replies[3..].Select(reply => reply.Outcome));
    }

    [Fact]
    public void A_turn_ends_at_its_limit_of_commands_and_the_rest_follows_in_order()
    {
        var single = new SingleCore(limits: Limits(commands: 3));
        Command[] commands = [
            .. Enumerable.Range(1, 7).Select(i => Traffic.Declare((ulong)i)), new AskEntitlement(Student, Day, Day)
        ];
        single.Post(commands);
        single.PostDay(CommandKind.CloseDay, Day);

        Turn[] turns = [single.Decide(), single.Decide(), single.Decide()];
        Assert.False(single.Core.HasWork);
        Assert.Equal([3, 3, 3], turns.Select(turn => turn.Answers.Count));
        Assert.Equal([3 + 1, 3, 2], turns.Select(turn => turn.Frame!.Segments.Sum(segment => segment.Count)));
        foreach (var turn in turns)
            single.Commit(turn);
        Assert.Equal(
            [.. commands.Select(command => command.Id), new CommandId(CommandKind.CloseDay, 0)],
            single.Replies.Select(reply => reply.Command));
        Assert.All(single.Replies, reply => Assert.True(reply.Outcome is Outcome.Done or Outcome.Answered, $"{reply}"));
    }

    [Fact]
    public void The_limit_of_commands_says_nothing_of_what_is_decided()
    {
        var (wide, narrow) = (new SingleCore(), new SingleCore(limits: Limits(commands: 1)));
        foreach (var single in new[] { wide, narrow })
        {
            for (var student = 1ul; student <= 5; student++)
                single.Post([.. Traffic.Registered(student), .. Traffic.PaidClaim(student, student * 64, Day)]);
            single.PostDay(CommandKind.CloseDay, Day);
            single.PostDay(CommandKind.CloseDay, new DateOnly(2027, 2, 1));
            single.RunUntilIdle();
        }

        Assert.Equal(wide.Replies, narrow.Replies);
        Assert.Equal(wide.Core.State.Digest, narrow.Core.State.Digest);
    }

    [Fact]
    public void A_lost_turn_takes_every_later_one_and_all_that_waits_with_it_in_order()
    {
        var single = new SingleCore();
        Passivated(single);
        single.Replies.Clear();
        single.Post(new IssueCertificate(Student, 50, Day, Day));
        var first = single.Decide();
        single.Post(new IssueCertificate(Student, 51, Day, Day), new AskClaim(Student, 64, Day));
        var second = single.Decide();
        single.Post(new IssueCertificate(Student, 52, Day, Day));

        single.Lose(first);

        CommandId[] expected = [
            new(CommandKind.IssueCertificate, 50), new(CommandKind.IssueCertificate, 51),
            new AskClaim(Student, 64, Day).Id, new(CommandKind.IssueCertificate, 52)
        ];
        Assert.Equal(expected, single.Replies.Select(reply => reply.Command));
        Assert.All(single.Replies, reply => Assert.Equal(Outcome.Unknown, reply.Outcome));
        Assert.True(single.Core.MustRestore);
        Assert.Empty(single.Core.Settle(second, CommitStatus.Durable).Answers);

        single.Post(new IssueCertificate(Student, 50, Day, Day));
        Assert.Null(single.Core.Decide());
        single.Restore();
        single.RunUntilIdle();
        Assert.Equal(Outcome.Done, single.Replies[^1].Outcome);
    }

    [Fact]
    public void What_was_durable_though_its_reply_was_lost_has_the_first_outcome_when_it_is_sent_again()
    {
        var single = new SingleCore();
        single.Post(Traffic.Declare(1));
        var turn = single.Decide();
        single.Frames.Write(0, new Engine.Journal.Frames.FrameChain(0).Encode(turn.Frame!));
        single.Lose(turn);
        single.Restore();
        single.Post(Traffic.Declare(1));
        var again = single.Decide();
        Assert.Null(again.Frame);
        Assert.Equal(Outcome.Done, Assert.Single(again.Answers).Reply.Outcome);
    }

    [Fact]
    public void Marks_are_in_the_first_segment_and_wait_where_other_buckets_have_decided()
    {
        var single = new SingleCore(buckets: 8);
        var (first, other) = (InBucket(0), InBucket(5));
        single.Ask(Traffic.Declare(first), Traffic.Declare(other));

        single.Post(
            Certificate(first, Day), Certificate(first, Day.AddDays(1)), Certificate(other, Day.AddDays(1)),
            Certificate(first, Day.AddDays(2)));
        var turn = single.Decide();
        Assert.Equal([0, 5], turn.Frame!.Segments.Select(segment => segment.Bucket));
        Assert.Equal([2 + 1, 1], turn.Frame.Segments.Select(segment => segment.Count));
        Assert.Equal(Day.AddDays(1), single.Core.State.Day);

        var next = single.Decide();
        Assert.Equal([0], next.Frame!.Segments.Select(segment => segment.Bucket));
        Assert.Equal(Day.AddDays(2), single.Core.State.Day);
        single.Commit(turn);
        single.Commit(next);
        Assert.Null(StateComparison.Difference(single.Core.State, single.Replayed(buckets: 1)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(256)]
    public void Digest_and_totals_say_nothing_of_the_number_of_buckets(int buckets)
    {
        var (one, many) = (new SingleCore(), new SingleCore(buckets));
        foreach (var single in new[] { one, many })
        {
            for (var student = 1ul; student <= 40; student++)
                single.Post([.. Traffic.Registered(student), .. Traffic.PaidClaim(student, student * 64, Day)]);
            single.PostDay(CommandKind.CloseDay, Day);
            single.PostDay(CommandKind.CloseDay, new DateOnly(2027, 2, 1));
            single.RunUntilIdle();
        }

        Assert.Equal(40, many.Core.State.Totals[Counter.Lapsed]);
        Assert.Equal(one.Core.State.Digest, many.Core.State.Digest);
        foreach (var counter in Enum.GetValues<Counter>().Where(counter => counter != Counter.Last))
            Assert.Equal((counter, one.Core.State.Totals[counter]), (counter, many.Core.State.Totals[counter]));
        Assert.Equal(one.Core.State.Totals.ActivePeak, many.Core.State.Totals.ActivePeak);
        Assert.Null(StateComparison.Difference(many.Core.State, many.Replayed(buckets: 1)));
        Assert.Null(StateComparison.Difference(many.Core.State, many.Replayed(buckets: 4)));
    }

    [Fact]
    public void A_snapshot_is_taken_between_turns_only()
    {
        var single = new SingleCore();
        Passivated(single);
        Assert.True(single.Core.CanSnapshot);
        single.Post(new AskClaim(Student, 64, Day));
        Assert.Null(single.Core.Decide());
        Assert.Throws<InvalidOperationException>(() => SnapshotBytes.Of(single.Core, 0));
        single.ReadAndSupply();
        var turn = single.Decide();
        Assert.Throws<InvalidOperationException>(() => SnapshotBytes.Of(single.Core, 0));
        single.Commit(turn);
        Assert.True(single.Core.CanSnapshot);
    }

    /// <summary>A registered student with a paid claim, 64, that is out of memory.</summary>
    internal static void Passivated(SingleCore single, ulong student = 1)
    {
        Assert.All(
            single.Ask([.. Traffic.Registered(student), .. Traffic.PaidClaim(student, 64, Day)]),
            reply => Assert.True(reply.IsDecision));
        Assert.Equal(0, single.Core.State.Find(new StudentId(student))!.OpenClaims.Length);
    }

    private static TurnLimits Limits(int commands) => new(commands, 100, 1 << 16);

    private static IssueCertificate Certificate(ulong student, DateOnly day) =>
        new(new StudentId(student), (ulong)day.DayNumber, day, day);

    private static ulong InBucket(int bucket) =>
        Enumerable.Range(1, 1_000)
            .Select(student => (ulong)student)
            .First(student => new StudentId(student).BucketOf(8) == bucket);
}
