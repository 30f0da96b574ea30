using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Partitions.Wire;
using Amoe.Engine.Tests.Journal;
using static Amoe.Engine.Tests.Partitions.Sessions.SessionSteps;

namespace Amoe.Engine.Tests.Partitions.Sessions;

/// <summary>The sender's side of a session, message by message.</summary>
public sealed class SessionSenderTests
{
    [Fact]
    public void What_is_posted_opens_a_session_and_is_sent_in_it_in_order()
    {
        var shell = new SenderShell();
        var batch = Assert.Single(shell.Open(100, 0, 1, 2));
        Assert.Equal((Sender, 1, 0), (batch.Sender, batch.Session, batch.Number));
        Assert.Equal([0, 1, 2], batch.Places());

        shell.Post(2, 3);
        Assert.Equal(1, Assert.IsType<Batch>(Assert.Single(shell.Sent())).Number);
    }

    [Fact]
    public void Each_caller_hears_the_reply_to_its_item_once()
    {
        var shell = new SenderShell();
        shell.Open(100, 0, 1, 16);
        shell.Answer(2, 1, 0, Outcome.Done, Outcome.Refused, Outcome.Answered);
        shell.Answer(3, 1, 0, Outcome.Done, Outcome.Done, Outcome.Done);
        Assert.Equal([(0, Outcome.Done), (1, Outcome.Refused), (16, Outcome.Answered)], shell.Heard);
        Assert.Equal(0, shell.Sender.Unanswered);
    }

    [Fact]
    public void No_more_than_the_window_is_unanswered()
    {
        var shell = new SenderShell(new SessionOptions { BatchItemsMax = 2 });
        Assert.Equal([[0, 1], [2]], shell.Open(3, 0, 1, 2, 3, 4).Select(batch => batch.Places()));
        Assert.Equal(
            [3, 4], Assert.IsType<Batch>(Assert.Single(shell.Answer(2, 1, 0, Outcome.Done, Outcome.Done))).Places());
    }

    [Fact]
    public void Items_that_come_one_by_one_gather_behind_the_batches_in_flight()
    {
        var shell = new SenderShell(new SessionOptions { BatchesMax = 2 });
        shell.Open(100, 0);
        shell.Post(1, 1);
        Assert.Single(shell.Sent());
        shell.Post(1, 2, 3);
        Assert.Empty(shell.Sent());
        Assert.Equal([2, 3], Assert.IsType<Batch>(Assert.Single(shell.Answer(2, 1, 0, Outcome.Done))).Places());
    }

    [Fact]
    public void A_batch_is_bounded_by_its_bytes_and_takes_at_least_one_item()
    {
        var options = new SessionOptions { BatchBytesMax = 4_000 };
        var sender = new SessionSender(Sender, options);
        var claim = (DepositClaim)new Maker(new Random(1), 1).Command(typeof(DepositClaim));
        int[] lines = [1_000, 50, 50, 50];
        foreach (var count in lines)
            sender.Post(SessionItem.Of(claim with { Lines = new ClaimLine[count] }), NoReply.Instance, default);
        sender.TakeActions();
        sender.OnOpened(new SessionOpened(1, 100), default);
        Assert.Equal([1, 2, 1], sender.TakeActions().ToPartition.Select(message => ((Batch)message).Items.Length));
    }

