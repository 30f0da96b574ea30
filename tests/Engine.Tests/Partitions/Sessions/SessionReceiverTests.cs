using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Tests.Partitions.Sessions.Simulation;
using static Amoe.Engine.Tests.Partitions.Sessions.SessionSteps;

namespace Amoe.Engine.Tests.Partitions.Sessions;

/// <summary>The partition's side of a session, message by message.</summary>
public sealed class SessionReceiverTests
{
    private static readonly Guid Other = new("99999999-2222-3333-4444-555555555555");

    private readonly SessionReceiver<string> _receiver = new(new SessionLimits(2, 4));
    private readonly List<Envelope> _taken = [];

    [Fact]
    public void A_session_is_opened_with_its_window_and_again_while_nothing_came_in_it()
    {
        Assert.Equal(new SessionOpened(3, 4), Open(3));
        Assert.Equal(new SessionOpened(3, 4), Open(3));
        Take(3, 0, 0);
        Assert.Null(Open(3));
    }

    [Fact]
    public void A_session_that_is_opened_again_is_answered_where_it_was_opened_last_until_something_came_in_it()
    {
        Open(1);
        Open(1, "shorter");
        Take(1, 0, 0);
        Open(1, "late");
        Reply(0, Outcome.Done);
        Assert.Equal("shorter", Assert.Single(_receiver.TakeAnswered()).To);
    }

    [Fact]
    public void An_older_session_than_the_known_one_is_not_opened()
    {
        Open(3);
        Assert.Null(Open(2));
        Assert.Equal(BatchVerdict.Taken, Take(3, 0, 0));
    }

    [Fact]
    public void Batches_are_taken_by_their_numbers_and_without_a_gap()
    {
        Open(1);
        Assert.Equal(BatchVerdict.Taken, Take(1, 0, 0, 1));
        Assert.Equal(BatchVerdict.Ignored, Take(1, 0, 0, 1));
        Assert.Equal(BatchVerdict.Taken, Take(1, 1, 2));
        Assert.Equal([0, 1, 2], _taken.Select(item => ItemKey.Of(item).Place));
    }

    [Fact]
    public void A_gap_ends_the_session()
    {
        Open(1);
        Assert.Equal(BatchVerdict.Refused, Take(1, 1, 1));
        Assert.Equal(BatchVerdict.Refused, Take(1, 0, 0));
        Assert.Equal(new SessionRefused(1), Probe(1, 1));
        Assert.Empty(_taken);
    }

    [Fact]
    public void A_session_that_another_incarnation_opened_is_refused()
    {
        Assert.Equal(BatchVerdict.Refused, Take(1, 0, 0));
        Assert.Equal(new SessionRefused(1), Probe(1, 0));
        Open(1);
        Assert.Equal(BatchVerdict.Refused, Take(2, 0, 0));
        Assert.Equal(new SessionRefused(2), Probe(2, 0));
        Assert.Equal(BatchVerdict.Taken, Take(1, 0, 0));
    }

    [Fact]
    public void Batches_of_a_session_that_its_sender_has_left_are_ignored()
    {
        Open(1);
        Open(2);
        Assert.Equal(BatchVerdict.Ignored, Take(1, 0, 0));
        Assert.Null(Probe(1, 0));
        Assert.Equal(BatchVerdict.Taken, Take(2, 0, 0));
    }

    [Fact]
    public void A_batch_is_answered_when_each_item_has_its_reply_in_the_order_of_the_items()
    {
        Open(1);
        Take(1, 0, 0, 1);
        Take(1, 1, 2);
        Reply(2, Outcome.Refused);
        var first = Assert.Single(_receiver.TakeAnswered());
        Assert.Equal((1, "a"), (Assert.IsType<BatchAnswered>(first.Message).Number, first.To));
        Reply(1, Outcome.Done);
        Assert.Empty(_receiver.TakeAnswered());
        Reply(0, Outcome.Refused);
        Assert.Equal(
            [Outcome.Refused, Outcome.Done],
            Assert.IsType<BatchAnswered>(Assert.Single(_receiver.TakeAnswered()).Message).Replies
                .Select(reply => reply.Outcome));
    }

    [Fact]
    public void Two_commands_with_one_id_have_each_its_own_reply()
    {
        Open(1);
        Take(1, 0, 5, 5);
        Reply(1, Outcome.Conflict);
        Reply(0, Outcome.Done);
        Assert.Equal(
            [Outcome.Done, Outcome.Conflict],
            Assert.IsType<BatchAnswered>(Assert.Single(_receiver.TakeAnswered()).Message).Replies
                .Select(reply => reply.Outcome));
    }

    [Fact]
    public void A_second_reply_to_an_item_is_an_error_of_the_partition()
    {
        Open(1);
        Take(1, 0, 0);
        Reply(0, Outcome.Done);
        Assert.Throws<InvalidOperationException>(() => Reply(0, Outcome.Done));
    }

