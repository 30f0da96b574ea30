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
