using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Runtime;
using static Amoe.Engine.Tests.Partitions.PartitionCoreTests;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>Commands that wait for records, and what happens around them.</summary>
public sealed class SetAsideTests
{
    private static readonly DateOnly Day = Traffic.Day;
    private static readonly DateOnly Next = Day.AddDays(1);
    private static readonly StudentId Student = new(1);

    [Fact]
    public void A_students_later_commands_and_queries_wait_behind_the_one_that_is_set_aside_and_others_go_on()
    {
        var single = new SingleCore();
        Passivated(single);
        single.Replies.Clear();
        single.Post(
            new AskClaim(Student, 64, Day), new IssueCertificate(Student, 50, Day, Day),
            new AskEntitlement(Student, Day, Day), Traffic.Declare(2));
        single.Commit(single.Decide());
        Assert.Equal(CommandKind.Declare, Assert.Single(single.Replies).Command.Kind);

        single.ReadAndSupply();
        single.Commit(single.Decide());
        Assert.Equal(
            [CommandKind.AskClaim, CommandKind.IssueCertificate, CommandKind.AskEntitlement],
            single.Replies[1..].Select(reply => reply.Command.Kind));
        Assert.Equal(ClaimStatus.Paid, Assert.IsType<ClaimAnswer>(single.Replies[1].Answer).Status);
    }

    [Fact]
    public void A_full_turn_leaves_commands_that_waited_for_records_to_the_next_before_what_came_later()
    {
        var single = new SingleCore(limits: new TurnLimits(3, 100, 1 << 16));
        Passivated(single);
        single.Replies.Clear();
        single.Post(
            [
                new AskClaim(Student, 64, Day),
                .. Enumerable.Range(0, 4).Select(i => new IssueCertificate(Student, 50 + (ulong)i, Day, Day))
            ]);
        Assert.Null(single.Core.Decide());
        single.ReadAndSupply();
        single.Post(new IssueCertificate(Student, 60, Day, Day));

        var first = single.Decide();
        Assert.Equal(3, first.Answers.Count);
        single.Commit(first);
        single.RunUntilIdle();
        Assert.Equal(
            [
                new AskClaim(Student, 64, Day).Id,
                .. new ulong[] { 50, 51, 52, 53, 60 }.Select(reference =>
                    new CommandId(CommandKind.IssueCertificate, reference))
            ],
            single.Replies.Select(reply => reply.Command));
    }

    [Theory]
    [InlineData(CommandKind.OpenDay)]
    [InlineData(CommandKind.CloseDay)]
    public void A_day_neither_opens_nor_closes_while_something_is_set_aside(CommandKind mark)
    {
        var single = new SingleCore();
        Passivated(single);
        single.Post(new AskClaim(Student, 64, Day));
        single.PostDay(mark, mark == CommandKind.OpenDay ? Next : Day);
        Assert.Null(single.Core.Decide());
        Assert.False(single.Core.HasWork);
        Assert.Equal((Day, default), (single.Core.State.Day, single.Core.State.LastClosed));

        single.ReadAndSupply();
        single.RunUntilIdle();
        Assert.Equal(mark, single.Replies[^1].Command.Kind);
        Assert.Equal(
            mark == CommandKind.OpenDay ? (Next, default) : (Day, Day),
            (single.Core.State.Day, single.Core.State.LastClosed));
    }

    [Fact]
    public void The_answer_to_a_request_of_before_a_loss_is_dropped()
    {
        var single = new SingleCore();
        Passivated(single);
        single.Post(new IssueCertificate(Student, 50, Day, Day), new AskClaim(Student, 64, Day));
        var turn = single.Decide();
        var late = single.Read();
        single.Lose(turn);
        single.Restore();
        single.Post(new AskClaim(Student, 64, Day));
        Assert.Null(single.Core.Decide());
        late.ForEach(single.Core.Supply);
        Assert.False(single.Core.HasWork);
        single.ReadAndSupply();
        Assert.True(single.Core.HasWork);
    }

    [Fact]
    public void The_answer_to_a_request_that_was_given_up_is_dropped_and_so_is_a_second_one()
    {
        var single = new SingleCore();
        Passivated(single);
        single.Post(new AskClaim(Student, 64, Day));
        Assert.Null(single.Core.Decide());
        var late = single.Read();
        single.Abandon();
        single.Post(new AskClaim(Student, 64, Day));
        Assert.Null(single.Core.Decide());
        late.ForEach(single.Core.Supply);
        Assert.False(single.Core.HasWork);

        var results = single.Read();
        results.ForEach(single.Core.Supply);
        results.ForEach(single.Core.Supply);
        single.RunUntilIdle();
        Assert.Equal([Outcome.Unknown, Outcome.Answered], single.Replies[^2..].Select(reply => reply.Outcome));
    }