    [Theory]
    [InlineData(nameof(Outcome.Unknown))]
    [InlineData(nameof(Outcome.Overloaded))]
    public void After_a_reply_that_decides_nothing_no_batch_of_the_session_is_taken(string outcome)
    {
        Open(1);
        Take(1, 0, 0, 1);
        Reply(0, Enum.Parse<Outcome>(outcome));
        Assert.Equal(BatchVerdict.Refused, Take(1, 1, 2));
        Assert.Equal(new SessionRefused(1), Probe(1, 1));
        Reply(1, Outcome.Done);
        Assert.Single(_receiver.TakeAnswered());
        Assert.NotNull(Open(2));
    }

    [Fact]
    public void A_sender_that_overruns_the_window_is_refused()
    {
        Open(1);
        Assert.Equal(BatchVerdict.Taken, Take(1, 0, 0, 1, 2));
        Assert.Equal(BatchVerdict.Refused, Take(1, 1, 3, 4));
        Assert.Equal(3, _taken.Count);
    }

    [Fact]
    public void The_window_opens_again_as_items_are_answered()
    {
        Open(1);
        Take(1, 0, 0, 1, 2, 3);
        for (var i = 0; i < 4; i++)
            Reply(i, Outcome.Done);
        Assert.Equal(BatchVerdict.Taken, Take(1, 1, 4, 5, 6, 7));
    }

    [Fact]
    public void The_next_session_opens_once_the_items_of_the_former_are_answered()
    {
        Open(1);
        Take(1, 0, 0, 1);
        Assert.Null(Open(2));
        Assert.Equal(BatchVerdict.Ignored, Take(1, 1, 2));
        Assert.Equal(BatchVerdict.Refused, Take(2, 0, 0));
        Reply(0, Outcome.Done);
        Assert.Null(Open(2));
        Reply(1, Outcome.Done);
        Assert.Empty(_receiver.TakeAnswered());
        Assert.Equal(new SessionOpened(2, 4), Open(2));
    }

    [Fact]
    public void A_probe_hears_whether_all_came_and_which_batch_is_the_oldest_unanswered()
    {
        Open(1);
        Assert.Equal(new SessionAlive(1, 0), Probe(1, 0));
        Take(1, 0, 0);
        Take(1, 1, 1);
        Assert.Equal(new SessionAlive(1, 0), Probe(1, 2));
        Reply(1, Outcome.Done);
        Assert.Equal(new SessionAlive(1, 0), Probe(1, 2));
        Reply(0, Outcome.Done);
        Assert.Equal(new SessionAlive(1, 2), Probe(1, 2));
        Assert.Null(Probe(1, 1));
        Assert.Equal(new SessionRefused(1), Probe(1, 3));
        Assert.Equal(BatchVerdict.Refused, Take(1, 2, 2));
    }

    [Fact]
    public void Of_the_sessions_with_nothing_unanswered_the_one_idle_longest_gives_way()
    {
        Open(1);
        Take(1, 0, 0);
        Assert.NotNull(_receiver.Open(new OpenSession(Other, 1), "b"));
        Assert.NotNull(_receiver.Open(new OpenSession(Guid.Empty, 1), "c"));
        Assert.Equal(2, _receiver.Count);
        Assert.Equal(BatchVerdict.Taken, Take(1, 1, 1));
        Assert.Equal(new SessionRefused(1), _receiver.Probe(new ProbeSession(Other, 1, 0)));
    }

    [Fact]
    public void While_every_session_has_something_unanswered_no_other_is_opened()
    {
        Open(1);
        Take(1, 0, 0);
        _receiver.Open(new OpenSession(Other, 1), "b");
        _receiver.Take(new Batch(Other, 1, 0, Items(1)), out _);
        Assert.Null(_receiver.Open(new OpenSession(Guid.Empty, 1), "c"));
        Reply(0, Outcome.Done);
        Assert.NotNull(_receiver.Open(new OpenSession(Guid.Empty, 1), "c"));
    }

    [Fact]
    public void A_partition_that_stops_tells_every_sender()
    {
        Open(4);
        _receiver.Open(new OpenSession(Other, 7), "b");
        Assert.Equal(
            [new Addressed<string>("a", new SessionRefused(4)), new Addressed<string>("b", new SessionRefused(7))],
            _receiver.Stop().OrderBy(refused => refused.To, StringComparer.Ordinal));
        Assert.Equal(BatchVerdict.Refused, Take(4, 0, 0));
    }

    private SessionOpened? Open(long session, string from = "a") =>
        _receiver.Open(new OpenSession(Sender, session), from);

    private SessionMessage? Probe(long session, long next) => _receiver.Probe(new ProbeSession(Sender, session, next));

    private BatchVerdict Take(long session, long number, params int[] places)
    {
        var verdict = _receiver.Take(new Batch(Sender, session, number, Items(places)), out var items);
        Assert.Equal(verdict == BatchVerdict.Taken ? places.Length : 0, items.Count);
        _taken.AddRange(items);
        return verdict;
    }

    /// <param name="place">Among all items that were taken.</param>
    private void Reply(int place, Outcome outcome) =>
        _taken[place].ReplyTo.OnReply(default, new Reply(default, outcome));
}
