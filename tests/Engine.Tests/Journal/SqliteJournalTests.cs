using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Journal;

/// <summary>What is true of the journal as a file.</summary>
public sealed class SqliteJournalTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string JournalPath => _folder["j é#?.amoe"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reopens_with_its_identity_and_goes_on()
    {
        Closed(2);
        Assert.Equal(["j é#?.amoe"], _folder.Files);
        using var journal = SqliteJournal.Open(JournalPath);
        Assert.Equal(Some.Identity, journal.Identity);
        journal.Append([Some.Segment(1, 6)]);
        Assert.Equal((2 * Some.Shards) + 1, journal.ReadAll().Count());
    }

    [Fact]
    public void Reopens_with_the_rulebooks_adopted_since_for_writers_and_readers()
    {
        Closed(1);
        AdoptedRulebook[] adopted = [new(1, new DateOnly(2024, 1, 31), "règles: 2\n"), new(2, new DateOnly(2024, 2, 1), "règles: 3\n")];
        foreach (var rulebook in adopted)
        {
            using var journal = SqliteJournal.Open(JournalPath);
            journal.Adopt(rulebook, [Some.Segment(0, 3L * rulebook.Number)]);
        }

        using (var reader = SqliteJournal.OpenReadOnly(JournalPath))
            Assert.Equal(adopted, reader.Adoptions);
        using var writer = SqliteJournal.Open(JournalPath);
        Assert.Equal((adopted[^1].Text, 9), (JournalRulebooks.CurrentText(writer), writer.Head(0)));
    }

    [Fact]
    public void Create_refuses_an_existing_file()
    {
        Closed(1);
        Some.AssertRefused(() => SqliteJournal.Create(JournalPath, Some.Identity), JournalPath, "exists already");
        using var journal = SqliteJournal.Open(JournalPath);
        Assert.Equal(3, journal.Head(0));
    }

    [Fact]
    public void A_place_that_cannot_be_is_refused()
    {
        Some.AssertRefused(() => SqliteJournal.Open(JournalPath), JournalPath, "no such file");
        Some.AssertRefused(() => SqliteJournal.OpenReadOnly(JournalPath), JournalPath, "no such file");
        Some.AssertRefused(() => SqliteJournal.Create(_folder["no/j"], Some.Identity), "does not exist");
        Some.AssertRefused(() => SqliteJournal.Create(_folder["."], Some.Identity), "is a folder");
        Some.AssertRefused(() => SqliteJournal.Open(_folder["."]), "is a folder");
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a note, not a journal; and it goes on for more than the hundred bytes of the header of an SQLite file, to be sure of it")]
    public void A_file_that_is_no_journal_is_refused_and_left_alone(string content)
    {
        File.WriteAllText(JournalPath, content);
        Assert.False(SqliteJournal.IsJournal(JournalPath));
        Some.AssertRefused(() => SqliteJournal.Open(JournalPath), JournalPath, "not a journal");
        Some.AssertRefused(() => SqliteJournal.OpenReadOnly(JournalPath), JournalPath, "not a journal");
        Assert.Equal(content, File.ReadAllText(JournalPath));
        Assert.Single(_folder.Files);
    }

    [Fact]
    public void Another_programs_database_is_no_journal()
    {
        Sql.Run(JournalPath, "CREATE TABLE segment (id)");
        Assert.False(SqliteJournal.IsJournal(JournalPath));
        Some.AssertRefused(() => SqliteJournal.Open(JournalPath), "not a journal");
    }

    [Fact]
    public void Another_format_version_is_refused()
    {
        Closed(1);
        Sql.Run(JournalPath, "UPDATE identity SET format_version = 9");
        Assert.True(SqliteJournal.IsJournal(JournalPath));
        Some.AssertRefused(() => SqliteJournal.Open(JournalPath), JournalPath, "format version 9");
    }

    [Fact]
    public void Reading_only_writes_nothing()
    {
        Closed(3);
        var before = File.ReadAllBytes(JournalPath);
        using (var journal = SqliteJournal.OpenReadOnly(JournalPath))
        {
            Assert.Equal(3 * Some.Shards, journal.ReadAll().Count());
            Assert.Equal(9, journal.Head(0));
            Assert.Throws<InvalidOperationException>(() => journal.Append([Some.Segment(0, 9)]));
            Assert.True(SqliteJournal.IsJournal(JournalPath));
        }

        Assert.Single(_folder.Files);
        Assert.Equal(before, File.ReadAllBytes(JournalPath));
    }

    [Fact]
    public void Reads_while_another_one_writes()
    {
        using var writer = SqliteJournal.Create(JournalPath, Some.Identity);
        Some.Fill(writer, 1);
        using var reader = SqliteJournal.OpenReadOnly(JournalPath);
        Assert.Equal(3, reader.Head(0));
        writer.Append([Some.Segment(0, 3)]);
        Assert.Equal(6, reader.Head(0));
        Assert.Equal(Some.Shards + 1, reader.ReadAll().Count());
    }

    [Fact]
    public void A_second_writer_is_refused_until_the_first_is_done()
    {
        using (var first = SqliteJournal.Create(JournalPath, Some.Identity))
        {
            Some.AssertRefused(() => SqliteJournal.Open(JournalPath), JournalPath, "in use by another process");
            Some.AssertRefused(() => SqliteJournal.Create(JournalPath, Some.Identity), JournalPath, "in use by another process");
            Some.Fill(first, 1);
        }

        using var second = SqliteJournal.Open(JournalPath);
        Assert.Equal(3, second.Head(0));
    }

    [Fact]
    public void A_full_disk_writes_nothing_and_the_journal_goes_on_when_there_is_room_again()
    {
        using var journal = SqliteJournal.Create(JournalPath, Some.Identity);
        Some.Fill(journal, 1);
        journal.LimitPages(10);
        var big = Some.Segment(1, 3, length: 1_000_000);
        Some.AssertRefused(() => journal.Append([Some.Segment(0, 3), big]), JournalPath, "disk is full", "nothing");
        Assert.Equal(3, journal.Head(0));
        Assert.Equal(Some.Shards, journal.ReadAll().Count());

        journal.LimitPages(1_000_000);
        journal.Append([Some.Segment(0, 3), big]);
        Assert.Equal(Some.Shards + 2, journal.ReadAll().Count());
    }

    [Fact]
    public void What_was_appended_survives_a_crash_and_the_rest_is_cleanly_absent()
    {
        using var journal = SqliteJournal.Create(JournalPath, Some.Identity);
        Some.Fill(journal, 20, length: 3_000);
        var written = new FileInfo(JournalPath + "-wal").Length;
        journal.Append([.. Enumerable.Range(0, Some.Shards).Select(shard => Some.Segment(shard, 60, length: 3_000))]);
        var grown = new FileInfo(JournalPath + "-wal").Length;
        Assert.True(grown > written);

        // The files as a dead machine leaves them: the last transaction whole, and cut off at several places.
        for (var step = 0; step <= 4; step++)
        {
            var copy = _folder[$"crash{step}"];
            File.Copy(JournalPath, copy);
            CopyShared(JournalPath + "-wal", copy + "-wal", written + ((grown - written) * step / 4));
            using var recovered = SqliteJournal.Open(copy);
            Assert.Equal((step == 4 ? 21 : 20) * Some.Shards, recovered.ReadAll().Count());
            Assert.Equal(step == 4 ? 63 : 60, recovered.Head(3));
            recovered.Append([Some.Segment(3, recovered.Head(3))]);
        }
    }

    [Theory]
    [InlineData("UPDATE segment SET payload = CAST(X'00' || substr(payload, 2) AS BLOB) WHERE shard = 3 AND offset = 6", 3, 6)]
    [InlineData("UPDATE segment SET epoch = 2 WHERE shard = 3 AND offset = 6", 3, 6)]
    [InlineData("UPDATE segment SET checksum = checksum + 1 WHERE shard = 3 AND offset = 6", 3, 6)]
    [InlineData("UPDATE segment SET previous = 1 WHERE shard = 3 AND offset = 6", 3, 6)]
    [InlineData("DELETE FROM segment WHERE shard = 3 AND offset = 6", 3, 6)]
    public void A_corrupt_or_missing_segment_is_named_never_skipped(string harm, int shard, long offset)
    {
        Closed(4);
        Sql.Run(JournalPath, harm);
        using var journal = SqliteJournal.OpenReadOnly(JournalPath);
        Some.AssertRefused(() => _ = journal.ReadAll().ToList(), JournalPath, $"shard {shard}");
        Some.AssertRefused(() => _ = journal.Read(shard).ToList(), JournalPath, $"shard {shard}");
        Assert.True(journal.Read(shard, offset + 3).Any());
        Assert.Equal(4, journal.Read(shard + 1).Count());
    }

    [Theory]
    [InlineData("DELETE FROM segment WHERE shard = 3 AND offset = 9", "shard 3")]
    [InlineData("DELETE FROM segment WHERE id > 24", "shard 0")]
    [InlineData("UPDATE head SET offset = 6, last_id = 12 WHERE shard = 7", "shard 7")]
    [InlineData("UPDATE head SET offset = 9, last_id = 24 WHERE shard = 7", "32 segments")]
    [InlineData("DELETE FROM head WHERE shard = 5", "shard 5")]
    public void A_lost_end_is_noticed_when_the_journal_is_opened(string harm, string says)
    {
        Closed(4);
        Sql.Run(JournalPath, harm);
        Some.AssertRefused(() => SqliteJournal.Open(JournalPath), JournalPath, says);
    }

    [Fact]
    public void A_truncated_file_is_refused()
    {
        Closed(50, length: 2_000);
        using (var file = File.OpenWrite(JournalPath))
            file.SetLength(file.Length / 2);
        Some.AssertRefused(() => SqliteJournal.Open(JournalPath), JournalPath, "damaged");
    }

    [Fact]
    public void A_bad_page_is_refused_and_how_far_reading_came_is_said()
    {
        Closed(50, length: 2_000);
        using (var file = File.OpenWrite(JournalPath))
        {
            Assert.True(file.Length > 20 * 16_384);
            file.Position = 20 * 16_384;
            file.Write(new byte[16_384]);
        }

        using var journal = SqliteJournal.Open(JournalPath);
        Some.AssertRefused(() => _ = journal.ReadAll().ToList(), JournalPath, "damaged", "last segment read");
    }

    [Fact]
    public void Snapshots_belong_to_one_journal()
    {
        var warnings = new List<string>();
        using (var journal = SqliteJournal.Create(JournalPath, Some.Identity))
        {
            using var store = journal.OpenSnapshots(warnings.Add);
            store.Save(1, 0, Some.Bytes(10, 1));
        }

        File.Move(JournalPath, _folder["old"]);
        File.Copy(JournalPath + "-snapshots", _folder["kept"]);
        using (var journal = SqliteJournal.Create(JournalPath, Some.Identity))
        {
            Assert.False(File.Exists(JournalPath + "-snapshots"));
            File.Copy(_folder["kept"], JournalPath + "-snapshots");
            using var store = journal.OpenSnapshots(warnings.Add);
            Assert.Null(store.Load(1));
        }

        Assert.Single(warnings);
    }

    private static void CopyShared(string from, string to, long length)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[length];
        source.ReadExactly(bytes);
        File.WriteAllBytes(to, bytes);
    }

    private void Closed(int rounds, int length = 100)
    {
        using var journal = SqliteJournal.Create(JournalPath, Some.Identity);
        Some.Fill(journal, rounds, length);
    }
}
