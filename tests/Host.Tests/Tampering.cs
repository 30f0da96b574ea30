using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests;

/// <summary>Damages closed journals, in the row and not in the file, because pages keep old bytes.</summary>
internal static class Tampering
{
    /// <summary>The claim of a record that no program can apply: it was never deposited.</summary>
    private const ulong NoClaim = 999_999_999;

    /// <summary>Flips a bit in the middle of a partition's event; once more restores it.</summary>
    public static void FlipBit(string file, int partition, long sequenceNumber)
    {
        var row = Row(partition, sequenceNumber);
        using var database = SqliteDatabase.Open(file, SqliteAccess.Write);
        var statement = database.Prepare($"SELECT message FROM journal {row}");
        Assert.True(statement.Step());
        var bytes = statement.Bytes(0);
        statement.Reset();
        bytes[bytes.Length / 2] ^= 0x10;
        database.Prepare($"UPDATE journal SET message = ? {row}").Bind(1, bytes).Run();
    }

    /// <inheritdoc cref="FlipBit(string, int, long)"/>
    public static void FlipBit(PrivateDatabase database, int partition, long sequenceNumber) => database.Execute(
        $"UPDATE amoe.journal SET message = set_byte(message, length(message) / 2, get_byte(message, length(message) / 2) # 16) {Row(partition, sequenceNumber)}");

    /// <summary>Appends a record of a student that follows the log and cannot be applied.</summary>
    /// <returns>The record's number, and its frame's.</returns>
    public static (long Offset, long SequenceNumber) AppendInapplicable(string file, StudentId student)
    {
        using var journal = SqliteJournal.OpenReadOnly(file);
        var (partition, frame, bytes) = Inapplicable(journal, student);
        using var database = SqliteDatabase.Open(file, SqliteAccess.Write);
        database.Prepare(Insert("journal", partition, frame, "?")).Bind(1, bytes).Run();
        return (frame.FirstRecord, frame.SequenceNumber);
    }

    /// <inheritdoc cref="AppendInapplicable(string, StudentId)"/>
    public static (long Offset, long SequenceNumber) AppendInapplicable(PrivateDatabase database, StudentId student)
    {
        using var journal = (PartitionJournal)Journals.OpenReadOnly(JournalAddress.Parse(database.Url));
        var (partition, frame, bytes) = Inapplicable(journal, student);
        database.Execute(Insert("amoe.journal", partition, frame, $"decode('{Convert.ToHexString(bytes)}', 'hex')"));
        return (frame.FirstRecord, frame.SequenceNumber);
    }

    private static (int Partition, Frame Frame, byte[] Bytes) Inapplicable(PartitionJournal journal, StudentId student)
    {
        var partition = student.PartitionOf(journal.Identity.StudentPartitions);
        var end = journal.Frames.With(reader => reader.End(partition));
        var day = History.LastMark(journal, partition, CommandKind.OpenDay);
        var writer = new TurnWriter(buckets: 1);
        writer.Begin(end.NextRecord, day);
        writer.Marks.Append(RecordHeader.Due(student, day), [new ClaimAppealed(NoClaim)], null);
        var frame = writer.Seal(partition, end.NextSequenceNumber, end.Incarnation)!;
        return (partition, frame, new FrameChain(partition, end).Encode(frame).Bytes);
    }

    private static string Insert(string table, int partition, Frame frame, string message) => string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO {table} (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        SELECT created, deleted, persistence_id, {frame.SequenceNumber}, {message}, manifest, identifier, writer_uuid
        FROM {table} {Row(partition, frame.SequenceNumber - 1)}
        """);

    private static string Row(int partition, long sequenceNumber) =>
        string.Create(CultureInfo.InvariantCulture, $"WHERE persistence_id = 'partition-{partition}' AND sequence_number = {sequenceNumber}");
}
