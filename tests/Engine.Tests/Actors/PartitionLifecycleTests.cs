using Akka.Actor;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Tests.Runtime;
using Envelope = Amoe.Engine.Partitions.Envelope;

namespace Amoe.Engine.Tests.Actors;

/// <summary>How partitions begin, end, come back after a kill, and take commands.</summary>
public sealed class PartitionLifecycleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Each_incarnation_begins_with_a_record_of_its_own_before_any_other()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 1, ledgerPartitions: 1);
        await harness.Runtime.MarkDay(CommandKind.OpenDay, Traffic.Day).WaitAsync(Patience);
        await harness.CrashAndRestart();
        await harness.Runtime.MarkDay(CommandKind.OpenDay, Traffic.Day.AddDays(1)).WaitAsync(Patience);

        for (var partition = 0; partition < 2; partition++)
        {
            var entries = History.OfPartition(harness.Journal, partition).ToList();
            Assert.Equal(
                [CommandKind.StartIncarnation, CommandKind.OpenDay, CommandKind.StartIncarnation, CommandKind.OpenDay],
                entries.Select(entry => entry.Header.Kind));
            var started = entries.SelectMany(entry => entry.Events).Cast<IncarnationStarted>().ToList();
            Assert.Equal([1, 2], started.Select(e => e.Incarnation));
            Assert.All(
                started, e => Assert.Equal((Environment.MachineName, PartitionRuntime.Build), (e.Host, e.Build)));
            Assert.Equal([1, 1, 2, 2], harness.Journal.Read(partition).Select(segment => segment.Epoch));
        }
    }

    [Fact]
    public async Task Nothing_is_served_before_the_incarnation_is_durable()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 1, starts: false);
        harness.HoldCommits();
        var starting = harness.StartAsync();
        await harness.CommitIsHeld();
        Assert.False(starting.IsCompleted);
        harness.ReleaseCommits();
        var runtime = await starting.WaitAsync(Patience);
        Assert.True(runtime.Partitions[0].IsServing);
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_kill_at_any_moment()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 2);
        var answered = new List<Command>();
        for (var student = 1ul; student <= 10; student++)
        {
            foreach (var command in Traffic.Registered(student))
            {
                Assert.True((await harness.Runtime.Ask(command).WaitAsync(Patience)).IsDecision);
                answered.Add(command);
            }

            // A kill leaves the file and its log as they are while another turn is being written.
            var next = harness.Runtime.Ask(Traffic.Deposit(student, 64 * student, Traffic.Day));
            await RequireAsync(harness.Path, answered);
            Assert.Equal(Outcome.Done, (await next.WaitAsync(Patience)).Outcome);
        }
    }

    [Fact]
    public async Task A_start_that_the_journal_does_not_answer_is_given_up_and_says_so()
    {
        await using var harness = new PartitionHarness(
            new EngineOptions { StartTimeout = TimeSpan.FromMilliseconds(200) }, partitions: 1, starts: false);
        harness.HoldCommits();
        var failure = await Assert.ThrowsAsync<JournalUnavailableException>(() =>
            harness.StartAsync().WaitAsync(Patience));
        Assert.Contains(
            $"{harness.Path}: the journal has not answered for 0.2 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_on_a_full_disk_is_given_up_and_says_so()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 2, starts: false);
        harness.Gate.All = WriteFault.Fails;
        var failure = await Assert.ThrowsAnyAsync<JournalException>(() => harness.StartAsync().WaitAsync(Patience));
        Assert.Contains("the disk is full", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_plugin_that_cannot_be_made_takes_its_partitions_out_of_service_by_name()
    {
        await using var harness = new PartitionHarness(
            new EngineOptions(), partitions: 1,
            config: "akka.persistence.journal.sql.class = \"No.Such.Class, Amoe.Engine\"", starts: false);
        var runtime = await harness.StartAsync().WaitAsync(Patience);
        Assert.Contains("No.Such.Class", runtime.Inspect().OutOfService["partition-0"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_waits_for_the_write_in_flight_and_answers_what_waits_behind_it()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 1);
        await harness.Runtime.MarkDay(CommandKind.OpenDay, Traffic.Day).WaitAsync(Patience);
        harness.HoldCommits();
        var first = harness.Runtime.Ask(Traffic.Declare(1));
        await harness.CommitIsHeld();
        var second = harness.Runtime.Ask(Traffic.Declare(2));
        var ended = harness.Runtime.DisposeAsync().AsTask();
        Assert.Equal(Outcome.Overloaded, (await harness.Runtime.Ask(Traffic.Declare(3))).Outcome);
        Assert.False(ended.IsCompleted);
        harness.ReleaseCommits();
        await ended.WaitAsync(Patience);
        Assert.Equal(Outcome.Done, (await first).Outcome);
        Assert.True((await second).Outcome is Outcome.Done or Outcome.Unknown);
    }

    [Fact]
    public async Task The_end_waits_for_a_limited_time()
    {
        await using var harness = new PartitionHarness(
            new EngineOptions { EndTimeout = TimeSpan.FromMilliseconds(200) }, partitions: 1);
        harness.HoldCommits();
        Task<Reply>[] asked = [.. Enumerable.Range(1, 10).Select(i => harness.Runtime.Ask(Traffic.Declare((ulong)i)))];
        await harness.CommitIsHeld();
        await harness.Runtime.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.All(
            await Task.WhenAll(asked).WaitAsync(Patience), reply => Assert.Equal(Outcome.Unknown, reply.Outcome));
    }

    [Fact]
    public async Task Commands_posted_at_once_are_taken_as_far_as_there_is_credit_and_in_order()
    {
        await using var harness = new PartitionHarness(new EngineOptions { MailboxMessagesMax = 10 }, partitions: 2);
        var replies = new Replies();
        Command[] commands = [.. Enumerable.Range(1, 20).SelectMany(student => Traffic.Registered((ulong)student))];
        harness.HoldCommits();
        var taken = harness.Runtime.TryPostAll(commands, replies);
        Assert.InRange(taken, 10, 20);
        Assert.Equal(taken, harness.Partitions.Partitions.Sum(host => host.UnderWay));
        harness.ReleaseCommits();
        while (taken < commands.Length)
        {
            var posted = taken;
            await PartitionHarness.Until(() => replies.All.Count == posted);
            taken += harness.Runtime.TryPostAll(commands.AsSpan(taken), replies);
        }

        await PartitionHarness.Until(() => replies.All.Count == commands.Length);
        Assert.All(
            replies.All,
            reply => Assert.True(reply.Outcome is Outcome.Done or Outcome.ApplicationAccepted, $"{reply}"));
        Assert.Equal(0, harness.Partitions.Partitions.Sum(host => host.UnderWay));
        Assert.Equal(20, harness.Runtime.Inspect().Totals[Counter.Active]);
    }

    [Fact]
    public async Task Commands_posted_at_once_are_messages_of_at_most_1024()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 1);
        var (host, messages) = (harness.Partitions.Partitions[0], new Messages());
        host.Open(messages);
        Command[] commands = [.. Enumerable.Range(1, 2_500).Select(student => Traffic.Declare((ulong)student))];

        Assert.Equal(2_500, harness.Runtime.TryPostAll(commands, new Replies()));
        Envelope[][] posted = [.. messages.All.Select(message => Assert.IsType<Commands>(message).Envelopes)];
        Assert.Equal([1_024, 1_024, 452], posted.Select(envelopes => envelopes.Length));
        Assert.Equal(commands, posted.SelectMany(envelopes => envelopes).Select(envelope => envelope.Command!));
        Array.ForEach(posted, host.GiveUnknown);
    }

    [Fact]
    public async Task A_partition_is_answered_when_it_takes_no_more_and_the_last_credit_is_back()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 1);
        var host = harness.Partitions.Partitions[0];
        Assert.Equal(2, host.TakeCredit(2));
        host.End();
        Assert.Equal(0, host.TakeCredit(1));
        host.GiveUnknown([Envelope.OfDay(CommandKind.OpenDay, Traffic.Day, new Replies())]);
        Assert.False(host.Answered.IsCompleted);
        host.GiveUnknown([Envelope.OfDay(CommandKind.OpenDay, Traffic.Day, new Replies())]);
        await host.Answered.WaitAsync(Patience);
    }

    [Fact]
    public async Task The_end_waits_for_what_no_partition_has_answered()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 2);
        var host = harness.Partitions.Partitions[1];
        Assert.Equal(1, host.TakeCredit(1));
        var ended = harness.Runtime.DisposeAsync().AsTask();
        await harness.Partitions.Partitions[0].Answered.WaitAsync(Patience);
        await PartitionHarness.Until(() => !host.IsServing);
        Assert.False(ended.IsCompleted);
        host.GiveUnknown([Envelope.OfDay(CommandKind.OpenDay, Traffic.Day, new Replies())]);
        await ended.WaitAsync(Patience);
    }

    [Fact]
    public async Task Rows_of_many_partitions_share_transactions()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 16);
        var before = harness.Gate.Transactions;
        var rows = harness.Partitions.Writes.Latency.Count;
        for (var round = 0ul; round < 20; round++)
            await Task.WhenAll(
                Enumerable.Range(1, 64).Select(i => harness.Runtime.Ask(Traffic.Declare((round * 64) + (ulong)i))))
                    .WaitAsync(Patience);
        rows = harness.Partitions.Writes.Latency.Count - rows;
        Assert.InRange(harness.Gate.Transactions - before, 1, rows - (rows / 4));
    }

    /// <summary>A copy of the file and its log recovers all that was answered, and decides none of it again.</summary>
    private static async Task RequireAsync(string path, List<Command> answered)
    {
        var folder = Directory.CreateTempSubdirectory("amoe-killed-");
        var copy = Path.Combine(folder.FullName, "killed.amoe");
        foreach (var suffix in new[] { "", "-wal" })
            File.Copy(path + suffix, copy + suffix);
        using (var journal = SqliteJournal.Open(copy))
        {
            await using var runtime = await PartitionRuntime.StartAsync(
                journal, new EngineOptions(), TimeProvider.System, Console.Error.WriteLine);
            var recovered = runtime.Inspect();
            Assert.InRange(
                recovered.Totals[Counter.Commands], answered.Count, answered.Count + (answered.Count / 4) + 1);
            foreach (var command in answered)
                Assert.True((await runtime.Ask(command).WaitAsync(Patience)).IsDecision);
            Assert.Equal(recovered.Digest, runtime.Inspect().Digest);
        }

        folder.Delete(recursive: true);
    }
}

/// <summary>Keeps every message that it receives.</summary>
internal sealed class Messages : MinimalActorRef
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<object> _all = new();

    public IReadOnlyCollection<object> All => _all;

    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "messages";

    public override IActorRefProvider Provider => throw new NotSupportedException();

    protected override void TellInternal(object message, IActorRef sender) => _all.Enqueue(message);
}