    [Fact]
    public void A_day_that_waited_for_records_that_were_given_up_blocks_its_partition_no_longer()
    {
        var single = new SingleCore();
        Passivated(single);
        single.Post(new AskClaim(Student, 64, Day));
        single.PostDay(CommandKind.CloseDay, Day);
        Assert.Null(single.Core.Decide());
        single.Abandon();
        Assert.Equal(Outcome.Done, Assert.Single(single.Ask(Traffic.Declare(2))).Outcome);
    }

    [Fact]
    public void A_damaged_record_takes_that_student_alone_out_of_service()
    {
        var single = new SingleCore();
        Passivated(single);
        var damaged = single.Core.State.SequenceNumber;
        Passivated(single, student: 2);
        single.Frames.Damage(0, damaged);

        var replies = single.Ask(
            new AskClaim(Student, 64, Day), new IssueCertificate(Student, 50, Day, Day),
            new AskClaim(new StudentId(2), 64, Day));
        Assert.Equal(
            [Outcome.Quarantined, Outcome.Quarantined, Outcome.Answered], replies.Select(reply => reply.Outcome));
        Assert.Equal([Student], single.Core.State.Quarantined.Keys);
    }

    [Fact]
    public void An_exception_fails_its_command_restarts_its_student_and_touches_no_other()
    {
        var single = new SingleCore();
        single.Ask([.. Traffic.Registered(1), Traffic.Deposit(1, 64, Day), .. Traffic.Registered(2)]);
        var before = (single.Core.State.Digest, single.Core.State.OpenClaimCount);
        single.Logic.PoisonedReference = 64;
        single.Post(
            new ReceiveClaim(Student, 64, Day, Day), new AskClaim(Student, 64, Day),
            new IssueCertificate(new StudentId(2), 50, Day, Day));
        single.Commit(single.Decide());
        Assert.Equal(Outcome.Done, single.Replies[^1].Outcome);

        single.ReadAndSupply();
        single.RunUntilIdle();
        Assert.Equal([Outcome.Failed, Outcome.Answered], single.Replies[^2..].Select(reply => reply.Outcome));
        Assert.Equal(ClaimStatus.Deposited, Assert.IsType<ClaimAnswer>(single.Replies[^1].Answer).Status);
        Assert.Equal(before.OpenClaimCount, single.Core.State.OpenClaimCount);
        Assert.Null(StateComparison.Difference(single.Replayed(1), single.Core.State));
    }

