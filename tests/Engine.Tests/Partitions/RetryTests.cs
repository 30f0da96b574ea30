using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Runtime;
using static Amoe.Engine.Tests.Partitions.PartitionCoreTests;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>Students out of service that are tried again: read from the log, and served if that works.</summary>
public sealed class RetryTests
{
    private static readonly DateOnly Day = Traffic.Day;
    private static readonly StudentId Student = new(1);

    [Fact]
    public void A_student_whose_damaged_record_was_restored_is_served_and_commands_that_came_meanwhile_are_decided_in_order()
    {
        var single = new SingleCore();
        var damaged = Damaged(single);
        Assert.Equal(Outcome.Quarantined, Assert.Single(single.Ask(new AskClaim(Student, 64, Day))).Outcome);
        Assert.False(single.Core.CanSnapshot);
        single.Frames.Damage(0, damaged);
        single.Replies.Clear();

        single.Core.Retry(Student);
        single.Post(
            new IssueCertificate(Student, 50, Day, Day), new AskClaim(Student, 64, Day),
            new IssueCertificate(Student, 51, Day, Day), Traffic.Declare(3));
        single.Commit(single.Decide());
        Assert.Equal(CommandKind.Declare, Assert.Single(single.Replies).Command.Kind);
        Assert.Empty(single.Core.TakeRetried());
        single.ReadAndSupply();
        single.RunUntilIdle();

        Assert.Equal([new Retried(Student, RetryEnd.Served, "")], single.Core.TakeRetried());
        Assert.Equal(
            [
                new CommandId(CommandKind.IssueCertificate, 50), new AskClaim(Student, 64, Day).Id,
                new CommandId(CommandKind.IssueCertificate, 51)
            ], single.Replies[1..].Select(reply => reply.Command));
        Assert.Equal(
            [Outcome.Done, Outcome.Answered, Outcome.Done], single.Replies[1..].Select(reply => reply.Outcome));
        Assert.Empty(single.Core.State.Quarantined);
        Assert.True(single.Core.CanSnapshot);
        Assert.Null(StateComparison.Difference(single.Replayed(1), single.Core.State));
    }

    /// <summary>The student's open claims left the count once and came back twice.</summary>
    [Fact]
    public void Open_claims_of_a_student_who_waited_for_a_damaged_record_are_counted_once()
    {
        var single = new SingleCore();
        var damaged = Damaged(single, Traffic.Deposit(1, 128, Day));
        Assert.Equal(1, single.Core.State.OpenClaimCount);
        single.Ask(new AskClaim(Student, 64, Day));
        single.Frames.Damage(0, damaged);

        Retry(single);

        Assert.Equal(1, single.Core.State.OpenClaimCount);
        Assert.Null(StateComparison.Difference(single.Replayed(1), single.Core.State));
    }

    [Fact]
    public void A_student_who_fails_again_stays_out_of_service_with_the_place_of_the_first_failure()
    {
        var single = new SingleCore();
        Damaged(single);
        single.Ask(new AskClaim(Student, 64, Day));
        var first = single.Core.State.Quarantined[Student];
        single.Ask(Traffic.Declare(3));

        single.Core.Retry(Student);
        single.Post(new IssueCertificate(Student, 50, Day, Day));
        Assert.Null(single.Core.Decide());
        single.ReadAndSupply();
        single.RunUntilIdle();

        Assert.Equal(RetryEnd.StillOut, Assert.Single(single.Core.TakeRetried()).End);
        Assert.Equal(Outcome.Quarantined, single.Replies[^1].Outcome);
        var second = single.Core.State.Quarantined[Student];
        Assert.Equal((first.Offset, first.Day), (second.Offset, second.Day));
        Assert.Contains("the student cannot be decided: ", second.Why, StringComparison.Ordinal);
        Assert.False(single.Core.CanSnapshot);
    }

    [Fact]
    public void A_student_out_of_service_by_a_defect_that_is_gone_is_as_the_log_has_it()
    {
        var single = new SingleCore();
        single.Ask([.. Traffic.Registered(1), Traffic.Deposit(1, 64, Day), .. Traffic.Registered(2)]);
        (single.Logic.PoisonedReference, single.Logic.UnreplayableStudent) = (64, Student);
        Assert.Equal(Outcome.Quarantined, Assert.Single(single.Ask(new ReceiveClaim(Student, 64, Day, Day))).Outcome);
        Assert.Equal(0, single.Core.State.OpenClaimCount);
        (single.Logic.PoisonedReference, single.Logic.UnreplayableStudent) = (null, null);

        Assert.Equal(RetryEnd.Served, Retry(single).End);

        Assert.Equal(1, single.Core.State.OpenClaimCount);
        Assert.Null(StateComparison.Difference(single.Replayed(1), single.Core.State));
        Assert.Equal(Outcome.ClaimPayable, Assert.Single(single.Ask(new ReceiveClaim(Student, 64, Day, Day))).Outcome);
    }

    [Fact]
    public void What_fell_due_meanwhile_is_fired_when_the_student_is_served_again()
    {
        var single = new SingleCore();
        single.Ask([.. Traffic.Registered(1), Traffic.Deposit(1, 64, Day)]);
        var lapses = new DateOnly(2027, 2, 1);
        single.Logic.ThrowsWhenDue = true;
        single.PostDay(CommandKind.OpenDay, lapses);
        single.RunUntilIdle();
        Assert.Equal([Student], single.Core.State.Quarantined.Keys);
        Assert.StartsWith("deadline of ", single.Core.State.Quarantined[Student].Why, StringComparison.Ordinal);
        Assert.Equal(RetryEnd.StillOut, Retry(single).End);
        single.Logic.ThrowsWhenDue = false;

        Assert.Equal(RetryEnd.Served, Retry(single).End);

        Assert.Equal(1, single.Core.State.Totals[Counter.Lapsed]);
        Assert.Null(StateComparison.Difference(single.Replayed(1), single.Core.State));
    }

