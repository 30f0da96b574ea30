using Akka.Actor;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Postgres;
using Amoe.Engine.Tests.Rules;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Actors;

/// <summary>
/// Partitions come back from their snapshots, and lose nothing where these are old, damaged, of another journal or
/// gone.
/// </summary>
public abstract class SnapshotContract
{
    private protected const string Partition = "partition-0";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateOnly Day = Traffic.Day;
    private static readonly StudentId Student = new(1);

    private protected abstract TestStore NewStore();

    [StoreFact]
    public async Task A_national_years_partition_takes_none()
    {
        await using var harness = Harness();
        await AskAll(harness, Traffic.Registered(1));
        await harness.CrashAndRestart();
        Assert.Empty(Rows(harness));
        Assert.Equal(0, harness.Partitions.SnapshotBytes);
    }

    [StoreFact]
    public async Task What_a_snapshot_has_is_not_replayed()
    {
        await using var harness = await WithSnapshot();
        harness.ThrowOnReplay(Student);
        await harness.CrashAndRestart();
        Assert.Empty(harness.Runtime.Inspect().Quarantined);
        Assert.Empty(harness.Warnings);
    }

    [StoreFact]
    public async Task Claims_that_left_memory_before_a_snapshot_are_read_back_behind_it()
    {
        await using var harness = await WithSnapshot();
        await harness.CrashAndRestart();
        var claim = Assert.IsType<ClaimAnswer>((await Ask(harness, new AskClaim(Student, 64, Day))).Answer);
        Assert.Equal(ClaimStatus.Paid, claim.Status);
        Assert.True(harness.Runtime.Inspect().ReadBack.Claims > 0);
    }

    /// <summary>
    /// The story: a snapshot did not say which rulebook decides. A partition that came back from one decided the rest
    /// of its day under the first rulebook, and marked the adopted one a second time.
    /// </summary>
    [StoreFact]
    public async Task The_rulebook_that_decides_is_in_it()
    {
        await using var harness = await WithSnapshot();
        await harness.Partitions.Own.Target(ActorRefs.Nobody)
            .Ask<AdoptedRulebook>(new AdoptRulebook(Amendments.SpecialistFrom(Day.AddDays(5), 20_000)), Patience);
        await harness.Runtime.MarkDay(CommandKind.OpenDay, Day.AddDays(1)).WaitAsync(Patience);
        var marked = harness.Partitions.Partitions[0].State.SequenceNumber;
        await AskUntil(harness, () => Rows(harness) is [var only] && only.SequenceNumber >= marked);

        await harness.CrashAndRestart();
        Assert.Equal(1, harness.Partitions.Partitions[0].State.Rulebook);
        await harness.Runtime.MarkDay(CommandKind.OpenDay, Day.AddDays(2)).WaitAsync(Patience);
        Assert.Single(History.OfPartition(harness.Journal, 0), entry => entry.Header.Kind == CommandKind.AdoptRulebook);
    }

    [StoreFact]
    public async Task The_latest_is_kept_and_the_older_are_deleted()
    {
        await using var harness = await WithSnapshot();
        var first = Rows(harness)[0].SequenceNumber;
        await AskUntil(harness, () => Rows(harness) is [var only] && only.SequenceNumber > first);
        Assert.True(harness.Partitions.SnapshotBytes > 0);
    }

    [StoreTheory]
    [InlineData("snapshot = substr(snapshot, 1, length(snapshot) - 1)")]
    [InlineData("snapshot = substr(snapshot, 1, 0)")]
    [InlineData("sequence_number = sequence_number - 1")]
    [InlineData("sequence_number = sequence_number + 1000")]
    public async Task One_that_is_not_as_it_was_written_is_passed_over_and_named(string change)
    {
        await using var harness = await RestartedBehind(change);
        Assert.Equal(
            [
                $"{harness.Store.SnapshotsName}: the snapshot of {Partition} cannot be read, so its log is read from the beginning"
            ], harness.Warnings);
        await AskUntil(harness, () => Rows(harness).Count == 1 && harness.Partitions.SnapshotBytes > 0);
    }

    [StoreTheory]
    [InlineData("manifest = 'frames'")]
    [InlineData("serializer_id = 1")]
    [InlineData("persistence_id = 'partition-7'")]
    [InlineData("created = 0")]
    public async Task One_that_the_store_cannot_give_is_passed_over(string change)
    {
        await using var harness = await RestartedBehind(change);
        await AskUntil(harness, () => Rows(harness).Exists(row => row.PersistenceId == Partition));
    }

