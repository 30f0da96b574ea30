using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

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
        using var journal = FrameWriter.Open(JournalPath);
        Assert.Equal(Some.Identity, journal.Identity);
        journal.Append([Some.Segment(1, 6)]);
        Assert.Equal((2 * Some.Partitions) + 1, journal.ReadAll().Count());
    }

    [Fact]
    public void Reopens_with_the_rulebooks_adopted_since_for_writers_and_readers()
    {
        Closed(1);
        AdoptedRulebook[] adopted = [
            new(1, new DateOnly(2024, 1, 31), "règles: 2\n"), new(2, new DateOnly(2024, 2, 1), "règles: 3\n")
        ];
        foreach (var rulebook in adopted)
        {
            using var journal = FrameWriter.Open(JournalPath);
            journal.Write(new DayOpened(rulebook.On, rulebook.Number - 1));
            journal.Write(rulebook);
        }

        using (var reader = SqliteJournal.OpenReadOnly(JournalPath))
            Assert.Equal(adopted, reader.Adoptions);
        using var writer = SqliteJournal.Open(JournalPath);
        Assert.Equal(
            (adopted[^1].Text, adopted[^1].On), (JournalRulebooks.CurrentText(writer), writer.ReadBook().LastDay));
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
    [InlineData("", "empty")]
    [InlineData(
        "a note, not a journal; and it goes on for more than the hundred bytes of the header of an SQLite file, to be sure of it",
        "not a journal")]
    public void A_file_that_is_no_journal_is_refused_and_left_alone(string content, string says)
    {
        File.WriteAllText(JournalPath, content);
        Assert.False(SqliteJournal.IsJournal(JournalPath));
        Some.AssertRefused(() => SqliteJournal.Open(JournalPath), JournalPath, says);
        Some.AssertRefused(() => SqliteJournal.OpenReadOnly(JournalPath), JournalPath, says);
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

    [Theory]
    [InlineData(0, "a journal of the former store", "amoe 0.1.0 at commit 2fe6498")]
    [InlineData(1, "a journal of the former store", "amoe 0.1.0 at commit 2fe6498")]
    [InlineData(2, "layout 2", "amoe 0.2.0 at commit 42f7884")]
    [InlineData(4, "layout 4", "the program that made it")]
    public void Another_layout_is_refused(int layout, params string[] says)
    {
        Closed(1);
        Sql.Run(JournalPath, $"PRAGMA user_version = {layout}");
        Assert.True(SqliteJournal.IsJournal(JournalPath));
        Some.AssertRefused(() => SqliteJournal.Open(JournalPath), [JournalPath, .. says]);
        Some.AssertRefused(() => SqliteJournal.OpenReadOnly(JournalPath), [JournalPath, .. says]);
    }

    [Fact]
    public void Reading_only_writes_nothing()
    {
        Closed(3);
        var before = File.ReadAllBytes(JournalPath);
        using (var journal = SqliteJournal.OpenReadOnly(JournalPath))
        {
            Assert.Equal(3 * Some.Partitions, journal.ReadAll().Count());
            Assert.Equal(9, journal.Head(0));
            Assert.True(SqliteJournal.IsJournal(JournalPath));
        }

        Assert.Single(_folder.Files);
        Assert.Equal(before, File.ReadAllBytes(JournalPath));
    }

    [Fact]
    public void Reads_while_another_one_writes()
    {
        using var writer = FrameWriter.Create(JournalPath, Some.Identity);
        Some.Fill(writer, 1);
        using var reader = SqliteJournal.OpenReadOnly(JournalPath);
        Assert.Equal(3, reader.Head(0));
        writer.Append([Some.Segment(0, 3)]);
        Assert.Equal(6, reader.Head(0));
        Assert.Equal(Some.Partitions + 1, reader.ReadAll().Count());
    }

    [Fact]
    public void Is_as_large_while_it_is_written_as_after_it_was_closed()
    {
        JournalSize written;
        using (var writer = FrameWriter.Create(JournalPath, Some.Identity))
        {
            Some.Fill(writer, 20, length: 3_000);
            written = writer.Measure();
            Assert.True(
                new FileInfo(JournalPath).Length < written.FileBytes
                    && written.FileBytes < new FileInfo(JournalPath + "-wal").Length);
        }

        using var reader = SqliteJournal.OpenReadOnly(JournalPath);
        Assert.Equal((new FileInfo(JournalPath).Length, written), (written.FileBytes, reader.Measure()));
    }

    [Fact]
    public void A_second_writer_is_refused_until_the_first_is_done()
    {
        using (var first = FrameWriter.Create(JournalPath, Some.Identity))
        {
            Some.AssertRefused(() => SqliteJournal.Open(JournalPath), JournalPath, "in use by another process");
            Some.AssertRefused(
                () => SqliteJournal.Create(JournalPath, Some.Identity), JournalPath, "in use by another process");
            Some.Fill(first, 1);
        }

        using var second = SqliteJournal.Open(JournalPath);
        Assert.Equal(3, second.Head(0));
    }

    [Fact]
    public void What_was_appended_survives_a_crash_and_the_rest_is_cleanly_absent()
    {
        using var journal = FrameWriter.Create(JournalPath, Some.Identity);
        Some.Fill(journal, 20, length: 3_000);
        var written = new FileInfo(JournalPath + "-wal").Length;
        journal.Append(
            [.. Enumerable.Range(0, Some.Partitions).Select(partition => Some.Segment(partition, 60, length: 3_000))]);
        var grown = new FileInfo(JournalPath + "-wal").Length;
        Assert.True(grown > written);

        // The files as a dead machine leaves them: the last transaction whole, and cut off at several places.
        for (var step = 0; step <= 4; step++)
        {
            var copy = _folder[$"crash{step}"];
            File.Copy(JournalPath, copy);
            CopyShared(JournalPath + "-wal", copy + "-wal", written + ((grown - written) * step / 4));
            using var recovered = FrameWriter.Open(copy);
            Assert.Equal((step == 4 ? 21 : 20) * Some.Partitions, recovered.ReadAll().Count());
            Assert.Equal(step == 4 ? 63 : 60, recovered.Head(3));
            recovered.Append([Some.Segment(3, recovered.Head(3))]);
        }
    }

    [Theory]
    [InlineData(
        "UPDATE journal SET message = CAST(substr(message, 1, 30) || X'00' || substr(message, 32) AS BLOB) WHERE persistence_id = 'partition-3' AND sequence_number = 3")]
    [InlineData("UPDATE journal SET deleted = 1 WHERE persistence_id = 'partition-3' AND sequence_number = 3")]
    [InlineData("UPDATE journal SET deleted = 'no' WHERE persistence_id = 'partition-3' AND sequence_number = 3")]
    [InlineData("UPDATE journal SET manifest = '' WHERE persistence_id = 'partition-3' AND sequence_number = 3")]
    [InlineData("UPDATE journal SET identifier = NULL WHERE persistence_id = 'partition-3' AND sequence_number = 3")]
    public void A_damaged_frame_is_named_never_skipped(string harm)
    {
        Closed(4);
        Sql.Run(JournalPath, harm);
        using var journal = SqliteJournal.OpenReadOnly(JournalPath);
        Some.AssertRefused(() => _ = journal.ReadAll().ToList(), JournalPath, "partition-3", "3");
        Some.AssertRefused(() => _ = journal.Read(3).ToList(), JournalPath, "partition-3", "3");
        Assert.Equal(2, journal.Read(3).Take(2).Count());
        Assert.Equal(4, journal.Read(4).Count());
    }

    [Fact]
    public void A_frame_that_was_replaced_by_an_intact_one_is_found_by_its_successor()
    {
        Closed(4);
        var replaced = FrameCodec.Encode(
            new Frame(3, 2, 3, 1, 1, [new FrameSegment(0, 3, Some.Bytes(9, 9))]), predecessor: 0);
        Sql.Run(
            JournalPath,
            $"UPDATE journal SET message = X'{Convert.ToHexString(replaced)}' WHERE persistence_id = 'partition-3' AND sequence_number = 2");
        using var journal = SqliteJournal.OpenReadOnly(JournalPath);
        Some.AssertRefused(() => _ = journal.Read(3).ToList(), JournalPath, "partition-3", "predecessor");
        Some.AssertRefused(() => _ = journal.Read(3, 6).ToList(), JournalPath, "partition-3", "sequence number 3");
    }

    [Theory]
    [InlineData(
        "DELETE FROM journal WHERE persistence_id = 'partition-3' AND sequence_number = 2",
        "partition-3 has 3 events numbered from 1 to 4")]
    [InlineData(
        "DELETE FROM journal WHERE persistence_id = 'partition-3' AND sequence_number = 1",
        "partition-3 has 3 events numbered from 2 to 4")]
    [InlineData(
        "UPDATE journal SET sequence_number = 9 WHERE persistence_id = 'partition-3' AND sequence_number = 4",
        "partition-3 has 4 events numbered from 1 to 9")]
    [InlineData(
        "UPDATE journal SET persistence_id = 'partition-9' WHERE persistence_id = 'partition-3' AND sequence_number = 4",
        "partition-9")]
    [InlineData(
        "UPDATE journal SET persistence_id = 'journal' WHERE persistence_id = 'partition-3' AND sequence_number = 4",
        "of journal is damaged")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'journal'", "what the journal was created with")]
    [InlineData(
        "UPDATE journal SET deleted = 1 WHERE persistence_id = 'journal'",
        "the event 1 of journal is damaged: it is marked as deleted")]
    [InlineData("UPDATE journal SET manifest = 'frame' WHERE persistence_id = 'journal'", "the event 1 of journal")]
    [InlineData("UPDATE journal SET identifier = 1 WHERE persistence_id = 'journal'", "the event 1 of journal")]
    [InlineData(
        "UPDATE journal SET message = CAST(substr(message, 1, 40) || X'00' || substr(message, 42) AS BLOB) WHERE persistence_id = 'journal'",
        "the event 1 of journal is damaged: its checksum")]
    public void What_is_missing_or_belongs_nowhere_is_noticed_when_the_journal_is_opened(string harm, string says)
    {
        Closed(4);
        Sql.Run(JournalPath, harm);
        Some.AssertRefused(() => SqliteJournal.Open(JournalPath), JournalPath, says);
        Some.AssertRefused(() => SqliteJournal.OpenReadOnly(JournalPath), JournalPath, says);
    }

    [Theory]
    [InlineData(
        "UPDATE journal SET message = (SELECT message FROM journal WHERE persistence_id = 'journal' AND sequence_number = 3) WHERE persistence_id = 'journal' AND sequence_number = 2")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'journal' AND sequence_number = 2")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'journal' AND sequence_number = 1")]
    public void Adopted_rulebooks_are_read_in_their_order_or_not_at_all(string harm)
    {
        using (var journal = FrameWriter.Create(JournalPath, Some.Identity))
        {
            journal.Write(new AdoptedRulebook(1, default, "règles: 2\n"));
            journal.Write(new AdoptedRulebook(2, default, "règles: 3\n"));
        }

        Sql.Run(JournalPath, harm);
        Some.AssertRefused(() => SqliteJournal.OpenReadOnly(JournalPath), JournalPath, "of journal is damaged");
    }

    [Fact]
    public void A_truncated_file_is_refused()
    {
        Closed(50, length: 2_000);
        using (var file = File.OpenWrite(JournalPath))
            file.SetLength(file.Length / 2);
        Some.AssertRefused(() => Verified(JournalPath), JournalPath, "damaged");
    }

    [Fact]
    public void A_bad_page_is_refused_and_how_far_reading_came_is_said()
    {
        Closed(50, length: 20_000);
        using (var file = File.OpenWrite(JournalPath))
        {
            Assert.True(file.Length > 300 * 16_384);
            file.Position = 300 * 16_384;
            file.Write(new byte[16_384]);
        }

        using var journal = SqliteJournal.OpenReadOnly(JournalPath);
        Some.AssertRefused(() => _ = journal.ReadAll().ToList(), JournalPath, "damaged");
    }

    /// <summary>Everything that is ever looked at.</summary>
    private static void Verified(string path)
    {
        using var journal = SqliteJournal.OpenReadOnly(path);
        journal.CheckStore();
        _ = journal.ReadAll().Count();
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
        using var journal = FrameWriter.Create(JournalPath, Some.Identity);
        Some.Fill(journal, rounds, length);
    }
}
