using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Host.Tests;

/// <summary>Students and partitions out of service in a journal that no host serves.</summary>
public sealed class QuarantineTests(YearFixture year) : IClassFixture<YearFixture>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_journal_has_nothing_out_of_service()
    {
        var list = await AmoeCommand.RunAsync("quarantine", "list", "--journal", year.SmallJournal);
        list.IsDone();
        Assert.Equal(
            $"{year.SmallJournal}: 0 students and 0 partitions out of service, by a replay of the journal\n",
            list.Output);

        var student = SomeStudent(year.SmallJournal);
        var report = await AmoeCommand.RunAsync("quarantine", "explain", $"{student}", "--journal", year.SmallJournal);
        report.IsDone();
        Assert.Equal($"student {student} is in service, in partition {student.PartitionOf(16)}\n", report.Output);
        (await AmoeCommand.RunAsync("quarantine", "explain", "18446744073709551615", "--journal", year.SmallJournal))
            .IsRefusal(1, "it has no record of student 18446744073709551615");
    }

    [Fact]
    public async Task A_student_whose_record_cannot_be_applied_is_listed_and_explained_with_the_records_before_it()
    {
        var copy = Copy();
        var student = SomeStudent(copy);
        var (offset, sequenceNumber) = Tampering.AppendInapplicable(copy, student);

        var list = await AmoeCommand.RunAsync("quarantine", "list", "--journal", copy, "-o", "json");
        list.IsDone();
        Assert.Equal("journal", list.Json.GetProperty("asked").GetString());
        Assert.Empty(list.Json.GetProperty("partitions").EnumerateArray());
        var listed = Assert.Single(list.Json.GetProperty("students").EnumerateArray());
        Assert.Equal(
            (student.Value, student.PartitionOf(16), offset),
            (listed.GetProperty("student").GetUInt64(), listed.GetProperty("partition").GetInt32(),
                listed.GetProperty("offset").GetInt64()));
        Assert.Equal(
            "claim 999999999 has a ClaimAppealed and was never deposited", listed.GetProperty("why").GetString());
        Assert.False(listed.TryGetProperty("since", out _));

        var report = await AmoeCommand.RunAsync("quarantine", "explain", $"{student}", "--journal", copy);
        report.IsDone();
        Assert.Contains(
            $"student {student} is out of service, by a replay of the journal: claim 999999999 has a ClaimAppealed",
            report.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"That is record {offset} of partition {student.PartitionOf(16)} (sequence number {sequenceNumber}), known on ",
            report.Output, StringComparison.Ordinal);
        Assert.Contains("\nThe last records before:\n", report.Output, StringComparison.Ordinal);
        Assert.Contains($"\nThe student before:\n  Student {student}", report.Output, StringComparison.Ordinal);
        Assert.Contains("\n- Try another version of the program", report.Output, StringComparison.Ordinal);

        var json =
            (await AmoeCommand.RunAsync("quarantine", "explain", $"{student}", "--journal", copy, "-o", "json")).Json;
        Assert.Equal(
            (false, sequenceNumber),
            (json.GetProperty("in_service").GetBoolean(), json.GetProperty("sequence_number").GetInt64()));
        Assert.All(
            json.GetProperty("records").EnumerateArray(),
            record => Assert.InRange(record.GetProperty("offset").GetInt64(), 0, offset - 1));
        Assert.NotEmpty(json.GetProperty("records").EnumerateArray());
        Assert.Equal(2, json.GetProperty("advice").GetArrayLength());
    }

    [Fact]
    public async Task A_partition_whose_log_is_damaged_is_listed_and_what_can_be_read_of_its_students_is_shown()
    {
        var copy = Copy();
        var student = SomeStudent(copy);
        var partition = student.PartitionOf(16);
        Tampering.FlipBit(copy, partition, sequenceNumber: 40);

        var list = await AmoeCommand.RunAsync("quarantine", "list", "--journal", copy);
        list.IsDone();
        Assert.Contains(
            ": 0 students and 1 partition out of service, by a replay", list.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"partition-{partition} is damaged: partition {partition}, sequence number 40", list.Output,
            StringComparison.Ordinal);

        var report = await AmoeCommand.RunAsync("quarantine", "explain", $"{student}", "--journal", copy);
        report.IsDone();
        Assert.StartsWith(
            $"partition {partition}, which has student {student}, is out of service, by a replay of the journal: ",
            report.Output, StringComparison.Ordinal);
        Assert.Contains(
            "\n- Restore the damaged events, or the journal, from a copy", report.Output, StringComparison.Ordinal);

        Tampering.FlipBit(copy, partition, sequenceNumber: 40);
        Assert.Contains(
            "0 students and 0 partitions", (await AmoeCommand.RunAsync("quarantine", "list", "--journal", copy)).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_journal_is_refused()
    {
        var text = _folder.Write("text.amoe", new string('x', 8192));
        (await AmoeCommand.RunAsync("quarantine", "list", "--journal", text)).IsRefusal(3, "it is not a journal");
        (await AmoeCommand.RunAsync("quarantine", "explain", "16", "--journal", text))
            .IsRefusal(3, "it is not a journal");
    }

    /// <summary>A student with records early in the year.</summary>
    internal static StudentId SomeStudent(string file)
    {
        using var journal = SqliteJournal.OpenReadOnly(file);
        return History.OfPartition(journal, 3).First(entry => entry.Header.HasStudent).Header.Student;
    }

    private string Copy()
    {
        File.Copy(year.SmallJournal, _folder.File("copy.amoe"));
        return _folder.File("copy.amoe");
    }
}
