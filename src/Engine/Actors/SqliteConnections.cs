using System.Data.Common;
using System.Runtime.CompilerServices;
using LinqToDB;
using LinqToDB.Interceptors;
using Microsoft.Data.Sqlite;

namespace Amoe.Engine.Actors;

/// <summary>The connections on which the framework's journal writes to an SQLite file.</summary>
internal sealed class SqliteConnections : ConnectionInterceptor
{
    // FULL syncs at every commit: an answer that left is durable. The time-out lets SQLite itself wait in small steps, where the provider would sleep 150 ms. A
    // log of 1,000 pages, 16 MB, is overwritten rather than grown.
    private const string Pragmas = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = 1000; PRAGMA cache_size = -16000;";

    // The provider keeps handles open in a pool and opens connections on them again and again: each handle is told once.
    private readonly ConditionalWeakTable<object, object> _told = [];

    public static string StringOf(string path) =>
        new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = SqliteOpenMode.ReadWrite }.ConnectionString;

    public static DataOptions Options(string path) =>
        new DataOptions().UseConnectionString(ProviderName.SQLiteMS, StringOf(path)).UseInterceptor(new SqliteConnections());

    /// <summary>Closes the pool's handles, so that the file is left alone.</summary>
    public static void Close(string path)
    {
        using var connection = new SqliteConnection(StringOf(path));
        SqliteConnection.ClearPool(connection);
    }

    public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
    {
        if (!_told.TryAdd(((SqliteConnection)connection).Handle!, Pragmas))
            return;
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Yields on purpose. The provider's writes are synchronous: without a yield they run inside the journal's stream, which takes the next row only after the
    /// last is synced. Nothing gathers then, and each row is a transaction of its own.
    /// </summary>
    public override async Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ConnectionOpened(eventData, connection);
    }
}
