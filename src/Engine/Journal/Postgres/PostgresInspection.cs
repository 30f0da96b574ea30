using System.Diagnostics;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// Looks at a server, and at the journal in it, as a host does that is to start. It changes no table; its connection is
/// its own.
/// </summary>
internal sealed class PostgresInspection : IDisposable
{
    private const int RoundTrips = 21;
    private const int Commits = 11;

    /// <summary>
    /// A commit that has something in the write-ahead log waits until the log is on disk. A message there is the least:
    /// no table has it, and no one reads it.
    /// </summary>
    private const string Message = "SELECT pg_logical_emit_message(true, 'amoe', 'serve --check')";

    private static readonly string[] _changing = ["UPDATE", "DELETE", "TRUNCATE"];

    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnection _connection;

    private PostgresInspection(PostgresDatabase database) =>
        (_database, _connection) = (database, database.Open(PostgresUse.Read));

    public PostgresDatabase Database => _database;

    /// <exception cref="JournalException">No server answers, or it refuses; its version is too old.</exception>
    public static PostgresInspection Open(JournalAddress address) => new(new PostgresDatabase(address));

    /// <summary>The server, and how it was reached.</summary>
    /// <exception cref="JournalException">It is a standby, or its database cannot hold every text.</exception>
    public PostgresServer Server() => Read(connection =>
    {
        PostgresDefinition.RequirePrimary(connection, _database);
        PostgresDefinition.RequireEncoding(connection, _database);
        using var command = connection.Command(
            "SELECT version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl");
        using var row = command.ExecuteReader();
        return new PostgresServer(
            connection.PostgreSqlVersion, row.Read() ? $"{row.GetString(0)}, {row.GetString(1)}" : null);
    });

    /// <summary>Fails where a host could neither open the journal nor begin one.</summary>
    /// <returns>
    /// The version of its tables and the one that a host brings them to; null where there is none, and this user may
    /// make one.
    /// </returns>
    /// <exception cref="JournalException">It is of another version, or this user may not make one.</exception>
    public (int Version, int Known)? Journal() => Read<(int, int)?>(connection =>
    {
        if (PostgresSchema.Exists(connection, _database) || PostgresSchema.IsOfFormerLayout(connection, _database))
            return PostgresSchema.RequireUsable(_database, connection);
        return MayMake(connection)
            ? null
            : throw new JournalException(
                $"{_database.Name}: there is no journal in it, and user {_database.User} may not make one. Start the first host as the database's owner, and «journal grant» lets this one write it.");
    });

    /// <summary>Fails where this user lacks what a host needs.</summary>
    /// <returns>
    /// What the user may do to appended events that a host need not, empty where that is nothing; null where there is
    /// no schema yet.
    /// </returns>
    /// <exception cref="JournalException">Something is not granted, by table.</exception>
    public IReadOnlyList<string>? Privileges() => Read(connection =>
    {
        if (!connection.Truth("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", _database.Schema))
            return null;
        var needed = PostgresSteps.OfWriters.SelectMany(
            granted => granted.Privileges.Split(", ").Select(privilege => (granted.Table, privilege)));
        var missing = Select(connection, needed, areHeld: false);
        if (!connection.Truth("SELECT has_schema_privilege($1, 'USAGE')", _database.Schema))
            missing.Insert(0, $"USAGE on schema {_database.Schema}");
        return missing.Count == 0
            ? Select(connection, _changing.Select(privilege => (PostgresSteps.Journal, privilege)), areHeld: true)
            : throw new JournalException(
                $"{_database.Name}: user {_database.User} lacks {string.Join(", ", missing)}. Have the owner grant it: amoe journal grant {_database.User}.");
    });

    /// <summary>Fails where one process has the journal to itself.</summary>
    /// <returns>The hosts that live, oldest first.</returns>
    public IReadOnlyList<HostRow> Hosts()
    {
        Read(connection => PostgresLease.HeldBy(_database, connection) is { } held ? throw held : true);
        using var hosts = new PostgresHosts(_database);
        return hosts.Live();
    }

