using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Postgres;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Actors;

/// <summary>
/// The behaviour of a partition towards its senders when its store fails, refuses, hangs, answers late, is damaged or
/// has another writer.
/// </summary>
public abstract class PartitionFailureContract
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private protected abstract TestStore NewStore();

    public static TheoryData<int> Partitions => [0, 2];

    [StoreFact]
    public async Task A_full_disk_is_named_and_commands_are_answered_unknown_until_there_is_room()
    {
        await using var harness = Harness(partitions: 1);
        harness.Gate.All = WriteFault.Fails;
        Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Declare(1)));
        Assert.Contains(harness.Store.SaysFullDisk, harness.Partitions.Fault!.Message, StringComparison.Ordinal);

        // While the partition is away, and each time it tries to come back.
        for (var i = 0; i < 5; i++)
            Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Declare(1)));

        harness.Gate.All = WriteFault.None;
        await harness.Served();
        Assert.Equal(Outcome.Done, await Outcome_(harness, Traffic.Declare(1)));
    }

    [StoreFact]
    public async Task A_day_that_the_journal_cannot_open_is_opened_once_there_is_room_and_costs_no_partition_its_service()
    {
        await using var harness = Harness(partitions: 2);
        await harness.Runtime.MarkDay(CommandKind.OpenDay, Traffic.Day).WaitAsync(Patience);
        harness.Gate.Each = id => id == "journal" ? WriteFault.Fails : WriteFault.None;
        Assert.Equal(Outcome.Unknown, await Outcome_(harness, Tomorrow(1)));

        // What is of a day that is open goes on, while the journal's own actor is away and each time it tries to come
        // back.
        for (var student = 1ul; student <= 5; student++)
        {
            Assert.Equal(Outcome.Done, await Outcome_(harness, Traffic.Declare(student)));
            Assert.Equal(Outcome.Unknown, await Outcome_(harness, Tomorrow(student)));
        }

        harness.Gate.Each = null;
        Assert.Equal(Outcome.Done, await UntilDecided(harness, Tomorrow(1)));
        Assert.Equal([1, 1], Incarnations(harness));

        static Command Tomorrow(ulong student) => Traffic.Declare(100 + student, on: Traffic.Day.AddDays(1));
    }

    [StoreTheory]
    [InlineData(WriteFault.Rejects)]
    [InlineData(WriteFault.Fails)]
    [InlineData(WriteFault.LosesReply)]
    internal async Task A_write_that_is_not_confirmed_takes_the_turn_behind_it_along_and_leaves_no_gap(WriteFault fault)
    {
        await using var harness = Harness(partitions: 1);
        var reply = new TaskCompletionSource();
        harness.Gate.Replies = reply.Task;
        harness.Gate.FailNext(fault);
        if (fault == WriteFault.Fails)
            harness.Gate.Hold();
        var first = harness.Runtime.Ask(Traffic.Declare(1));
        await harness.Decided(1);
        var second = harness.Runtime.Ask(Traffic.Declare(2));
        await harness.Decided(2);
        harness.Gate.Release();
        reply.SetResult();

        Assert.Equal(Outcome.Unknown, (await first.WaitAsync(Patience)).Outcome);
        Assert.Equal(Outcome.Unknown, (await second.WaitAsync(Patience)).Outcome);
        await harness.Served();
        Assert.Equal(fault == WriteFault.LosesReply ? 1 : 0, harness.Runtime.Inspect().Totals[Counter.Declarations]);
        Assert.Equal(Outcome.Done, await Outcome_(harness, Traffic.Declare(1)));
        Assert.Equal(Outcome.Done, await Outcome_(harness, Traffic.Declare(2)));
        AssertSound(harness, declarations: 2);
    }

    [StoreFact]
    public async Task A_lock_that_another_program_holds_for_less_than_the_time_out_loses_nothing()
    {
        await using var harness = Harness(partitions: 2);
        Task<Reply>[] asked;
        using (harness.Store.Hold())
        {
            asked = [.. Enumerable.Range(1, 20).Select(i => harness.Runtime.Ask(Traffic.Declare((ulong)i)))];
            await harness.Decided(asked.Length);
            Assert.All(asked, task => Assert.False(task.IsCompleted));
        }

        Assert.All(await Task.WhenAll(asked).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        Assert.Null(harness.Partitions.Fault);
        AssertSound(harness, declarations: 20);
    }

    [StoreFact]
    public async Task A_lock_that_another_program_holds_for_longer_is_named_and_commands_are_answered_unknown_until_it_is_released()
    {
        await using var harness = Harness(
            partitions: 2, new EngineOptions { LockTimeout = TimeSpan.FromMilliseconds(100) });
        using (harness.Store.Hold())
        {
            Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Declare(1)));
            Assert.Contains(
                $"{harness.Store.Name}: {harness.Store.SaysLocked}", harness.Partitions.Fault!.Message,
                StringComparison.Ordinal);
            Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Declare(1)));
        }

        Assert.Equal(Outcome.Done, await UntilDecided(harness, Traffic.Declare(1)));
        AssertSound(harness, declarations: 1);
    }

    [StoreFact]
    public async Task A_serializer_that_throws_is_a_failed_write()
    {
        await using var harness = Harness(partitions: 1);
        harness.Gate.SerializerThrows = true;
        Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Declare(1)));
        Assert.Contains("the serializer throws", harness.Partitions.Fault!.Message, StringComparison.Ordinal);
        harness.Gate.SerializerThrows = false;
        await harness.Served();
        Assert.Equal(Outcome.Done, await Outcome_(harness, Traffic.Declare(1)));
        AssertSound(harness, declarations: 1);
    }

    [StoreFact]
    public async Task A_store_that_hangs_again_and_again_answers_everything_afterwards()
    {
        await using var harness = Harness(partitions: 2);
        for (var hang = 0ul; hang < 5; hang++)
        {
            harness.HoldCommits();
            Task<Reply>[] asked = [.. Enumerable.Range(1, 20)
                .Select(i => harness.Runtime.Ask(Traffic.Declare((hang * 100) + (ulong)i)))];
            await harness.CommitIsHeld();
            Assert.All(asked, task => Assert.False(task.IsCompleted));
            harness.ReleaseCommits();
            Assert.All(
                await Task.WhenAll(asked).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        }

        Assert.Null(harness.Partitions.Fault);
        AssertSound(harness, declarations: 100);
    }

    [StoreFact]
    public async Task A_write_that_outlives_its_time_out_is_answered_unknown_and_decided_once()
    {
        // The time-out is one for reads too, and the first start compiles what reads.
        await Harness(partitions: 1).DisposeAsync();
        await using var harness = Harness(
            partitions: 1, config: "akka.persistence.journal.sql.circuit-breaker.call-timeout = 1s");
        for (var hang = 1ul; hang <= 3; hang++)
        {
            harness.HoldCommits();
            Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Declare(hang)));
            harness.ReleaseCommits();
            Assert.Equal(Outcome.Done, await UntilDecided(harness, Traffic.Declare(hang)));
        }

        AssertSound(harness, declarations: 3);
    }

    [StoreTheory]
    [MemberData(nameof(Partitions))]
    public async Task A_reply_that_comes_late_is_waited_for(int partition)
    {
        await using var harness = Harness(partitions: 2, ledgerPartitions: 1);
        var reply = new TaskCompletionSource();
        harness.Gate.Replies = reply.Task;
        var marked = new Replies();
        var before = harness.Gate.Transactions;
        Assert.True(harness.Runtime.TryPostDay(partition, CommandKind.OpenDay, Traffic.Day, marked));
        await PartitionHarness.Until(() => harness.Gate.Transactions > before);
        Assert.Empty(marked.All);
        reply.SetResult();
        await PartitionHarness.Until(() => marked.All.Count == 1);
        Assert.Equal(Outcome.Done, marked.All.Single().Outcome);
    }

    [StoreFact]
    public async Task A_read_behind_a_write_is_answered_64_times_and_nothing_fails()
    {
        await using var harness = Harness(partitions: 2);
        for (var student = 1ul; student <= 64; student++)
        {
            var written = harness.Runtime.Ask(Traffic.Declare(student));
            var read = harness.Runtime.Ask(new AskEntitlement(new StudentId(student), Traffic.Day, Traffic.Day));
            Assert.Equal(Outcome.Done, (await written.WaitAsync(Patience)).Outcome);
            Assert.Equal(Outcome.Answered, (await read.WaitAsync(Patience)).Outcome);
        }

        Assert.Null(harness.Partitions.Fault);
        Assert.Equal([1, 1], Incarnations(harness));
    }

    [StoreTheory]
    [InlineData(
        "UPDATE journal SET message = substr(message, 1, length(message) - 1) WHERE persistence_id = 'partition-0' AND sequence_number = 2",
        "sequence number 2")]
    [InlineData(
        "DELETE FROM journal WHERE persistence_id = 'partition-0' AND sequence_number = 2",
        "those before it are missing")]
    [InlineData(
        "UPDATE journal SET deleted = NOT deleted WHERE persistence_id = 'partition-0' AND sequence_number = (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = 'partition-0')",
        "can be read")]
    [InlineData(
        "UPDATE journal SET identifier = 7 WHERE persistence_id = 'partition-0' AND sequence_number = 2",
        "partition-0")]
    public async Task A_partition_whose_log_cannot_be_followed_is_out_of_service_and_named_while_the_others_serve(
        string damage, string named)
    {
        await using var harness = Harness(partitions: 2);
        var (damaged, sound) = (Of(harness, 0), Of(harness, 1));
        await Ask(harness, [.. Traffic.Registered(damaged), .. Traffic.Registered(sound)]);
        await harness.Crash();
        Assert.Equal(1, harness.Store.Run(damage));
        harness.Start();

        Assert.Contains(named, harness.Runtime.Inspect().OutOfService["partition-0"], StringComparison.Ordinal);
        Assert.Single(harness.Runtime.Inspect().OutOfService);
        Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Deposit(damaged, 64, Traffic.Day)));
        Assert.Equal(Outcome.Done, await Outcome_(harness, Traffic.Deposit(sound, 64, Traffic.Day)));
    }

    [StoreFact]
    public async Task Another_writer_costs_its_partition_the_service_and_no_other()
    {
        await using var harness = Harness(partitions: 2);
        var (taken, other) = (Of(harness, 0), Of(harness, 1));
        await Ask(harness, Traffic.Declare(taken), Traffic.Declare(other));
        WriteForeignEvent(harness);
        Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Registered(taken)[1]));
        await PartitionHarness.Until(() => harness.Runtime.Inspect().OutOfService.Count > 0);

        Assert.Equal(["partition-0"], harness.Runtime.Inspect().OutOfService.Keys);
        Assert.Contains(
            "repeats sequence number", harness.Runtime.Inspect().OutOfService["partition-0"], StringComparison.Ordinal);
        Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Registered(taken)[1]));
        Assert.Equal(Outcome.Done, await Outcome_(harness, Traffic.Registered(other)[1]));
    }

    private protected PartitionHarness Harness(
        int partitions, EngineOptions? options = null, int ledgerPartitions = 0, string config = "") =>
        new(options ?? new EngineOptions(), partitions, ledgerPartitions, config, store: NewStore());

    /// <summary>Another writer's event in the place of partition 0's next.</summary>
    private protected static void WriteForeignEvent(PartitionHarness harness) => harness.Store.Run("""
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, tags, manifest, identifier, writer_uuid)
        SELECT created, deleted, persistence_id, sequence_number + 1, message, tags, manifest, identifier, writer_uuid FROM journal
        WHERE persistence_id = 'partition-0' ORDER BY sequence_number DESC LIMIT 1
        """);

    /// <summary>A student of a partition.</summary>
    private protected static ulong Of(PartitionHarness harness, int partition) =>
        Enumerable.Range(1, 100).Select(i => (ulong)i).First(student =>
            new StudentId(student).PartitionOf(harness.Runtime.StudentPartitions) == partition);

    private protected static async Task<Outcome> Outcome_(PartitionHarness harness, Command command) =>
        (await harness.Runtime.Ask(command).WaitAsync(Patience)).Outcome;

    private protected static async Task<Outcome> UntilDecided(PartitionHarness harness, Command command)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            await harness.Served();
            if (await Outcome_(harness, command) is not Outcome.Unknown and var decided)
                return decided;
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private protected static async Task Ask(PartitionHarness harness, params Command[] commands)
    {
        foreach (var command in commands)
            Assert.True((await harness.Runtime.Ask(command).WaitAsync(Patience)).IsDecision, $"{command.Id}");
    }

    private protected static long[] Incarnations(PartitionHarness harness) =>
        [.. Enumerable.Range(0, harness.Runtime.StudentPartitions).Select(partition =>
            History.OfPartition(harness.Journal, partition)
                .SelectMany(entry => entry.Events)
                .OfType<IncarnationStarted>()
                .Last().Incarnation)];

    /// <summary>Checks that the store is whole, agrees with the runtime, and has each declaration once.</summary>
    private protected static void AssertSound(PartitionHarness harness, int declarations)
    {
        var audit = JournalAudit.Run(harness.Journal, threads: 1);
        Assert.Empty(audit.Problems);
        Assert.Equal(harness.Runtime.Inspect().Digest, audit.Digest);
        Assert.Equal(declarations, harness.Runtime.Inspect().Totals[Counter.Declarations]);
    }
}

