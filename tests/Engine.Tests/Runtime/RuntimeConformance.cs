using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Tests.Postgres;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>The promises of every runtime, tested through its interface alone.</summary>
public abstract class RuntimeConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateOnly Day = Traffic.Day;

    internal abstract IRuntimeHarness Start(EngineOptions? options = null, int partitions = 4);

    [StoreFact]
    public async Task A_students_commands_are_decided_in_the_order_in_which_they_were_posted()
    {
        await using var harness = Start();
        var replies = await AskAll(harness.Runtime, Traffic.Registered(1));
        Assert.Equal(
            [Outcome.Done, Outcome.Done, Outcome.Done, Outcome.ApplicationAccepted],
            replies.Select(reply => reply.Outcome));
    }

    [StoreFact]
    public async Task Nothing_is_answered_before_it_is_durable()
    {
        await using var harness = Start();
        harness.HoldCommits();
        var declared = harness.Runtime.Ask(Traffic.Declare(1));
        var refused = harness.Runtime.Ask(Traffic.Declare(1, reference: 2));
        var again = harness.Runtime.Ask(Traffic.Declare(1));
        var read = harness.Runtime.Ask(new AskEntitlement(new StudentId(1), Day, Day));

        // Everything posted is decided once the partition has nothing more to take, and still no sender has an answer.
        await harness.Decided(commands: 2);
        Assert.All([declared, refused, again, read], task => Assert.False(task.IsCompleted));

        harness.ReleaseCommits();
        Assert.Equal(Outcome.Done, (await declared.WaitAsync(Patience)).Outcome);
        Assert.Equal(Reason.AlreadyDeclared, (await refused.WaitAsync(Patience)).Reason);
        Assert.Equal(Outcome.Done, (await again.WaitAsync(Patience)).Outcome);
        Assert.Equal(
            Reason.NeverEntitled, Assert.IsType<EntitlementAnswer>((await read.WaitAsync(Patience)).Answer).Reason);
    }

    [StoreFact]
    public async Task The_same_command_again_has_the_first_outcome_and_no_second_event()
    {
        await using var harness = Start();
        await AskAll(harness.Runtime, Traffic.Registered(1));
        var before = harness.Runtime.Inspect();

        var again = await AskAll(harness.Runtime, Traffic.Registered(1));

        Assert.Equal(
            [Outcome.Done, Outcome.Done, Outcome.Done, Outcome.ApplicationAccepted],
            again.Select(reply => reply.Outcome));
        Assert.Equal(before.Digest, harness.Runtime.Inspect().Digest);
        Assert.Equal(before.Totals[Counter.Events], harness.Runtime.Inspect().Totals[Counter.Events]);
    }

    [StoreFact]
    public async Task A_refusal_too_is_a_permanent_answer()
    {
        await using var harness = Start();
        var early = new TransmitApplication(new StudentId(1), 7, Day, Day);
        Assert.Equal(Reason.NotForwarded, (await Ask(harness.Runtime, early)).Reason);
        await AskAll(harness.Runtime, Traffic.Registered(1)[..2]);
        Assert.Equal(Reason.NotForwarded, (await Ask(harness.Runtime, early)).Reason);
    }

    [StoreFact]
    public async Task What_makes_no_sense_is_refused_permanently_and_no_actor_sees_it()
    {
        await using var harness = Start();
        await AskAll(harness.Runtime, Traffic.Registered(1));
        var malformed = new DepositClaim(
            new StudentId(1), 64, Day, Day, ClaimWay.Reimbursement, 1, 0, true, FileItems.All, [default]);
        harness.ThrowOnDecide(64);
        Assert.Equal((Outcome.Refused, Reason.DateOutOfBounds), Decision(await Ask(harness.Runtime, malformed)));

        await harness.CrashAndRestart();
        Assert.Equal((Outcome.Refused, Reason.DateOutOfBounds), Decision(await Ask(harness.Runtime, malformed)));
        Assert.Equal(0, harness.Runtime.Inspect().OpenClaims);

        static (Outcome, Reason) Decision(Reply reply) => (reply.Outcome, reply.Reason);
    }

    [StoreFact]
    public async Task A_day_that_no_calendar_has_is_not_opened()
    {
        await using var harness = Start(partitions: 1);
        var fromTheEndOfTime = new AskEntitlement(new StudentId(1), Day, DateOnly.MaxValue);
        Assert.Equal(Outcome.Stale, (await Ask(harness.Runtime, fromTheEndOfTime)).Outcome);
        Assert.Equal(
            Outcome.Stale, (await Ask(harness.Runtime, Traffic.Declare(1) with { Known = DateOnly.MinValue })).Outcome);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            harness.Runtime.MarkDay(CommandKind.OpenDay, DateOnly.MaxValue));
        Assert.Equal(Outcome.Done, (await Ask(harness.Runtime, Traffic.Declare(1))).Outcome);
    }

    [StoreFact]
    public async Task The_same_id_with_other_content_is_an_error_and_changes_nothing()
    {
        await using var harness = Start();
        await Ask(harness.Runtime, Traffic.Declare(1));
        var before = harness.Runtime.Inspect().Digest;
        Assert.Equal(
            Outcome.Conflict, (await Ask(harness.Runtime, Traffic.Declare(1, coverage: CoverageKind.Cnss))).Outcome);
        Assert.Equal(before, harness.Runtime.Inspect().Digest);
    }

    [StoreFact]
    public async Task Commands_are_remembered_after_a_restart()
    {
        await using var harness = Start();
        await AskAll(harness.Runtime, [.. Traffic.Registered(1), .. Traffic.PaidClaim(1, 64, Day)]);
        var before = harness.Runtime.Inspect();

        await harness.CrashAndRestart();

        Assert.Equal(before.Digest, harness.Runtime.Inspect().Digest);
        Assert.Equal(
            Outcome.ClaimPayable,
            (await Ask(harness.Runtime, new ReceiveClaim(new StudentId(1), 64, Day, Day))).Outcome);
        Assert.Equal(
            Outcome.Conflict, (await Ask(harness.Runtime, Traffic.Declare(1, coverage: CoverageKind.Cnss))).Outcome);
        Assert.Equal(before.Digest, harness.Runtime.Inspect().Digest);
        Assert.Equal(before.Totals.Payments.PaidCentimes, harness.Runtime.Inspect().Totals.Payments.PaidCentimes);
    }

    [StoreFact]
    public async Task A_crash_loses_nothing_that_was_answered_and_what_was_not_can_be_sent_again()
    {
        await using var harness = Start();
        await AskAll(harness.Runtime, Traffic.Registered(1));
        var durable = harness.Runtime.Inspect().Digest;
        harness.HoldCommits();
        var lost = harness.Runtime.Ask(Traffic.Deposit(1, 64, Day));
        await harness.Decided(commands: 5);

        await harness.CrashAndRestart();

        Assert.Equal(Outcome.Unknown, (await lost.WaitAsync(Patience)).Outcome);
        Assert.Equal(durable, harness.Runtime.Inspect().Digest);
        Assert.Equal(Outcome.Done, (await Ask(harness.Runtime, Traffic.Deposit(1, 64, Day))).Outcome);
    }

    [StoreFact]
    public async Task A_commit_that_fails_is_answered_unknown_and_leaves_no_trace()
    {
        await using var harness = Start();
        await AskAll(harness.Runtime, Traffic.Registered(1));
        var durable = harness.Runtime.Inspect().Digest;

        // Posted before the commit fails, all of them.
        harness.HoldCommits();
        harness.FailNextCommit();
        var posted = AskAll(harness.Runtime, Traffic.PaidClaim(1, 64, Day));
        harness.ReleaseCommits();
        var first = await posted;
        Assert.Contains(first, reply => reply.Outcome == Outcome.Unknown);
        Assert.All(
            first, reply => Assert.True(reply.Outcome == Outcome.Unknown || reply.Reason is Reason.ClaimUnknown));

        await harness.Served();
        var again = await Task.WhenAll(Traffic.PaidClaim(1, 65, Day).Select(harness.Runtime.Ask)).WaitAsync(Patience);
        Assert.Equal(
            [Outcome.Done, Outcome.ClaimPayable, Outcome.Done, Outcome.Done], again.Select(reply => reply.Outcome));
        Assert.NotEqual(durable, harness.Runtime.Inspect().Digest);
    }

    [StoreFact]
    public async Task A_commit_whose_reply_is_lost_is_resolved_by_what_the_store_has()
    {
        await using var harness = Start();
        harness.LoseNextCommitReply();
        Assert.Equal(
            harness.ResolvesLostReplies ? Outcome.Done : Outcome.Unknown,
            (await Ask(harness.Runtime, Traffic.Declare(1))).Outcome);

        // Sent again, it has been decided already.
        await harness.Served();
        Assert.Equal(1, harness.Runtime.Inspect().Totals[Counter.Declarations]);
        Assert.Equal(Outcome.Done, (await Ask(harness.Runtime, Traffic.Declare(1))).Outcome);
        Assert.Equal(1, harness.Runtime.Inspect().Totals[Counter.Declarations]);
    }

    [StoreFact]
    public async Task An_exception_in_an_actor_refuses_that_command_and_touches_no_other()
    {
        await using var harness = Start(partitions: 1);
        await AskAll(harness.Runtime, [.. Traffic.Registered(1), .. Traffic.Registered(2)]);
        var before = harness.Runtime.Inspect();

        harness.ThrowOnDecide(99);
        Assert.Equal(Outcome.Failed, (await Ask(harness.Runtime, Traffic.Deposit(1, 99, Day))).Outcome);
        Assert.Equal(before.Digest, harness.Runtime.Inspect().Digest);
        Assert.Equal(Outcome.Done, (await Ask(harness.Runtime, Traffic.Deposit(2, 98, Day))).Outcome);
        Assert.Equal(Outcome.Done, (await Ask(harness.Runtime, Traffic.Deposit(1, 97, Day))).Outcome);

        // Failed is not a decision: once the defect is mended the same command is decided.
        harness.ThrowOnDecide(null);
        Assert.Equal(Outcome.Done, (await Ask(harness.Runtime, Traffic.Deposit(1, 99, Day))).Outcome);
    }

    [StoreFact]
    public async Task What_is_not_decided_leaves_no_student_behind()
    {
        await using var harness = Start(partitions: 1);
        harness.ThrowOnDecide(99);
        Assert.Equal(Outcome.Failed, (await Ask(harness.Runtime, Traffic.Declare(2, reference: 99))).Outcome);
        Assert.Equal(
            Outcome.Answered, (await Ask(harness.Runtime, new AskEntitlement(new StudentId(3), Day, Day))).Outcome);
        Assert.Equal(0, harness.Runtime.Inspect().Students);
    }

    [StoreFact]
    public async Task An_exception_half_way_through_a_conversation_leaves_neither_actor_half_changed()
    {
        await using var harness = Start(partitions: 1);
        await AskAll(harness.Runtime, [.. Traffic.Registered(1), Traffic.Deposit(1, 64, Day)]);
        harness.ThrowOnDecide(64);
        var failed = await Ask(harness.Runtime, new ReceiveClaim(new StudentId(1), 64, Day, Day));
        Assert.Equal(Outcome.Failed, failed.Outcome);
        Assert.Equal(ClaimStatus.Deposited, (await AskClaim(harness.Runtime, 1, 64)).Status);

        harness.ThrowOnDecide(null);
        Assert.Equal(
            Outcome.ClaimPayable,
            (await Ask(harness.Runtime, new ReceiveClaim(new StudentId(1), 64, Day, Day))).Outcome);
        Assert.Equal(1, harness.Runtime.Inspect().OpenClaims);
    }

    [StoreFact]
    public async Task An_actor_whose_replay_throws_is_quarantined_and_named_and_the_others_are_served()
    {
        await using var harness = Start(partitions: 1);
        await AskAll(harness.Runtime, [.. Traffic.Registered(1), .. Traffic.Registered(2)]);

        harness.ThrowOnReplay(new StudentId(1));
        await harness.CrashAndRestart();

        Assert.Equal([new StudentId(1)], harness.Runtime.Inspect().Quarantined.Keys);
        Assert.Equal(Outcome.Quarantined, (await Ask(harness.Runtime, Traffic.Deposit(1, 64, Day))).Outcome);
        Assert.Equal(Outcome.Done, (await Ask(harness.Runtime, Traffic.Deposit(2, 128, Day))).Outcome);
    }

    [StoreFact]
    public async Task A_student_in_quarantine_is_served_again_once_the_defect_is_mended()
    {
        // A snapshot after every turn: none may carry the quarantine, or what the defect left, over the restart.
        await using var harness = Start(new EngineOptions { SnapshotEveryBytes = 1 }, partitions: 1);
        await AskAll(harness.Runtime, [.. Traffic.Registered(1), .. Traffic.Registered(2)]);
        var durable = harness.Runtime.Inspect().Digest;
        harness.ThrowOnReplay(new StudentId(1));
        harness.ThrowOnDecide(64);
        var outOfService = harness.RestartsFromSnapshots ? Outcome.Failed : Outcome.Quarantined;
        Assert.Equal(outOfService, (await Ask(harness.Runtime, Traffic.Deposit(1, 64, Day))).Outcome);
        for (var sheet = 128ul; sheet < 138; sheet++)
            await Ask(harness.Runtime, Traffic.Deposit(2, sheet, Day));

        harness.ThrowOnReplay(null);
        harness.ThrowOnDecide(null);
        await harness.CrashAndRestart();

        Assert.Empty(harness.Runtime.Inspect().Quarantined);
        Assert.NotEqual(durable, harness.Runtime.Inspect().Digest);
        Assert.Equal(Outcome.Done, (await Ask(harness.Runtime, Traffic.Deposit(1, 64, Day))).Outcome);
    }

    [StoreFact]
    public async Task After_the_end_nothing_is_taken()
    {
        await using var harness = Start();
        var runtime = harness.Runtime;
        await runtime.DisposeAsync();
        Assert.Equal(Outcome.Overloaded, (await Ask(runtime, Traffic.Declare(1))).Outcome);
        await runtime.DisposeAsync();
    }

    [StoreFact]
    public async Task A_closed_claim_leaves_as_an_actor_and_is_still_known_in_all_detail()
    {
        await using var harness = Start();
        await AskAll(harness.Runtime, [.. Traffic.Registered(1), .. Traffic.PaidClaim(1, 64, Day)]);
        Assert.Equal(0, harness.Runtime.Inspect().OpenClaims);

        var claim = await AskClaim(harness.Runtime, 1, 64);

        Assert.Equal(ClaimStatus.Paid, claim.Status);
        Assert.Equal([6_400u, 5_625u], claim.Outcomes.Select(outcome => outcome.AmountCentimes));
        Assert.Equal(2, claim.Lines.Length);
        Assert.Equal(0, harness.Runtime.Inspect().OpenClaims);
    }

    [StoreFact]
    public async Task A_command_to_a_closed_claim_is_decided_by_the_claim_as_it_ended()
    {
        await using var harness = Start();
        await AskAll(harness.Runtime, [.. Traffic.Registered(1), .. Traffic.PaidClaim(1, 64, Day)]);
        var late = new CompleteClaim(new StudentId(1), 64, Day, Day, FileItems.Invoice);
        Assert.Equal(Reason.ClaimClosed, (await Ask(harness.Runtime, late)).Reason);
        Assert.Equal(
            Reason.ClaimAlreadyDeposited,
            (await Ask(harness.Runtime, Traffic.Deposit(1, 64, Day) with { Attempt = 1 })).Reason);
        Assert.Equal(0, harness.Runtime.Inspect().OpenClaims);

        await harness.CrashAndRestart();
        Assert.Equal(ClaimStatus.Paid, (await AskClaim(harness.Runtime, 1, 64)).Status);
    }

    [StoreFact]
    public async Task A_full_mailbox_says_overloaded_and_loses_nothing_it_took()
    {
        await using var harness = Start(
            new EngineOptions { MailboxMessagesMax = 8, TurnMessagesMax = 4 }, partitions: 1);
        harness.HoldCommits();
        var taken = new List<Task<Reply>>();
        for (var student = 1ul; ; student++)
        {
            // Commits are held: the only answer that can come at once is that there is no room.
            var task = harness.Runtime.Ask(Traffic.Declare(student));
            if (task.IsCompleted)
            {
                Assert.Equal(Outcome.Overloaded, (await task).Outcome);
                break;
            }

            taken.Add(task);
            Assert.True(student < 100, "a bounded mailbox grows without end");
        }

        harness.ReleaseCommits();
        var replies = await Task.WhenAll(taken).WaitAsync(Patience);
        Assert.All(replies, reply => Assert.Equal(Outcome.Done, reply.Outcome));
        Assert.Equal(taken.Count, harness.Runtime.Inspect().Totals[Counter.Declarations]);
    }

    [StoreFact]
    public async Task Deadlines_fire_when_their_day_is_opened_however_few_a_turn_may_take()
    {
        await using var harness = Start(new EngineOptions { TurnDeadlinesMax = 3 }, partitions: 2);
        for (var student = 1ul; student <= 40; student++)
            await AskAll(harness.Runtime, Traffic.Registered(student));

        // D8: the grace ends on 31 January; the day after, the entitlement period is over.
        await harness.Runtime.MarkDay(CommandKind.OpenDay, new DateOnly(2027, 1, 31)).WaitAsync(Patience);
        Assert.Equal(40, harness.Runtime.Inspect().Totals[Counter.Active]);
        await harness.Runtime.MarkDay(CommandKind.CloseDay, new DateOnly(2027, 2, 1)).WaitAsync(Patience);
        Assert.Equal(40, harness.Runtime.Inspect().Totals[Counter.Lapsed]);
        Assert.Equal(0, harness.Runtime.Inspect().Totals[Counter.Active]);
    }

    [StoreFact]
    public async Task A_known_date_never_goes_back()
    {
        await using var harness = Start(partitions: 1);
        await Ask(harness.Runtime, Traffic.Declare(1));
        await harness.Runtime.MarkDay(CommandKind.OpenDay, Day.AddDays(10)).WaitAsync(Patience);
        Assert.Equal(Outcome.Stale, (await Ask(harness.Runtime, Traffic.Declare(2))).Outcome);

        // A command decided before its day passed is still answered the same.
        Assert.Equal(Outcome.Done, (await Ask(harness.Runtime, Traffic.Declare(1))).Outcome);
    }

    [StoreFact]
    public async Task The_digest_is_the_same_whatever_the_threads_and_the_size_of_turns()
    {
        var digests = new List<ulong>();
        foreach (var (threads, turn) in new[] { (1, 1024), (2, 3), (4, 1) })
        {
            await using var harness = Start(
                new EngineOptions { Threads = threads, TurnMessagesMax = turn }, partitions: 4);
            var posted = Enumerable.Range(1, 50).SelectMany(i =>
                (Command[])[.. Traffic.Registered((ulong)i), .. Traffic.PaidClaim((ulong)i, (ulong)i * 64, Day)]);
            await Task.WhenAll(posted.Select(harness.Runtime.Ask)).WaitAsync(Patience);
            await harness.Runtime.MarkDay(CommandKind.CloseDay, Day).WaitAsync(Patience);
            digests.Add(harness.Runtime.Inspect().Digest);
        }

        Assert.Single(digests.Distinct());
    }

    [StoreFact]
    public async Task A_snapshot_and_the_tail_give_what_the_whole_journal_gives()
    {
        // A snapshot after every turn, so that the restart reads one and a tail behind it.
        await using var harness = Start(new EngineOptions { SnapshotEveryBytes = 1 }, partitions: 2);
        for (var student = 1ul; student <= 20; student++)
            await AskAll(
                harness.Runtime, [.. Traffic.Registered(student), .. Traffic.PaidClaim(student, student * 64, Day)]);
        var before = harness.Runtime.Inspect();

        await harness.CrashAndRestart();

        var after = harness.Runtime.Inspect();
        Assert.Equal(before.Digest, after.Digest);
        Assert.Equal(before.Students, after.Students);
        Assert.Equal(before.Totals.Payments.PaidCentimes, after.Totals.Payments.PaidCentimes);
        Assert.Equal(ClaimStatus.Paid, (await AskClaim(harness.Runtime, 7, 7 * 64)).Status);
        Assert.Equal(
            Outcome.ClaimPayable,
            (await Ask(harness.Runtime, new ReceiveClaim(new StudentId(7), 7 * 64, Day, Day))).Outcome);
    }

    private static Task<Reply> Ask(IActorRuntime runtime, Command command) => runtime.Ask(command).WaitAsync(Patience);

    private static async Task<List<Reply>> AskAll(IActorRuntime runtime, IEnumerable<Command> commands) =>
        [.. await Task.WhenAll(commands.Select(runtime.Ask).ToArray()).WaitAsync(Patience)];

    private static async Task<ClaimAnswer> AskClaim(IActorRuntime runtime, ulong student, ulong sheet) =>
        Assert.IsType<ClaimAnswer>((await Ask(runtime, new AskClaim(new StudentId(student), sheet, Day))).Answer);
}
