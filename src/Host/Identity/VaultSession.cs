using Amoe.Engine.Journal.Postgres;
using Npgsql;

namespace Amoe.Host.Identity;

/// <summary>
/// A transaction in one of the two databases, for one thread at a time. It is taken back unless committed.
/// </summary>
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