public sealed class SqlitePartitionFailureTests : PartitionFailureContract
{
    private protected override TestStore NewStore() => new SqliteTestStore();
}

[NeedsPostgres]
public sealed class PostgresPartitionFailureTests : PartitionFailureContract
{
    [StoreFact]
    public async Task A_session_that_is_ended_in_the_middle_of_a_write_is_named_and_the_write_is_made_on_another()
    {
        await using var harness = Harness(partitions: 2);
        harness.HoldCommits();
        var asked = harness.Runtime.Ask(Traffic.Declare(1));
        await harness.CommitIsHeld();
        harness.Store.Run("""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name LIKE 'amoe ' || current_schema()::regnamespace::oid || ':%'
            """);
        harness.ReleaseCommits();

        Assert.Equal(Outcome.Done, (await asked.WaitAsync(Patience)).Outcome);
        AssertWaited(harness, times: 1);
        AssertSound(harness, declarations: 1);
    }

    [StoreFact]
    public Task A_write_waits_for_its_database_and_no_partition_reads_its_log_again() =>
        AssertWrittenOnceAsync(attempt => attempt <= 4 ? WriteFault.BreaksBefore : WriteFault.None);

    [StoreFact]
    public Task A_write_whose_answer_was_lost_with_its_connection_is_found_and_not_made_twice() =>
        AssertWrittenOnceAsync(attempt => attempt == 1 ? WriteFault.BreaksAfter : WriteFault.None);