    /// <summary>
    /// Digest, totals and postings lack what came after the event that could not be applied. A student who is put back
    /// beside them would make the next snapshot another state than the log's.
    /// </summary>
    [Fact]
    public void A_student_whose_replay_failed_comes_back_only_with_a_replay_of_the_log()
    {
        var single = new SingleCore();
        single.Ask([.. Traffic.Registered(1), Traffic.Deposit(1, 64, Day), .. Traffic.Registered(2)]);
        single.Logic.UnreplayableStudent = Student;
        single.Post(Traffic.Declare(3));
        single.Lose(single.Decide());
        single.Restore();
        Assert.True(single.Core.State.Quarantined[Student].IsPartial);
        Assert.Equal(
            0,
            single.Core.State.Quarantined[Student].Offset
                - single.History.First(entry => entry.Header.Kind == CommandKind.Declare).Offset);
        Assert.Equal(RetryEnd.StillOut, Retry(single).End);
        single.Logic.UnreplayableStudent = null;

        Assert.Equal(RetryEnd.Restarts, Retry(single).End);
        Assert.Equal(Outcome.Quarantined, Assert.Single(single.Ask(new AskClaim(Student, 64, Day))).Outcome);
        Assert.False(single.Core.CanSnapshot);

        single.Restore();
        Assert.Equal(Outcome.Answered, Assert.Single(single.Ask(new AskClaim(Student, 64, Day))).Outcome);
        Assert.True(single.Core.CanSnapshot);
        Assert.Null(StateComparison.Difference(single.Replayed(1), single.Core.State));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_retry_that_is_interrupted_is_answered_and_not_tried_again_by_itself(bool isLost)
    {
        var single = new SingleCore();
        Damaged(single);
        single.Ask(new AskClaim(Student, 64, Day));
        single.Core.Retry(Student);
        single.Post(new IssueCertificate(Student, 50, Day, Day), Traffic.Declare(3));
        var turn = single.Decide();
        var late = single.Read();
        if (isLost)
        {
            single.Lose(turn);
            single.Core.Retry(Student);
        }
        else
        {
            single.Commit(turn);
            single.Abandon();
        }

        var ended = single.Core.TakeRetried();
        Assert.Equal(isLost ? 2 : 1, ended.Count);
        Assert.All(ended, one => Assert.Equal(new Retried(Student, RetryEnd.Interrupted, ""), one));
        Assert.Equal(
            isLost ? [Outcome.Unknown, Outcome.Unknown] : [Outcome.Done, Outcome.Unknown],
            single.Replies[^2..].Select(reply => reply.Outcome));
        late.ForEach(single.Core.Supply);
        Assert.Empty(single.Core.TakeRequests());
        Assert.False(single.Core.HasWork);
    }

    [Fact]
    public void A_student_in_service_is_not_touched_and_one_that_is_asked_for_twice_is_read_once()
    {
        var single = new SingleCore();
        Damaged(single);
        single.Core.Retry(Student);
        Assert.Equal([new Retried(Student, RetryEnd.WasServed, "")], single.Core.TakeRetried());
        Assert.Empty(single.Core.TakeRequests());

        single.Ask(new AskClaim(Student, 64, Day));
        single.Core.Retry(Student);
        single.Core.Retry(Student);
        Assert.Single(single.Core.TakeRequests());
    }

    /// <summary>A retry was dropped with the commands that the turn before had no room for.</summary>
    [Fact]
    public void A_retry_while_a_full_turn_has_left_commands_of_the_student_is_answered()
    {
        var single = new SingleCore(limits: new TurnLimits(2, 100, 1 << 16));
        var damaged = Damaged(single);
        single.Post(
            new AskClaim(Student, 64, Day), new IssueCertificate(Student, 50, Day, Day),
            new IssueCertificate(Student, 51, Day, Day));
        Assert.Null(single.Core.Decide());
        Assert.Null(single.Core.Decide());
        single.ReadAndSupply();
        single.Commit(single.Decide());
        Assert.Equal([Student], single.Core.State.Quarantined.Keys);
        single.Frames.Damage(0, damaged);

        single.Core.Retry(Student);
        Assert.Null(single.Core.Decide());
        single.ReadAndSupply();
        single.RunUntilIdle();

        Assert.Equal(RetryEnd.Served, Assert.Single(single.Core.TakeRetried()).End);
        Assert.Equal(
            [Outcome.Quarantined, Outcome.Quarantined, Outcome.Done],
            single.Replies[^3..].Select(reply => reply.Outcome));
        Assert.Null(StateComparison.Difference(single.Replayed(1), single.Core.State));
    }

    private static Retried Retry(SingleCore single)
    {
        single.Core.Retry(Student);
        single.ReadAndSupply();
        single.RunUntilIdle();
        return Assert.Single(single.Core.TakeRetried());
    }

    /// <summary>A student with a passivated claim whose last record is damaged, and another student behind.</summary>
    /// <returns>The sequence number of the damaged frame: damaging it again restores it.</returns>
    private static long Damaged(SingleCore single, params Command[] more)
    {
        Passivated(single);
        var damaged = single.Core.State.SequenceNumber;
        single.Ask(more);
        Passivated(single, student: 2);
        single.Frames.Damage(0, damaged);
        return damaged;
    }
}
