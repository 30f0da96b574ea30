using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>The journal's tables: made and brought up to date by the program, and recognised among others.</summary>
internal static class PostgresSchema
{
    private const string InsertEntry = """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        VALUES (0, false, $1, 1, $2, $3, $4, '')
        """;

    /// <summary>Makes a journal, whole or not at all.</summary>
    /// <exception cref="JournalException">There is one already, or the user may not make one.</exception>
    public static void Create(PostgresDatabase database, JournalIdentity identity) =>
        Create(database, identity, PostgresSteps.All);

    /// <summary>For tests: a journal as an older program made it, or a newer one.</summary>
    internal static void Create(PostgresDatabase database, JournalIdentity identity, IReadOnlyList<string> steps) =>
        PostgresDefinition.Run(database, connection =>
        {
            PostgresDefinition.MakeSchema(connection, database);
            foreach (var step in steps)
                connection.Run(step);
            connection.Run("INSERT INTO layout (version) VALUES ($1)", steps.Count);
            connection.Run(
                InsertEntry, JournalTable.JournalId, new JournalBook().Encode(identity), JournalTable.EntryManifest,
                JournalTable.SerializerId);
        });

    /// <summary>True when the schema has a journal of partitions, of whatever version.</summary>
    public static bool Exists(NpgsqlConnection connection, PostgresDatabase database) =>
        PostgresDefinition.HasTable(connection, database, "layout");

    /// <summary>True when hosts of version 0.4 or older wrote the schema's journal.</summary>
    public static bool IsOfFormerLayout(NpgsqlConnection connection, PostgresDatabase database) =>
        PostgresDefinition.HasTable(connection, database, "segment");

    /// <summary>
    /// Makes sure that these are a journal's tables as this program knows them, after the steps that an older journal
    /// lacks when it may be written to.
    /// </summary>
    /// <exception cref="JournalException">
    /// There is no journal, a newer program made its tables or writes it, an older one made them and they cannot be
    /// changed, or the server takes no writes.
    /// </exception>
    public static void RequireCurrent(PostgresDatabase database, NpgsqlConnection connection, bool isToBeWritten)
    {
        RequireCurrent(database, connection, isToBeWritten, PostgresSteps.All);
        if (UnreadFormat(database, connection, EventCodec.Version) is { } unread)
            throw unread;
    }

    /// <param name="steps">Those that the program knows.</param>
    /// <inheritdoc cref="RequireCurrent(PostgresDatabase, NpgsqlConnection, bool)"/>
    internal static void RequireCurrent(
        PostgresDatabase database, NpgsqlConnection connection, bool isToBeWritten, IReadOnlyList<string> steps)
    {
        var (version, known) = (RequireKnown(database, connection, isToBeWritten, steps), steps.Count);
        if (version == known)
            return;
        if (!isToBeWritten)
            throw new JournalException(
                $"{database.Name}: its tables are of version {version} and this program reads {known}. Open it for writing once, as with «rules adopt», and they are brought up to date.");
        PostgresDefinition.Migrate(
            database, "layout", steps, version, VersionOf, "UPDATE layout SET version = greatest(version, $1)");
    }

    /// <summary>
    /// Fails where the journal could not be opened for writing, without bringing its tables up to date.
    /// </summary>
    /// <returns>The version of the tables, and that of this program.</returns>
    /// <inheritdoc cref="RequireCurrent(PostgresDatabase, NpgsqlConnection, bool)"/>
    public static (int Version, int Known) RequireUsable(PostgresDatabase database, NpgsqlConnection connection)
    {
        var (version, known) = (
            RequireKnown(database, connection, isToBeWritten: true, PostgresSteps.All), PostgresSteps.All.Count);
        if (version < known && !PostgresDefinition.IsOwner(connection, database))
            throw PostgresDefinition.MayNotMigrate(database, version, known);
        if (version == known && UnreadFormat(database, connection, EventCodec.Version) is { } unread)
            throw unread;
        return (version, known);
    }

    /// <summary>The version of the tables, which this program knows or may bring up to date.</summary>
    private static int RequireKnown(
        PostgresDatabase database, NpgsqlConnection connection, bool isToBeWritten, IReadOnlyList<string> steps)
    {
        if (IsOfFormerLayout(connection, database))
            throw new JournalException(
                $"{database.Name}: a host of version 0.4 or older wrote this journal, in a layout that this program does not read. Read it with version 0.4.0, or name another.");
        if (!Exists(connection, database))
            throw PostgresDefinition.Missing(database);
        if (isToBeWritten)
            PostgresDefinition.RequirePrimary(connection, database);
        var (version, known) = (VersionOf(connection), steps.Count);
        if (version == 0)
            throw new JournalException($"{database.Name}: the journal is damaged (no layout). Restore it from a copy.");
        if (version > known)
            throw new JournalException(
                $"{database.Name}: its tables are of version {version} and this program knows {known}. Open it with the program that made them, or a newer one.");
        return version;
    }

    /// <summary>Lets a role write the journal, and nothing more.</summary>
    /// <exception cref="JournalException">There is no such role, or this user may not grant.</exception>
    public static void Grant(PostgresDatabase database, string role) => PostgresDefinition.Run(database, connection =>
    {
        RequireCurrent(database, connection, isToBeWritten: true);
        PostgresDefinition.RequireGrantable(connection, database, role);
        connection.Run(PostgresSteps.Grants(database.Schema, PostgresDefinition.Quoted(role)));
    });

    /// <summary>Why a program cannot read what is written, where that is of a newer format than it reads.</summary>
    internal static JournalException? UnreadFormat(PostgresDatabase database, NpgsqlConnection connection, int format)
    {
        var written = connection.Number("SELECT format FROM lease");
        return written <= format ? null
            : new JournalException(
                $"{database.Name}: its records are written in format {written}, and this program reads {format}. Install the version that its hosts run, or a newer one.");
    }

    private static int VersionOf(NpgsqlConnection connection) =>
        connection.Number("SELECT coalesce(max(version), 0) FROM layout");
}