    /// <summary>
    /// The transaction of a connection that broke may become durable at any time later, between the look and the second
    /// try too.
    /// </summary>
    [StoreFact]
    public Task A_write_that_becomes_durable_only_while_it_is_made_again_is_found_too() =>
        AssertWrittenOnceAsync(attempt => attempt switch
        {
            1 => WriteFault.BreaksBefore,
            2 => WriteFault.IsMadeTwice,
            _ => WriteFault.None,
        });

    [StoreFact]
    public async Task A_write_that_waited_and_finds_another_writers_event_in_its_place_has_failed()
    {
        await using var harness = Harness(partitions: 2);
        await Ask(harness, Traffic.Declare(Of(harness, 0)), Traffic.Declare(Of(harness, 1)));
        var tries = 0;
        harness.Gate.Breaks = _ =>
        {
            if (Interlocked.Increment(ref tries) > 1)
                return WriteFault.None;
            WriteForeignEvent(harness);
            return WriteFault.BreaksBefore;
        };

        Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Registered(Of(harness, 0))[1]));
        await PartitionHarness.Until(() => harness.Runtime.Inspect().OutOfService.Count > 0);
        Assert.Equal(["partition-0"], harness.Runtime.Inspect().OutOfService.Keys);
        Assert.Equal(Outcome.Done, await Outcome_(harness, Traffic.Registered(Of(harness, 1))[1]));
    }

    [StoreFact]
    public async Task A_write_waits_no_longer_than_it_may_and_is_unknown_then()
    {
        await using var harness = Harness(partitions: 1, new EngineOptions { WriteHeldMax = TimeSpan.FromSeconds(1) });
        harness.Gate.Breaks = _ => WriteFault.BreaksBefore;
        Assert.Equal(Outcome.Unknown, await Outcome_(harness, Traffic.Declare(1)));
        var fault = Assert.IsType<JournalUnavailableException>(harness.Partitions.Fault);
        Assert.StartsWith($"{harness.Store.Name}: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);

        harness.Gate.Breaks = null;
        Assert.Equal(Outcome.Done, await UntilDecided(harness, Traffic.Declare(1)));
        AssertWaited(harness, times: 1);
        AssertSound(harness, declarations: 1);
    }

    /// <summary>Ctrl-C while the database is away.</summary>
    [StoreFact]
    public async Task The_end_waits_for_no_database()
    {
        await using var harness = Harness(partitions: 2);
        harness.Gate.Breaks = _ => WriteFault.BreaksBefore;
        var asked = harness.Runtime.Ask(Traffic.Declare(1));
        await PartitionHarness.Until(() => !harness.Warnings.IsEmpty);

        var watch = System.Diagnostics.Stopwatch.StartNew();
        await harness.Partitions.DisposeAsync();
        Assert.Equal(Outcome.Unknown, (await asked.WaitAsync(Patience)).Outcome);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, harness.Options.EndTimeout / 2);
    }

    /// <summary>
    /// Whatever happens to the first tries of a write, commands are decided once, and by the incarnations that were
    /// there before.
    /// </summary>
    /// <param name="breaks">What happens to the first try, the second, …</param>
    private async Task AssertWrittenOnceAsync(Func<int, WriteFault> breaks)
    {
        await using var harness = Harness(partitions: 2);
        await Ask(harness, Traffic.Declare(1), Traffic.Declare(2));
        var (before, tries) = (Incarnations(harness), 0);
        harness.Gate.Breaks = _ => breaks(Interlocked.Increment(ref tries));

        await Ask(harness, Traffic.Declare(3), Traffic.Declare(4), Traffic.Declare(5));
        AssertWaited(harness, times: 1);
        Assert.Equal(before, Incarnations(harness));
        AssertSound(harness, declarations: 5);
    }

    /// <summary>A line when the database went and one when it was back, each time.</summary>
    private static void AssertWaited(PartitionHarness harness, int times)
    {
        Assert.Equal(
            times, harness.Warnings.Count(line => line.EndsWith(" Waiting for it.", StringComparison.Ordinal)));
        Assert.Equal(
            times,
            harness.Warnings.Count(line =>
                line.Contains(": it is back, and all partitions serve after ", StringComparison.Ordinal)));
        Assert.Null(harness.Partitions.Fault);
    }

    private protected override TestStore NewStore() => new PostgresTestStore();
}

/// <summary>Keeps what is answered.</summary>
internal sealed class Replies : IReplyTo
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<Reply> _all = new();

    public IReadOnlyCollection<Reply> All => _all;

    public void OnReply(StudentId student, in Reply reply) => _all.Enqueue(reply);
}