    [Fact]
    public void A_claim_that_cannot_travel_is_an_error_of_the_caller()
    {
        var claim = (DepositClaim)new Maker(new Random(1), 1).Command(typeof(DepositClaim));
        Assert.Throws<ArgumentException>(() =>
            SessionItem.Of(claim with { Lines = new ClaimLine[CommandCodec.LinesMax + 1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            SessionItem.OfDay(CommandKind.Declare, new DateOnly(2025, 9, 15)));
    }

    [Fact]
    public void More_than_there_is_room_for_is_an_error_of_the_caller()
    {
        var shell = new SenderShell(new SessionOptions { ItemsMax = 2 });
        shell.Open(100, 0, 1);
        Assert.Equal(0, shell.Sender.Room);
        Assert.Throws<InvalidOperationException>(() => shell.Post(1, 2));
        shell.Answer(2, 1, 0, Outcome.Done, Outcome.Done);
        Assert.Equal(2, shell.Sender.Room);
    }

    [Fact]
    public void Opening_is_tried_again_after_300_ms_and_then_less_and_less_often()
    {
        var shell = new SenderShell(new SessionOptions { Deadline = Ms(60_000) });
        shell.Post(0, 0);
        var tried = new List<long>();
        for (var ms = 0L; ms < 9_000; ms += 100)
        {
            if (shell.Tick(ms).Length > 0)
                tried.Add(ms);
        }

        Assert.Equal([0, 300, 900, 2_100, 4_100, 6_100, 8_100], tried);
    }

    [Fact]
    public void An_unknown_outcome_ends_the_session_and_what_is_decided_is_not_sent_again()
    {
        var shell = new SenderShell(new SessionOptions { BatchItemsMax = 3 });
        shell.Open(100, 0, 1, 2, 3);
        shell.Post(400, 4);
        shell.Sent();
        Assert.Equal(
            [new OpenSession(Sender, 2)], shell.Answer(400, 1, 0, Outcome.Done, Outcome.Unknown, Outcome.Refused));
        Assert.Equal([(0, Outcome.Done), (2, Outcome.Refused)], shell.Heard);
        shell.Sender.OnOpened(new SessionOpened(2, 100), Ms(401));
        Assert.Equal([1, 3, 4], Assert.IsType<Batch>(Assert.Single(shell.Sent())).Places());
    }

    /// <summary>
    /// Callers of a partition whose log could not be followed waited out their deadline, 30 s, for an answer that was
    /// known from the start.
    /// </summary>
    [Fact]
    public void A_partition_out_of_service_is_answered_unknown_at_once_and_asked_again_within_300_ms_of_the_next_item()
    {
        var shell = new SenderShell();
        shell.Post(0, 0, 1);
        Assert.Equal([new OpenSession(Sender, 1)], shell.Sent());
        for (var ms = 100; ms <= 2_200; ms += 100)
            shell.Tick(ms);
        Assert.True(shell.Sender.OnOutOfService(new OutOfService(1), Ms(2_300)));
        Assert.Empty(shell.Sent());
        Assert.Equal([(0, Outcome.Unknown), (1, Outcome.Unknown)], shell.Heard);
        Assert.Equal(0, shell.Sender.Unanswered);

        shell.Post(2_300, 2);
        Assert.Empty(shell.Tick(2_500));
        Assert.Equal([new OpenSession(Sender, 2)], shell.Tick(2_600));
        Assert.True(shell.Sender.OnOpened(new SessionOpened(2, 100), Ms(2_700)));
        Assert.Equal([2], Assert.IsType<Batch>(Assert.Single(shell.Sent())).Places());
    }

    [Fact]
    public void That_a_partition_was_out_of_service_says_nothing_of_a_session_that_is_open_or_of_the_next_one()
    {
        var shell = new SenderShell();
        shell.Open(100, 0);
        Assert.False(shell.Sender.OnOutOfService(new OutOfService(1), Ms(2)));
        shell.Sender.OnRefused(new SessionRefused(1), Ms(300));
        Assert.Equal([new OpenSession(Sender, 2)], shell.Sent());
        Assert.False(shell.Sender.OnOutOfService(new OutOfService(1), Ms(301)));
        Assert.Empty(shell.Heard);
        Assert.True(shell.Sender.OnOutOfService(new OutOfService(2), Ms(302)));
        shell.Sent();
        Assert.Equal([(0, Outcome.Unknown)], shell.Heard);
    }

    [Theory]
    [InlineData(nameof(Outcome.Unknown))]
    [InlineData(nameof(Outcome.Overloaded))]
    public void A_reply_that_decides_nothing_does_not_reach_its_caller(string outcome)
    {
        var shell = new SenderShell();
        shell.Open(100, 0);
        shell.Answer(400, 1, 0, Enum.Parse<Outcome>(outcome));
        Assert.Empty(shell.Heard);
        Assert.Equal(1, shell.Sender.Unanswered);
    }

    [Fact]
    public void A_refused_session_is_followed_by_another_with_everything_unanswered_oldest_first()
    {
        var shell = new SenderShell(new SessionOptions { BatchItemsMax = 2 });
        shell.Open(4, 0, 1, 2, 3, 4, 5);
        shell.Answer(300, 1, 1, Outcome.Done, Outcome.Done);
        shell.Sender.OnRefused(new SessionRefused(1), Ms(400));
        Assert.Equal([new OpenSession(Sender, 2)], shell.Sent());
        shell.Sender.OnOpened(new SessionOpened(2, 100), Ms(401));
        Assert.Equal([0, 1], Assert.IsType<Batch>(Assert.Single(shell.Sent())).Places());
        Assert.Equal(
            [[4, 5]],
            shell.Answer(402, 2, 0, Outcome.Done, Outcome.Done).Cast<Batch>().Select(batch => batch.Places()));
    }

    [Fact]
    public void A_reopened_session_begins_with_little_until_that_is_answered()
    {
        var shell = new SenderShell();
        shell.Open(1_000, [.. Enumerable.Range(0, 200)]);
        shell.Sender.OnRefused(new SessionRefused(1), Ms(400));
        shell.Sent();
        shell.Sender.OnOpened(new SessionOpened(2, 1_000), Ms(401));
        Assert.Equal(64, Assert.IsType<Batch>(Assert.Single(shell.Sent())).Items.Length);
        Assert.Empty(shell.Tick(450));
        Assert.Equal(
            136,
            Assert.IsType<Batch>(
                Assert.Single(shell.Answer(500, 2, 0, [.. Enumerable.Repeat(Outcome.Done, 64)]))).Items.Length);
    }

    [Fact]
    public void Sessions_that_fail_at_once_are_not_opened_in_a_hurry()
    {
        var shell = new SenderShell();
        shell.Open(100, 0);
        Assert.Empty(shell.Answer(2, 1, 0, Outcome.Unknown));
        Assert.Empty(shell.Tick(299));
        Assert.Equal([new OpenSession(Sender, 2)], shell.Tick(300));
        shell.Sender.OnOpened(new SessionOpened(2, 100), Ms(301));
        shell.Sent();
        Assert.Empty(shell.Answer(302, 2, 0, Outcome.Unknown));
        Assert.Empty(shell.Tick(899));
        Assert.Equal([new OpenSession(Sender, 3)], shell.Tick(900));
    }

    [Fact]
    public void Answers_of_a_former_session_are_ignored()
    {
        var shell = new SenderShell();
        shell.Open(100, 0);
        shell.Sender.OnRefused(new SessionRefused(1), Ms(400));
        shell.Sent();
        shell.Sender.OnOpened(new SessionOpened(2, 100), Ms(401));
        shell.Sent();
        Assert.Empty(shell.Answer(402, 1, 0, Outcome.Done));
        shell.Sender.OnRefused(new SessionRefused(1), Ms(403));
        shell.Sender.OnAlive(new SessionAlive(1, 5), Ms(404));
        Assert.Empty(shell.Sent());
        Assert.Empty(shell.Heard);
    }

    [Fact]
    public void A_session_has_one_receiver_though_another_actor_opens_it_too()
    {
        var shell = new SenderShell();
        shell.Open(100, 0);
        Assert.False(shell.Sender.OnOpened(new SessionOpened(1, 100), Ms(2)));
        Assert.False(shell.Sender.OnOpened(new SessionOpened(7, 100), Ms(2)));
        Assert.Empty(shell.Sent());
    }

    [Fact]
    public void A_partition_that_says_nothing_is_probed_and_then_given_up()
    {
        var shell = new SenderShell();
        shell.Open(100, 0);
        Assert.Empty(shell.Tick(500));
        Assert.Equal([new ProbeSession(Sender, 1, 1)], shell.Tick(501));
        Assert.Empty(shell.Tick(1_000));
        Assert.Equal([new ProbeSession(Sender, 1, 1)], shell.Tick(1_001));
        Assert.Equal([new ProbeSession(Sender, 1, 1)], shell.Tick(2_500));
        Assert.Equal([new OpenSession(Sender, 2)], shell.Tick(2_501));
    }

    [Fact]
    public void A_partition_that_is_alive_may_take_its_time()
    {
        var shell = new SenderShell();
        shell.Open(100, 0);
        for (var ms = 600L; ms < 20_000; ms += 600)
        {
            Assert.IsType<ProbeSession>(Assert.Single(shell.Tick(ms)));
            shell.Sender.OnAlive(new SessionAlive(1, 0), Ms(ms));
        }

        Assert.Equal(1, shell.Sender.Unanswered);
    }

    [Fact]
    public void A_lost_answer_is_missed_though_later_batches_are_answered()
    {
        var shell = new SenderShell(new SessionOptions { BatchItemsMax = 1 });
        shell.Open(100, 0, 1);
        shell.Answer(400, 1, 1, Outcome.Done);
        Assert.Equal([new ProbeSession(Sender, 1, 2)], shell.Tick(501));
        shell.Sender.OnAlive(new SessionAlive(1, 2), Ms(502));
        Assert.Equal([new OpenSession(Sender, 2)], shell.Sent());
    }

    [Fact]
    public void An_item_past_its_deadline_is_unknown_to_its_caller_and_what_is_behind_it_keeps_its_order()
    {
        var shell = new SenderShell(new SessionOptions { Deadline = Ms(1_000) });
        shell.Post(0, 0, 1);
        shell.Post(500, 2);
        shell.Sent();
        Assert.Empty(shell.Heard);
        shell.Tick(999);
        Assert.Empty(shell.Heard);
        shell.Tick(1_000);
        Assert.Equal([(0, Outcome.Unknown), (1, Outcome.Unknown)], shell.Heard);
        shell.Sender.OnOpened(new SessionOpened(1, 100), Ms(1_001));
        Assert.Equal([2], Assert.IsType<Batch>(Assert.Single(shell.Sent())).Places());
    }

    [Fact]
    public void An_item_that_was_given_up_in_flight_is_neither_answered_again_nor_sent_again()
    {
        var shell = new SenderShell(new SessionOptions { Deadline = Ms(400) });
        shell.Open(100, 0);
        shell.Post(100, 1);
        shell.Sent();
        shell.Tick(400);
        shell.Answer(401, 1, 0, Outcome.Done);
        Assert.Equal([(0, Outcome.Unknown)], shell.Heard);
        shell.Sender.OnRefused(new SessionRefused(1), Ms(402));
        shell.Sent();
        shell.Sender.OnOpened(new SessionOpened(2, 100), Ms(403));
        Assert.Equal([1], Assert.IsType<Batch>(Assert.Single(shell.Sent())).Places());
    }

    [Fact]
    public void A_sender_with_nothing_left_opens_no_session()
    {
        var shell = new SenderShell(new SessionOptions { Deadline = Ms(400) });
        shell.Post(0, 0);
        shell.Sent();
        Assert.Empty(shell.Tick(400));
        Assert.Empty(shell.Tick(5_000));
        shell.Post(5_000, 1);
        Assert.Equal([new OpenSession(Sender, 2)], shell.Sent());
    }

    [Fact]
    public void An_answer_that_does_not_fit_its_batch_decides_nothing()
    {
        var shell = new SenderShell();
        shell.Open(100, 0, 1);
        Assert.Equal([new OpenSession(Sender, 2)], shell.Answer(400, 1, 0, Outcome.Done));
        Assert.Empty(shell.Heard);
    }

    [Fact]
    public void A_sender_that_stops_answers_every_caller()
    {
        var shell = new SenderShell(new SessionOptions { BatchItemsMax = 1, BatchesMax = 1 });
        shell.Open(100, 0, 1);
        shell.Sender.Stop();
        Assert.Empty(shell.Sent());
        Assert.Equal([(0, Outcome.Unknown), (1, Outcome.Unknown)], shell.Heard);
        Assert.Equal(0, shell.Sender.Unanswered);
    }
}
