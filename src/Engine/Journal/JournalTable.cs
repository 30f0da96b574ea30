using System.Globalization;

namespace Amoe.Engine.Journal;

/// <summary>
/// The table of a journal file in which Akka.Persistence.Sql keeps events, and the two sorts of rows that belong
/// there: the frames of partitions, and the journal's own entries under <see cref="JournalId"/>.
/// </summary>
internal static class JournalTable
{
    /// <summary>The persistence id of the journal's own entries.</summary>
    public const string JournalId = "journal";

    /// <summary>The serializer of every row.</summary>
    public const int SerializerId = 11_612;

    public const string FrameManifest = "frame";

    public const string EntryManifest = "journal";

    private const int MessageColumn = 5;

    /// <summary>
    /// The columns of Akka.Persistence.Sql. Its own table counts orderings with AUTOINCREMENT, which costs a second
    /// table's page in every transaction; rows are never deleted here, so the plain key counts as well.
    /// </summary>
    public const string Schema = """
        CREATE TABLE journal (
            ordering INTEGER PRIMARY KEY, created INTEGER NOT NULL, deleted INTEGER NOT NULL,
            persistence_id TEXT NOT NULL, sequence_number INTEGER NOT NULL, message BLOB NOT NULL,
            tags TEXT, manifest TEXT, identifier INTEGER, writer_uuid TEXT,
            UNIQUE (persistence_id, sequence_number))
        """;

    public const string Insert = """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        VALUES (0, 0, ?, ?, ?, ?, ?, '')
        """;

    /// <summary>
    /// The columns that <see cref="Message(SqliteStatement, string)"/> wants, in their order. Comparisons with IS tell
    /// the number 0 from a text that reads as 0.
    /// </summary>
    public static string ColumnsOf(string manifest) => string.Create(
        CultureInfo.InvariantCulture, $"persistence_id, sequence_number, deleted IS 0, identifier IS {SerializerId}, manifest IS '{manifest}', message");

    /// <summary>
    /// The bytes of the row that a statement has read, once every column that has a meaning was checked.
    /// </summary>
    /// <exception cref="JournalException">The row is not as it was written.</exception>
    public static byte[] Message(SqliteStatement row, string path)
    {
        Require(row, path);
        return row.Bytes(MessageColumn);
    }

    /// <summary>The same in a buffer that is used again for the next row.</summary>
    /// <inheritdoc cref="Message(SqliteStatement, string)"/>
    public static ReadOnlyMemory<byte> Message(SqliteStatement row, string path, ref byte[] buffer)
    {
        Require(row, path);
        return row.Bytes(MessageColumn, ref buffer);
    }

    /// <summary>Nothing after a damaged event is to be trusted, so the only cure is a copy.</summary>
    public static JournalException Damage(string path, string persistenceId, long sequenceNumber, string what, Exception? inner = null) =>
        new($"{path}: the event {sequenceNumber} of {persistenceId} is damaged: {what}. Restore the journal from a copy.", inner!);

    private static void Require(SqliteStatement row, string path)
    {
        if (row.Long(2) == 0)
            throw Damage(path, row.Text(0), row.Long(1), "it is marked as deleted");
        if (row.Long(3) == 0)
            throw Damage(path, row.Text(0), row.Long(1), $"its serializer is not {SerializerId}");
        if (row.Long(4) == 0)
            throw Damage(path, row.Text(0), row.Long(1), "its manifest is not the one it was written with");
    }
}
