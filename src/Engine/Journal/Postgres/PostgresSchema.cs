using System.Globalization;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>The journal's tables: made and brought up to date by the program, told from anybody else's, and what they say of the journal.</summary>
internal static class PostgresSchema
{
    // However slow his disk: nobody waits behind us meanwhile, and a statement may take only so long.
    private const string WaitForTheSame = "SET LOCAL lock_timeout = 0";

    /// <summary>Makes a journal, whole or not at all.</summary>
    /// <exception cref="JournalException">There is one already, or the user may not make one.</exception>
    public static void Create(PostgresDatabase database, JournalIdentity identity) => Create(database, identity, PostgresSteps.All.Count);

    /// <summary>For tests: a journal as an older program made it.</summary>
    internal static void Create(PostgresDatabase database, JournalIdentity identity, int version) => Define(database, connection =>
    {
        // Only whoever makes the same can be in the way: once he is done it is known whether there is one.
        connection.Run(WaitForTheSame);
        if (connection.Text("SHOW server_encoding") is not "UTF8" and var encoding)
            throw new JournalException($"{database.Name}: the database is encoded in {encoding}, which cannot hold every text. Create one with encoding UTF8.");
        if (!connection.Truth("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", database.Schema))
            connection.Run($"CREATE SCHEMA {database.Schema}");
        else if (Exists(connection, database))
            throw Taken(database);
        foreach (var step in PostgresSteps.All.Take(version))
            connection.Run(step);
        connection.Run(
            "INSERT INTO journal (schema_version, format_version, shard_count, party_shard_count, rulebook, source, seed, scale) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            version, identity.FormatVersion, identity.ShardCount, identity.PartyShardCount, identity.Rulebook, identity.Source, unchecked((long)identity.Seed), identity.Scale);
        connection.Run("INSERT INTO shard (id, epoch, head, payload_bytes) SELECT id, 0, 0, 0 FROM generate_series(0, $1 - 1) AS id", identity.TotalShards);
    });

    /// <summary>True when there is a journal, of whatever version.</summary>
    public static bool Exists(NpgsqlConnection connection, PostgresDatabase database) =>
        connection.Truth("SELECT to_regclass($1) IS NOT NULL", $"{database.Schema}.journal");

    /// <summary>Makes sure that these are a journal's tables as this program knows them, after the steps that an older journal lacks when it may be written to.</summary>
    /// <exception cref="JournalException">There is no journal, a newer program made its tables, an older one did and they cannot be changed, or it takes no writes.</exception>
    public static void RequireCurrent(PostgresDatabase database, NpgsqlConnection connection, bool isToBeWritten)
    {
        if (!Exists(connection, database))
            throw new JournalException($"{database.Name}: there is no journal in it. Check the database and the schema, or create the journal first.");
        if (isToBeWritten && connection.Text("SHOW transaction_read_only") == "on")
            throw new JournalException($"{database.Name}: the server takes no writes: it is a standby, or set read-only. Name the primary server.");
        var (version, known) = (connection.Number("SELECT coalesce(max(schema_version), 0) FROM journal"), PostgresSteps.All.Count);
        if (version == 0)
            throw NoIdentity(database);
        if (version > known)
            throw new JournalException($"{database.Name}: its tables are of version {version} and this program knows {known}. Open it with the program that made them, or a newer one.");
        if (version == known)
            return;
        if (!isToBeWritten)
            throw new JournalException($"{database.Name}: its tables are of version {version} and this program reads {known}. Open it for writing once, as with «rules adopt» or «serve», and they are brought up to date.");
        Migrate(database, version);
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
    public static void Grant(PostgresDatabase database, string role) => Define(database, connection =>
    {
        RequireCurrent(database, connection, isToBeWritten: true);
        if (!connection.Truth("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role))
            throw new JournalException($"{database.Name}: the server has no role {role}. Create it with CREATE ROLE … LOGIN, or name another.");
        connection.Run(PostgresSteps.Grants(database.Schema, Quoted(role)));
    });

    private static void Migrate(PostgresDatabase database, int from)
    {
        try
        {
            Define(database, connection =>
            {
                // Another host may be doing the same: the second one finds it done. From then on hosts at work wait behind us, and not for long.
                connection.Run(WaitForTheSame);
                connection.Run("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE");
                connection.Run("SET LOCAL lock_timeout TO DEFAULT");
                var version = connection.Number("SELECT schema_version FROM journal");
                foreach (var step in PostgresSteps.All.Skip(version))
                    connection.Run(step);
                connection.Run("UPDATE journal SET schema_version = greatest(schema_version, $1)", PostgresSteps.All.Count);
            });
        }
        catch (JournalException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege })
        {
            throw new JournalException(
                $"{database.Name}: its tables are of version {from}, this program needs {PostgresSteps.All.Count}, and this user may not change them. Open it for writing once as the schema's owner.", e);
        }
    }

    /// <summary>In one transaction.</summary>
    private static void Define(PostgresDatabase database, Action<NpgsqlConnection> define)
    {
        using var connection = database.Open(PostgresUse.Define);
        try
        {
            using var transaction = connection.BeginTransaction();
            define(connection);
            transaction.Commit();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateSchema or PostgresErrorCodes.DuplicateTable)
        {
            throw Taken(database);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, SchemaName: "pg_catalog" })
        {
            // Two made it in the same moment.
            throw Taken(database);
        }
        catch (NpgsqlException e)
        {
            throw database.Failure(e);
        }
    }

    private static JournalException Taken(PostgresDatabase database) =>
        new($"{database.Name}: there is a journal already, or tables of its names. Open it, or name another schema or database.");

    private static JournalException NoIdentity(PostgresDatabase database) => new($"{database.Name}: the journal is damaged (no identity). Restore it from a copy.");

    private static string Quoted(string name) => string.Create(CultureInfo.InvariantCulture, $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
}
