using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Actors;

/// <summary>
/// Commands that need a passivated claim while the journal's file cannot be read, or after it was damaged.
/// </summary>
public sealed class ReadingBackTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Nothing is read back from memory.</summary>
    private static readonly EngineOptions FromTheStore = new() { RecentBytesMax = 0 };

    [Fact]
    public async Task A_store_that_does_not_answer_is_answered_unknown_and_read_again_and_no_student_is_quarantined()
    {
        await using var harness = new PartitionHarness(FromTheStore, partitions: 1);
        await PassivatedAsync(harness, student: 1);

        // A file that cannot be opened represents every error of the store: a reader opens it for the first claim.
        var away = harness.Path + ".away";
        File.Move(harness.Path, away);
        Assert.Equal(Outcome.Unknown, (await AskClaimAsync(harness, student: 1)).Outcome);
        Assert.Empty(harness.Runtime.Inspect().Quarantined);

        File.Move(away, harness.Path);
        Assert.Equal(
            ClaimStatus.Paid, Assert.IsType<ClaimAnswer>((await AskClaimAsync(harness, student: 1)).Answer).Status);
        Assert.Null(harness.Partitions.Fault);
    }

    [Fact]
    public async Task A_damaged_record_takes_its_student_alone_out_of_service()
    {
        await using var harness = new PartitionHarness(FromTheStore, partitions: 1);
        await PassivatedAsync(harness, student: 1);
        FlipByteOfLastFrame(harness.Path);
        await PassivatedAsync(harness, student: 2);

        // Asked together, both may be read in one pass over the file.
        var (damaged, sound) = (AskClaimAsync(harness, student: 1), AskClaimAsync(harness, student: 2));
        Assert.Equal(Outcome.Quarantined, (await damaged).Outcome);
        Assert.Equal(ClaimStatus.Paid, Assert.IsType<ClaimAnswer>((await sound).Answer).Status);
        Assert.Equal([new StudentId(1)], harness.Runtime.Inspect().Quarantined.Keys);
        Assert.Contains(
            "its checksum does not match its content", harness.Runtime.Inspect().Quarantined[new StudentId(1)].Why,
            StringComparison.Ordinal);
    }

    /// <summary>A registered student with a paid claim that is out of memory.</summary>
    private static async Task PassivatedAsync(PartitionHarness harness, ulong student)
    {
        foreach (var command in (Command[])[
            .. Traffic.Registered(student), .. Traffic.PaidClaim(student, SheetOf(student), Traffic.Day)
        ])
            Assert.True((await harness.Runtime.Ask(command).WaitAsync(Patience)).IsDecision, $"{command.Id}");
    }

    private static Task<Reply> AskClaimAsync(PartitionHarness harness, ulong student) =>
        harness.Runtime.Ask(new AskClaim(new StudentId(student), SheetOf(student), Traffic.Day)).WaitAsync(Patience);

    private static ulong SheetOf(ulong student) => 64 * student;

    private static void FlipByteOfLastFrame(string path)
    {
        const string last = "WHERE persistence_id = 'partition-0' ORDER BY sequence_number DESC LIMIT 1";
        using var database = SqliteDatabase.Open(path, SqliteAccess.Write);
        var row = database.Prepare($"SELECT ordering, message FROM journal {last}");
        Assert.True(row.Step());
        var (ordering, bytes) = (row.Long(0), row.Bytes(1));
        row.Reset();
        bytes[bytes.Length / 2] ^= 0x01;
        database.Prepare("UPDATE journal SET message = ? WHERE ordering = ?").Bind(1, bytes).Bind(2, ordering).Run();
    }
}
