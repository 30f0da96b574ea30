using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>Common steps of making and changing tables.</summary>
internal static class PostgresDefinition
{
    // No limit, however slow the other's disk: no one waits behind us meanwhile, and statements have a timeout.
    private const string WaitForTheSame = "SET LOCAL lock_timeout = 0";

    /// <summary>Makes or changes tables, in one transaction.</summary>
    /// <exception cref="JournalException">There are such tables already, or this user may not.</exception>
    public static void Run(PostgresDatabase database, Action<NpgsqlConnection> define)
    {
        using var connection = database.Open(PostgresUse.Define);
        try
        {
            using var transaction = connection.BeginTransaction();
            define(connection);
            transaction.Commit();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateSchema
            or PostgresErrorCodes.DuplicateTable)
        {
            throw Taken(database);
        }
        catch (PostgresException e) when (e is
        {
            SqlState: PostgresErrorCodes.UniqueViolation,
            SchemaName: "pg_catalog"
        })
        {
            // Two made it in the same moment.
            throw Taken(database);
        }
        catch (NpgsqlException e)
        {
            throw database.Failure(e);
        }
    }

    /// <summary>Makes the schema where there is none, for a journal that is to be made in it.</summary>
    /// <exception cref="JournalException">There is a journal already, or the database cannot hold one.</exception>
    public static void MakeSchema(NpgsqlConnection connection, PostgresDatabase database)
    {
        // Only another process that makes the same can be in the way: once it is done it is known whether there is one.
        connection.Run(WaitForTheSame);
        RequireEncoding(connection, database);
        if (!connection.Truth("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", database.Schema))
            connection.Run($"CREATE SCHEMA {database.Schema}");
        else if (HasTable(connection, database, "journal"))
            throw Taken(database);
    }

    /// <exception cref="JournalException">The database cannot hold every text.</exception>
    public static void RequireEncoding(NpgsqlConnection connection, PostgresDatabase database)
    {
        if (connection.Text("SHOW server_encoding") is not "UTF8" and var encoding)
            throw new JournalException(
                $"{database.Name}: the database is encoded in {encoding}, which cannot hold every text. Create one with encoding UTF8.");
    }

    /// <summary>
    /// Brings tables up to date: another process that does the same waits, and finds it done.
    /// </summary>
    /// <param name="from">The version that they were of.</param>
    /// <param name="versionOf">Reads the version that they are of.</param>
    /// <param name="set">Says of which they are.</param>
    public static void Migrate(
        PostgresDatabase database, string versionTable, IReadOnlyList<string> steps, int from,
        Func<NpgsqlConnection, int> versionOf, string set)
    {
        try
        {
            Run(database, connection =>
            {
                // From then on those at work wait behind us, and not for long.
                connection.Run(WaitForTheSame);
                connection.Run($"LOCK TABLE {versionTable} IN SHARE ROW EXCLUSIVE MODE");
                connection.Run("SET LOCAL lock_timeout TO DEFAULT");
                foreach (var step in steps.Skip(versionOf(connection)))
                    connection.Run(step);
                connection.Run(set, steps.Count);
            });
        }
        catch (JournalException e) when (e.InnerException
            is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege })
        {
            throw MayNotMigrate(database, from, steps.Count, e);
        }
    }

    /// <summary>The failure of a user who may not bring tables up to date.</summary>
    public static JournalException MayNotMigrate(PostgresDatabase database, int from, int to, Exception? inner = null)
    {
        var line =
            $"{database.Name}: its tables are of version {from}, this program needs {to}, and this user may not change them. Open it for writing once as the schema's owner.";
        return inner is null ? new JournalException(line) : new JournalException(line, inner);
    }

    public static bool HasTable(NpgsqlConnection connection, PostgresDatabase database, string table) =>
        connection.Truth("SELECT to_regclass($1) IS NOT NULL", $"{database.Schema}.{table}");

    /// <exception cref="JournalException">The server takes no writes.</exception>
    public static void RequirePrimary(NpgsqlConnection connection, PostgresDatabase database)
    {
        if (connection.Text("SHOW transaction_read_only") == "on")
            throw new JournalException(
                $"{database.Name}: the server takes no writes: it is a standby, or set read-only. Name the primary server.");
    }

    /// <exception cref="JournalException">There is no such role, or this user may not grant it anything.</exception>
    public static void RequireGrantable(NpgsqlConnection connection, PostgresDatabase database, string role)
    {
        if (!connection.Truth("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role))
            throw new JournalException(
                $"{database.Name}: the server has no role {role}. Create it with CREATE ROLE … LOGIN, or name another.");

        // A role that may not grant what it may do itself only gets a warning from the server, and nothing is granted.
        if (!IsOwner(connection, database))
        {
            var owner = connection.Text(
                "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = $1", database.Schema);
            throw new JournalException($"{database.Name}: only the schema's owner may grant it. Connect as {owner}.");
        }
    }

    /// <summary>True for the schema's owner, and for who may act as that role.</summary>
    public static bool IsOwner(NpgsqlConnection connection, PostgresDatabase database) =>
        connection.Truth("SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = $1", database.Schema);

    public static JournalException Missing(PostgresDatabase database) =>
        new(
            $"{database.Name}: there is no journal in it. Check the database and the schema, or create the journal first.");

    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static JournalException Taken(PostgresDatabase database) =>
        new(
            $"{database.Name}: there is a journal already, or tables of its names. Open it, or name another schema or database.");
}
