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

    /// <summary>Nothing after a damaged event is to be trusted, so the only cure is a copy.</summary>
    public static JournalException Damage(
        string journal, string persistenceId, long sequenceNumber, string what, Exception? inner = null) =>
        new(
            $"{journal}: the event {sequenceNumber} of {persistenceId} is damaged: {what}. Restore the journal from a copy.",
            inner!);

    /// <summary>Looks at every column of a row that has a meaning beside its keys and its message.</summary>
    /// <exception cref="JournalException">The row is not as it was written.</exception>
    public static void Require(
        string journal, string persistenceId, long sequenceNumber, bool isKept, bool isOfSerializer, bool isOfManifest)
    {
        if (!isKept)
            throw Damage(journal, persistenceId, sequenceNumber, "it is marked as deleted");
        if (!isOfSerializer)
            throw Damage(journal, persistenceId, sequenceNumber, $"its serializer is not {SerializerId}");
        if (!isOfManifest)
            throw Damage(journal, persistenceId, sequenceNumber, "its manifest is not the one it was written with");
    }
}
