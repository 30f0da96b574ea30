using System.Data.Common;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Amoe.Engine.Akka.Journal;

/// <summary>The database that Akka.Persistence.Sql keeps its tables in.</summary>
internal static class AkkaTables
{
    /// <summary>
    /// Makes a file ready in which commits append instead of rewriting pages (the plugin itself leaves that as it finds it), and keeps it open: the plugin opens
    /// and closes a connection for every write, and whoever closes a file as the last folds its log into it each time.
    /// </summary>
    /// <returns>To be disposed of when nothing is written any more; null for a server.</returns>
    public static IDisposable? Open(JournalAddress address)
    {
        if (address.IsPostgres)
            return null;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = address.Path, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; SELECT count(*) FROM sqlite_master";
        command.ExecuteNonQuery();
        return connection;
    }

    /// <summary>What the journal there was made for; null where nothing was ever persisted.</summary>
    /// <exception cref="JournalException">The database cannot be reached.</exception>
    public static JournalIdentity? Identity(JournalAddress address)
    {
        try
        {
            using DbConnection connection = address.IsPostgres
                ? new NpgsqlConnection(address.Connection.ConnectionString)
                : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = address.Path, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ConnectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT message FROM journal WHERE persistence_id = '{PersistedIds.Calendar}' ORDER BY sequence_number LIMIT 1";
            return command.ExecuteScalar() is byte[] made && AmoeSerializer.ReadMade(made) is var j
                ? new JournalIdentity(j.Format, j.Shards, j.Rulebook, j.Source, j.Seed, j.Scale, j.PartyShards)
                : null;
        }
        catch (DbException e) when (e is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } || (e is SqliteException && !address.IsPostgres))
        {
            return null;
        }
        catch (DbException e)
        {
            throw PostgresFailure.Line(e, address);
        }
    }

    /// <summary>Their bytes, with indexes.</summary>
    public static long Measure(JournalAddress address)
    {
        if (!address.IsPostgres)
            return new[] { address.Path, $"{address.Path}-wal" }.Where(File.Exists).Sum(file => new FileInfo(file).Length);
        using var connection = new NpgsqlConnection(address.Connection.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT sum(pg_total_relation_size(name::regclass))::bigint FROM unnest(ARRAY['journal', 'tags', 'snapshot']) AS name", connection);
        return (long)command.ExecuteScalar()!;
    }
}