    /// <summary>The values of server settings by their names; one that this version lacks is left out.</summary>
    public IReadOnlyDictionary<string, string> Settings(params string[] names) => Read(connection =>
    {
        using var command = connection.Command("SELECT name, setting FROM pg_settings WHERE name = ANY ($1)", [names]);
        using var row = command.ExecuteReader();
        var settings = new Dictionary<string, string>();
        while (row.Read())
            settings.Add(row.GetString(0), row.GetString(1));
        return settings;
    });

    /// <summary>Standbys that follow the server now.</summary>
    public int Standbys() => Read(connection => connection.Number("SELECT count(*) FROM pg_stat_replication"));

    /// <summary>Bytes of the database on the server's disk.</summary>
    public long SizeBytes() =>
        Read(connection => (long)connection.Command("SELECT pg_database_size(current_database())").ExecuteScalar()!);

    /// <summary>How far the server's clock is ahead of this machine's, to half a round trip.</summary>
    public TimeSpan ClockAhead(TimeProvider time) => Read(connection =>
    {
        var before = time.GetUtcNow();
        var server = (DateTime)connection.Command("SELECT clock_timestamp()").ExecuteScalar()!;
        var after = time.GetUtcNow();
        return server - (before + (after - before) / 2).UtcDateTime;
    });

    /// <summary>Medians of a question that the server answers from memory, and of a commit beyond that.</summary>
    public (TimeSpan RoundTrip, TimeSpan Commit) Measure() => Read(connection =>
    {
        var roundTrip = Median(connection, "SELECT 1", RoundTrips);
        var commit = Median(connection, Message, Commits) - roundTrip;
        return (roundTrip, commit > TimeSpan.Zero ? commit : TimeSpan.Zero);
    });

    public void Dispose() => _connection.Dispose();

    private static TimeSpan Median(NpgsqlConnection connection, string sql, int times)
    {
        using var command = connection.Command(sql);
        var taken = new List<TimeSpan>();
        while (taken.Count < times)
        {
            var began = Stopwatch.GetTimestamp();
            command.ExecuteNonQuery();
            taken.Add(Stopwatch.GetElapsedTime(began));
        }

        return taken.Order().ElementAt(times / 2);
    }

    private bool MayMake(NpgsqlConnection connection) => connection.Truth(
        """
        SELECT coalesce(
            (SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = $1),
            has_database_privilege(current_database(), 'CREATE'))
        """,
        _database.Schema);

    /// <summary>By the catalogue: a name of a table is not looked up for who may not use its schema.</summary>
    private List<string> Select(
        NpgsqlConnection connection, IEnumerable<(string Table, string Privilege)> asked, bool areHeld)
    {
        var (tables, privileges) = (
            asked.Select(one => one.Table).ToArray(), asked.Select(one => one.Privilege).ToArray());
        using var command = connection.Command(
            """
            SELECT privilege, relname FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS asked (name, privilege, place)
            JOIN pg_namespace ON nspname = $1 JOIN pg_class ON relnamespace = pg_namespace.oid AND relname = name
            WHERE has_table_privilege(pg_class.oid, privilege) = $4 ORDER BY place
            """,
            _database.Schema, tables, privileges, areHeld);
        using var row = command.ExecuteReader();
        var found = new List<string>();
        while (row.Read())
            found.Add($"{row.GetString(0)} on {row.GetString(1)}");
        return found;
    }

    private T Read<T>(Func<NpgsqlConnection, T> read)
    {
        try
        {
            return read(_connection);
        }
        catch (Exception e) when (PostgresFailure.IsOfServer(e))
        {
            throw _database.Failure(e);
        }
    }
}

/// <summary>A server as a connection finds it.</summary>
/// <param name="Tls">The version of TLS and the cipher; null where the connection is not encrypted.</param>
internal sealed record PostgresServer(Version Version, string? Tls);
