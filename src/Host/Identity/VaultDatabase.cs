using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Npgsql;

namespace Amoe.Host.Identity;

/// <summary>One of the two databases of a shared vault, by pooled connections.</summary>
internal sealed class VaultDatabase
{
    private readonly string _connection;

    public VaultDatabase(JournalAddress address)
    {
        Database = new PostgresDatabase(address) { ApplicationName = "amoe vault" };
        _connection = Database.ConnectionString(PostgresUse.Write);
    }

    public PostgresDatabase Database { get; }

    /// <summary>Its address without the password.</summary>
    public string Name => Database.Name;

    /// <summary>
    /// Asks for one row. Pooled connections are dead after the server was started again, so that a question on one that
    /// broke is asked once more.
    /// </summary>
    /// <returns>The default when there is no such row.</returns>
    /// <exception cref="VaultException">No server answers, or it refuses.</exception>
    public async ValueTask<T?> AskAsync<T>(string sql, object value, Func<NpgsqlDataReader, T> read)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            await using var connection = new NpgsqlConnection(_connection);
            try
            {
                await connection.OpenAsync();
                await using var command = connection.Command(sql, value);
                await using var row = await command.ExecuteReaderAsync();
                return await row.ReadAsync() ? read(row) : default;
            }
            catch (Exception e) when (PostgresFailure.IsOfServer(e))
            {
                if (!isFirst || PostgresFailure.IsRefusal(e))
                    throw VaultFiles.Failure(Database.Failure(e));
                NpgsqlConnection.ClearPool(connection);
            }
        }
    }

    /// <summary>Closes the connections that are not in use.</summary>
    public void Close()
    {
        using var connection = new NpgsqlConnection(_connection);
        NpgsqlConnection.ClearPool(connection);
    }

    /// <exception cref="JournalException">No server answers, or it refuses.</exception>
    public VaultSession Begin() => new(Database);
}

/// <summary>A transaction in one of the two databases, for one thread at a time. It is taken back unless committed.</summary>
internal sealed class VaultSession : IDisposable
{
    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    public VaultSession(PostgresDatabase database)
    {
        (_database, _connection) = (database, database.Open(PostgresUse.Write));
        try
        {
            _transaction = Try(() => _connection.BeginTransaction());
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <returns>How many rows were changed.</returns>
    public int Run(string sql, params object[] values) => Try(() => _connection.Run(sql, values));

    /// <returns>The default when there is no row.</returns>
    public T? One<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] values) =>
        All(sql, read, values) is [var first, ..] ? first : default;

    public List<T> All<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] values) => Try(() =>
    {
        using var command = _connection.Command(sql, values);
        using var row = command.ExecuteReader();
        var rows = new List<T>();
        while (row.Read())
            rows.Add(read(row));
        return rows;
    });

    /// <summary>Ends the transaction; it is on disk.</summary>
    public void Commit() => Try(() =>
    {
        _transaction.Commit();
        return true;
    });

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (PostgresFailure.IsOfServer(e))
        {
            if (!PostgresFailure.IsRefusal(e))
                NpgsqlConnection.ClearPool(_connection);
            throw _database.Failure(e);
        }
    }
}