    [StoreFact]
    public async Task A_flipped_bit_is_seen()
    {
        await using var harness = await WithSnapshot();
        await harness.Crash();
        var (bytes, logic) = (Rows(harness)[0].Snapshot, new AmoeLogic(Rulebook.Embedded));
        Assert.NotNull(PartitionSnapshot.TryDecode(bytes, new PartitionState(logic)));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(PartitionSnapshot.TryDecode(bytes, new PartitionState(logic)));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    /// <summary>
    /// The story: a journal is restored from yesterday's copy, and today's snapshots still lie beside it. Nothing of
    /// today may come back with them, and once the log has grown past them they must not be taken for its own.
    /// </summary>
    [StoreFact]
    public async Task One_of_another_history_is_deleted()
    {
        await using var harness = Harness(int.MaxValue);
        await AskAll(harness, Traffic.Registered(1));
        var digest = harness.Runtime.Inspect().Digest;
        await harness.Crash();
        harness.Reopen(harness.Store.Keep);

        harness.Options = new EngineOptions { SnapshotEveryBytes = 1 };
        harness.Start();
        await AskUntil(harness, () => Rows(harness).Count == 1);
        await harness.Crash();

        harness.Options = new EngineOptions { SnapshotEveryBytes = int.MaxValue };
        harness.Reopen(harness.Store.Restore);
        harness.Start();
        Assert.Equal(digest, harness.Runtime.Inspect().Digest);
        Assert.Equal(
            [
                $"{harness.Store.SnapshotsName}: the snapshot of {Partition} is of another journal, so its log is read from the beginning"
            ], harness.Warnings);
        await PartitionHarness.Until(() => Rows(harness).Count == 0);
    }

    /// <summary>Student 1 has a paid claim, which has left memory, and a snapshot has him.</summary>
    private async Task<PartitionHarness> WithSnapshot()
    {
        var harness = Harness(1);
        await AskAll(harness, [.. Traffic.Registered(1), .. Traffic.PaidClaim(1, 64, Day)]);
        var registered = harness.Partitions.Partitions[0].State.SequenceNumber;
        await AskUntil(harness, () => Rows(harness) is [var only] && only.SequenceNumber >= registered);
        return harness;
    }

    /// <summary>
    /// The same after a restart, before which the snapshot's row was changed: what it decided is all there.
    /// </summary>
    private protected async Task<PartitionHarness> RestartedBehind(string change)
    {
        var harness = await WithSnapshot();
        var digest = harness.Runtime.Inspect().Digest;
        await harness.Crash();
        using (var connection = harness.Store.ConnectToSnapshots())
            Assert.Equal(1, connection.Run($"UPDATE snapshot SET {change}"));
        harness.Start();
        Assert.Equal(digest, harness.Runtime.Inspect().Digest);
        return harness;
    }

    /// <summary>Commands of other students, each a frame, until something has happened.</summary>
    private protected static async Task AskUntil(PartitionHarness harness, Func<bool> condition)
    {
        for (var student = 100ul; !condition(); student++)
        {
            Assert.True(
                student < 1_000, $"it did not happen; warnings: {string.Join(' ', harness.Warnings.Distinct())}");
            var state = harness.Partitions.Partitions[0].State;
            await AskAll(
                harness,
                [Traffic.Declare(student, (ulong)state.SequenceNumber, on: state.Day > Day ? state.Day : Day)]);
        }
    }

    private static async Task<Reply> Ask(PartitionHarness harness, Command command) =>
        await harness.Runtime.Ask(command).WaitAsync(Patience);

    private protected static async Task AskAll(PartitionHarness harness, Command[] commands)
    {
        foreach (var command in commands)
            Assert.True((await Ask(harness, command)).IsDecision);
    }

    private protected static List<Row> Rows(PartitionHarness harness)
    {
        var rows = new List<Row>();
        if (!harness.Context.Snapshots.IsMade)
            return rows;
        using var connection = harness.Store.ConnectToSnapshots();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT persistence_id, sequence_number, snapshot FROM snapshot";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            rows.Add(new Row(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
        return rows;
    }

    private protected PartitionHarness Harness(int? snapshotEveryBytes = null, bool starts = true) => new(
        snapshotEveryBytes is { } bytes ? new EngineOptions { SnapshotEveryBytes = bytes } : new EngineOptions(),
        partitions: 1, starts: starts, store: NewStore());

    private protected sealed record Row(string PersistenceId, long SequenceNumber, byte[] Snapshot);
}

public sealed class SqliteSnapshotTests : SnapshotContract
{
    [Theory]
    [InlineData("no database at all")]
    [InlineData("")]
    public async Task A_file_that_this_version_did_not_make_is_replaced(string content)
    {
        await using var harness = Harness(1, starts: false);
        await File.WriteAllTextAsync(harness.Store.SnapshotsName, content);
        harness.Start();
        await AskUntil(harness, () => Rows(harness).Count == 1);
    }

    [Fact]
    public async Task Where_none_can_be_kept_commands_are_decided_and_it_is_said()
    {
        await using var harness = Harness(1, starts: false);
        Directory.CreateDirectory(harness.Store.SnapshotsName);
        harness.Start();
        await AskAll(harness, Traffic.Registered(1));
        Assert.NotEmpty(harness.Warnings);
        Assert.All(
            harness.Warnings,
            line => Assert.StartsWith($"{harness.Store.SnapshotsName}: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_journal_without_snapshots_has_no_file_for_them()
    {
        await using var harness = Harness();
        await AskAll(harness, Traffic.Registered(1));
        await harness.CrashAndRestart();
        Assert.False(File.Exists(harness.Store.SnapshotsName));
    }

    private protected override TestStore NewStore() => new SqliteTestStore();
}

[NeedsPostgres]
public sealed class PostgresSnapshotTests : SnapshotContract
{
    [StoreFact]
    public async Task Where_none_can_be_kept_commands_are_decided_and_it_is_said()
    {
        await using var harness = Harness(1, starts: false);
        harness.Store.Run("DROP TABLE snapshot");
        harness.Start();
        await AskAll(harness, Traffic.Registered(1));
        Assert.Equal(0, harness.Partitions.SnapshotBytes);
        await PartitionHarness.Until(() =>
            harness.Warnings.Any(line =>
                line.Contains($"the snapshot of {Partition} was not kept", StringComparison.Ordinal)));
        Assert.All(
            harness.Warnings,
            line => Assert.StartsWith($"{harness.Store.SnapshotsName}: ", line, StringComparison.Ordinal));
        Assert.All(harness.Warnings, line => Assert.DoesNotContain('\n', line));
    }

    private protected override TestStore NewStore() => new PostgresTestStore();
}
