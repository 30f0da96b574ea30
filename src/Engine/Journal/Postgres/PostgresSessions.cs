using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// The names of writers' sessions, by which their successor ends them. The open transaction of a process that is dead
/// or frozen would hold up the writers of the same keys.
/// </summary>
internal static class PostgresSessions
{
    /// <summary>In SQL, the sessions of every writer but this session's own.</summary>
    public const string OfWriters = $"starts_with(application_name, {Prefix}) AND {Endable}";

    /// <summary>In SQL, the sessions of processes that had the journal to themselves.</summary>
    public const string OfHolders = $"{OfWriters} AND NOT starts_with(application_name, {HostPrefix})";

    // Two journals of one database have schemas of different numbers, and a name has at most 63 bytes.
    private const string Prefix = "'amoe ' || current_schema()::regnamespace::oid::text || ':'";

    private const string HostPrefix = $"{Prefix} || 'host '";

    private const string Endable =
        "datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()";

    /// <summary>The name of the sessions of a process that has the journal to itself.</summary>
    public static string NameOfHolder(NpgsqlConnection connection, long holder) =>
        connection.Text($"SELECT {Prefix} || $1", holder);

    /// <summary>The name of a host's sessions.</summary>
    public static string NameOfHost(NpgsqlConnection connection, long host) =>
        connection.Text($"SELECT {HostPrefix} || $1", host);

    /// <summary>In SQL, the sessions of one host.</summary>
    /// <param name="host">The expression of its id.</param>
    public static string OfHost(string host) => $"application_name = {HostPrefix} || {host} AND {Endable}";
}
