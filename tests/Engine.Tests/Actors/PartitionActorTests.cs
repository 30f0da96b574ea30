using Akka.Actor;
using Akka.Event;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Runtime;
using Envelope = Amoe.Engine.Partitions.Envelope;

namespace Amoe.Engine.Tests.Actors;

/// <summary>A partition's actor alone, by its messages: partition 0 is of students, partition 1 of ledgers.</summary>
public sealed class PartitionActorTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly OneJournal _journal;

    public PartitionActorTests()
        : this(new OneJournal())
    {
    }

    private PartitionActorTests(OneJournal journal)
        : base(journal.Setup) => _journal = journal;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_answer_leaves_when_its_turn_is_durable(int partition)
    {
        var actor = Start(partition);
        _journal.Gate.Hold();
        actor.Tell(Days(partition, 1));
        this.Until(() => _journal.Gate.IsHolding);
        Assert.False(HasMessages);
        _journal.Gate.Release();
        ExpectMsg<Reply>(reply => Assert.Equal(Outcome.Done, reply.Outcome));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Answers_leave_in_the_order_of_the_messages(int partition)
    {
        var actor = Start(partition);
        actor.Tell(Days(partition, 3));
        actor.Tell(Days(partition, 1, CommandKind.CloseDay));
        actor.Tell(Days(partition, 2));
        Assert.Equal(
            [
                CommandKind.OpenDay, CommandKind.OpenDay, CommandKind.OpenDay, CommandKind.CloseDay,
                CommandKind.OpenDay, CommandKind.OpenDay
            ],
            ReceiveN(6).Cast<Reply>().Select(reply => reply.Command.Kind));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void One_that_drains_finishes_its_write_answers_the_rest_unknown_and_stops(int partition)
    {
        var actor = Watch(Start(partition));
        _journal.Gate.Hold();
        actor.Tell(Days(partition, 1));
        this.Until(() => _journal.Gate.IsHolding);
        actor.Tell(Drain.Instance);
        actor.Tell(Days(partition, 1));
        ExpectMsg<Reply>(reply => Assert.Equal(Outcome.Unknown, reply.Outcome));
        _journal.Gate.Release();
        ExpectMsg<Reply>(reply => Assert.Equal(Outcome.Done, reply.Outcome));
        ExpectTerminated(actor);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void One_whose_write_fails_answers_unknown_and_stops(int partition)
    {
        var actor = Watch(Start(partition));
        _journal.Gate.FailNext(WriteFault.Fails);
        actor.Tell(Days(partition, 2));
        Assert.All(ReceiveN(2).Cast<Reply>(), reply => Assert.Equal(Outcome.Unknown, reply.Outcome));
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_message_that_is_none_of_its_own_is_unhandled_and_changes_nothing()
    {
        var actor = Start(0);
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        actor.Tell("nonsense");
        ExpectMsg<UnhandledMessage>();
        actor.Tell(Days(0, 1));
        ExpectMsg<Reply>(reply => Assert.Equal(Outcome.Done, reply.Outcome));
    }

    protected override void AfterAll()
    {
        _journal.Gate.Release();
        base.AfterAll();
        _journal.Dispose();
    }

    /// <summary>Starts the partition, and the journal's own actor, which has opened the day.</summary>
    private IActorRef Start(int partition)
    {
        _journal.StartIn(this, _journal.Context.Own).Tell(new OpenDay(new DayWanted(Traffic.Day, Traffic.Day), 0));
        ExpectMsg<DayOpened>();
        return _journal.StartIn(this, new PartitionHost(partition, _journal.Context));
    }

    /// <summary>The mark of the same day so many times.</summary>
    private Commands Days(int partition, int count, CommandKind mark = CommandKind.OpenDay) =>
        new(partition, [.. Enumerable.Repeat(Envelope.OfDay(mark, Traffic.Day, new ToActor(TestActor)), count)], 0);

    private sealed class ToActor(IActorRef actor) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) => actor.Tell(reply);
    }
}
