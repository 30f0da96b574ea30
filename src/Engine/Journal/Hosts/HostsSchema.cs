using Amoe.Engine.Journal.Postgres;
using Npgsql;

namespace Amoe.Engine.Journal.Hosts;

/// <summary>The journal's tables: made and brought up to date by the program, told from anybody else's, and what they say of the journal.</summary>
internal static class HostsSchema
{
    /// <summary>Makes a journal, whole or not at all.</summary>
    /// <exception cref="JournalException">There is one already, or the user may not make one.</exception>
    public static void Create(PostgresDatabase database, JournalIdentity identity) => Create(database, identity, HostsSteps.All.Count);

    /// <summary>For tests: a journal as an older program made it.</summary>
    internal static void Create(PostgresDatabase database, JournalIdentity identity, int version) => PostgresDefinition.Run(database, connection =>
    {
        PostgresDefinition.MakeSchema(connection, database);
        foreach (var step in HostsSteps.All.Take(version))
            connection.Run(step);
        connection.Run(
            "INSERT INTO journal (schema_version, format_version, shard_count, party_shard_count, rulebook, source, seed, scale) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            version, identity.FormatVersion, identity.ShardCount, identity.PartyShardCount, identity.Rulebook, identity.Source, unchecked((long)identity.Seed), identity.Scale);
        connection.Run("INSERT INTO shard (id, epoch, head, payload_bytes) SELECT id, 0, 0, 0 FROM generate_series(0, $1 - 1) AS id", identity.TotalShards);
    });

    /// <summary>True when there is a journal, of whatever version.</summary>
    public static bool Exists(NpgsqlConnection connection, PostgresDatabase database) =>
        PostgresDefinition.HasTable(connection, database, "segment") && PostgresDefinition.HasTable(connection, database, "journal");

    /// <summary>Makes sure that these are a journal's tables as this program knows them, after the steps that an older journal lacks when it may be written to.</summary>
    /// <exception cref="JournalException">There is no journal, a newer program made its tables, an older one did and they cannot be changed, or it takes no writes.</exception>
    public static void RequireCurrent(PostgresDatabase database, NpgsqlConnection connection, bool isToBeWritten)
    {
        if (PostgresSchema.Exists(connection, database))
            throw new JournalException($"{database.Name}: one process at a time writes this journal, and hosts cannot share it. Make one for them with «simulate --hosts», or name another.");
        if (!Exists(connection, database))
            throw PostgresDefinition.Missing(database);
        if (isToBeWritten)
            PostgresDefinition.RequirePrimary(connection, database);
        var (version, known) = (VersionOf(connection), HostsSteps.All.Count);
        if (version == 0)
            throw NoIdentity(database);
        if (version > known)
            throw new JournalException($"{database.Name}: its tables are of version {version} and this program knows {known}. Open it with the program that made them, or a newer one.");
        if (version == known)
            return;
        if (!isToBeWritten)
            throw new JournalException($"{database.Name}: its tables are of version {version} and this program reads {known}. Open it for writing once, as with «rules adopt» or «serve», and they are brought up to date.");
        PostgresDefinition.Migrate(database, "journal", HostsSteps.All, version, VersionOf, "UPDATE journal SET schema_version = greatest(schema_version, $1)");
    }

    /// <summary>What the journal was created with.</summary>
    /// <exception cref="JournalException">It is of another format version.</exception>
    public static JournalIdentity ReadIdentity(PostgresDatabase database, NpgsqlConnection connection)
    {
        using var command = connection.Command("SELECT format_version, shard_count, party_shard_count, rulebook, source, seed, scale FROM journal");
        using var row = command.ExecuteReader();
        if (!row.Read())
            throw NoIdentity(database);
        var version = row.GetInt32(0);
        return version == JournalIdentity.CurrentFormatVersion
            ? new JournalIdentity(version, row.GetInt32(1), row.GetString(3), row.GetString(4), unchecked((ulong)row.GetInt64(5)), row.GetInt32(6), row.GetInt32(2))
            : throw new JournalException($"{database.Name}: it has format version {version} and this program reads {JournalIdentity.CurrentFormatVersion}. Open it with the program that made it.");
    }

    public static List<AdoptedRulebook> ReadAdoptions(NpgsqlConnection connection)
    {
        var adoptions = new List<AdoptedRulebook>();
        using var command = connection.Command("SELECT number, day, text FROM rulebook ORDER BY number");
        using var row = command.ExecuteReader();
        while (row.Read())
            adoptions.Add(new AdoptedRulebook(row.GetInt32(0), DateOnly.FromDayNumber(row.GetInt32(1)), row.GetString(2)));
        return adoptions;
    }

    /// <summary>Lets a role run hosts on the journal, and nothing more.</summary>
    /// <exception cref="JournalException">There is no such role, or this user may not grant.</exception>
    public static void Grant(PostgresDatabase database, string role) => PostgresDefinition.Run(database, connection =>
    {
        RequireCurrent(database, connection, isToBeWritten: true);
        PostgresDefinition.RequireGrantable(connection, database, role);
        connection.Run(HostsSteps.Grants(database.Schema, PostgresDefinition.Quoted(role)));
    });

    private static int VersionOf(NpgsqlConnection connection) => connection.Number("SELECT coalesce(max(schema_version), 0) FROM journal");

    private static JournalException NoIdentity(PostgresDatabase database) => new($"{database.Name}: the journal is damaged (no identity). Restore it from a copy.");
}