    [Fact]
    public void A_student_whose_restart_was_given_up_is_restarted_before_anything_else()
    {
        var single = new SingleCore();
        single.Ask([.. Traffic.Registered(1), Traffic.Deposit(1, 64, Day)]);
        single.Logic.PoisonedReference = 64;
        single.Post(new ReceiveClaim(Student, 64, Day, Day));
        Assert.Null(single.Core.Decide());
        single.Abandon();
        Assert.Equal(Outcome.Unknown, single.Replies[^1].Outcome);
        Assert.False(single.Core.CanSnapshot);

        // The exception left the claim half received. What is asked now is not what failed.
        single.Logic.PoisonedReference = null;
        single.Post(new AskClaim(Student, 64, Day), new ReceiveClaim(Student, 64, Day, Day));
        Assert.Null(single.Core.Decide());
        single.ReadAndSupply();
        single.RunUntilIdle();
        Assert.Equal([Outcome.Answered, Outcome.ClaimPayable], single.Replies[^2..].Select(reply => reply.Outcome));
        Assert.Equal(ClaimStatus.Deposited, Assert.IsType<ClaimAnswer>(single.Replies[^2].Answer).Status);
        Assert.Null(StateComparison.Difference(single.Replayed(1), single.Core.State));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_notice_that_was_set_aside_and_lost_is_decided_on_the_day_of_its_delivery(bool isGivenUp)
    {
        var single = new SingleCore(
            relay: new OneNotice(
                new RecoveryNotice(PartyId.Provider(9), Student, 64, LedgerDecider.FirstAttempt, 100, Next)));
        Passivated(single);
        single.PostDay(CommandKind.OpenDay, Next);
        single.Commit(single.Decide());
        if (isGivenUp)
        {
            single.Abandon();
        }
        else
        {
            single.Post(new IssueCertificate(new StudentId(2), 50, Next, Next));
            single.Lose(single.Decide());
            single.Restore();
        }

        single.PostDay(CommandKind.CloseDay, Next.AddDays(1));
        single.RunUntilIdle();
        var recovery = Assert.Single(single.History, entry => entry.Header.Kind == CommandKind.RecoverOverpayment);
        Assert.Equal((Next, Reason.NothingToRecover), (recovery.Header.Known, recovery.Header.Reason));
    }

    /// <summary>Delivered a day later, its record would have another known date than in one process.</summary>
    [Fact]
    public void A_notice_that_was_set_aside_and_lost_with_its_host_waits_on_the_next_host_until_what_is_of_that_day_is_there()
    {
        var relay = new OneNotice(
            new RecoveryNotice(PartyId.Provider(9), Student, 64, LedgerDecider.FirstAttempt, 100, Next));
        var single = new SingleCore(relay: relay);
        Passivated(single);
        single.PostDay(CommandKind.OpenDay, Next);
        single.Commit(single.Decide());
        single.Replies.Clear();

        relay.IsHere = false;
        single.TakeOver(openThrough: Day);
        single.Post(new IssueCertificate(Student, 50, Next, Next), new AskEntitlement(new StudentId(2), Next, Next));
        single.PostDay(CommandKind.CloseDay, Next);
        single.RunUntilIdle();
        Assert.Empty(single.Replies);
        Assert.Equal((new DayWanted(Next, Next), false), (single.Core.TakeDayWanted(), single.Core.HasWork));

        relay.IsHere = true;
        single.Core.Open(OpenDays.Every(single.Logic) with { Through = Next });
        single.RunUntilIdle();
        Assert.Equal(
            [CommandKind.AskEntitlement, CommandKind.IssueCertificate, CommandKind.CloseDay],
            single.Replies.Select(reply => reply.Command.Kind));
        var history = single.History.Where(entry => entry.Header.Student == Student).ToList();
        Assert.Equal((CommandKind.RecoverOverpayment, Next), (history[^2].Header.Kind, history[^2].Header.Known));
        Assert.Equal(CommandKind.IssueCertificate, history[^1].Header.Kind);
    }

    [Fact]
    public void A_day_that_has_closed_is_not_waited_for_by_the_next_host()
    {
        var single = new SingleCore();
        single.Post(Traffic.Declare(1));
        single.PostDay(CommandKind.CloseDay, Day);
        single.RunUntilIdle();

        single.TakeOver(openThrough: Day.AddDays(-1));
        Assert.Equal(Outcome.Answered, Assert.Single(single.Ask(new AskEntitlement(Student, Day, Day))).Outcome);
        Assert.Null(single.Core.TakeDayWanted());
    }

    [Fact]
    public void What_was_read_for_a_due_date_is_forgotten_once_the_due_date_changed_it()
    {
        var single = new SingleCore(
            logic: new AppealsWhenDue(new Amoe.Engine.Domain.Aggregate.AmoeLogic(Rulebook.Embedded)));
        Passivated(single);

        // The day on which the entitlement period ends: by then the claim was appealed, and the appeal refused.
        var lapses = new DateOnly(2027, 2, 1);
        single.PostDay(CommandKind.OpenDay, lapses);
        single.Post(new AppealClaim(Student, 64, lapses, lapses));
        single.RunUntilIdle();
        Assert.Equal(Reason.AlreadyAppealed, single.Replies[^1].Reason);
        Assert.Null(StateComparison.Difference(single.Replayed(1), single.Core.State));
    }

    /// <summary>A relay with one notice, delivered from its value date on.</summary>
    private sealed class OneNotice(RecoveryNotice notice) : IRelay
    {
        /// <summary>False while the host has not fetched it.</summary>
        public bool IsHere { get; set; } = true;

        public void Fetch(int partition, DateOnly before, long[] through, List<Posting> postings)
        {
        }

        public IReadOnlyList<RecoveryNotice> NoticesTo(int partition, DateOnly day) =>
            IsHere && notice.Due <= day ? [notice] : [];

        public long TakenByAll(int partition) => 0;
    }
}
