using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Akka.Persistence.Sql.Config;
using Amoe.Engine.Journal;
using LinqToDB;
using LinqToDB.Interceptors;
using Microsoft.Data.Sqlite;

namespace Amoe.Engine.Actors;

/// <summary>The connections on which the framework's plugins write to SQLite files.</summary>
/// <param name="lockTimeout">
/// How long a write waits for the file's lock while another process holds it. Both have to know: SQLite, which waits in
/// small steps, and the provider, which would sleep 150 ms between tries for 30 s more.
/// </param>
internal sealed class SqliteConnections(TimeSpan lockTimeout) : ConnectionInterceptor
{
    // FULL syncs at every commit: an answer that left is durable. A log of 1,000 pages, 16 MB, is overwritten rather
    // than grown.
    private readonly string _pragmas = string.Create(
        CultureInfo.InvariantCulture,
        $"PRAGMA synchronous = FULL; PRAGMA busy_timeout = {lockTimeout.TotalMilliseconds:F0}; PRAGMA wal_autocheckpoint = 1000; PRAGMA cache_size = -16000;");

    // The provider keeps handles open in a pool and opens connections on them again and again: each handle is set once.
    private readonly ConditionalWeakTable<object, object> _told = [];

    public static string StringOf(string path) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(path),
            Mode = SqliteOpenMode.ReadWrite
        }.ConnectionString;

    public static DataOptions Options(string path, TimeSpan lockTimeout) =>
        new DataOptions()
            .UseConnectionString(ProviderName.SQLiteMS, StringOf(path))
            .UseInterceptor(new SqliteConnections(lockTimeout));

    public static JournalPlugins Plugins(string path, EngineOptions options) => new(
        "sqlite.conf",
        Setup(Options(path, options.LockTimeout), Options(path + SnapshotFile.Ending, options.LockTimeout)),
        () => Close(path));

    /// <summary>Each plugin's own file.</summary>
    public static MultiDataOptionsSetup Setup(DataOptions journal, DataOptions snapshots)
    {
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions("akka.persistence.journal.sql", journal);
        setup.AddDataOptions(PartitionHost.SnapshotPlugin, snapshots);
        return setup;
    }

    /// <summary>Closes the pool's handles, so that the files of a journal are left alone.</summary>
    public static void Close(string path)
    {
        foreach (var file in (string[])[path, path + SnapshotFile.Ending])
        {
            using var connection = new SqliteConnection(StringOf(file));
            SqliteConnection.ClearPool(connection);
        }
    }

    public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
    {
        var sqlite = (SqliteConnection)connection;
        sqlite.DefaultTimeout = (int)Math.Ceiling(lockTimeout.TotalSeconds);
        if (!_told.TryAdd(sqlite.Handle!, _pragmas))
            return;
        using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Yields on purpose. The provider's writes are synchronous: without a yield they run inside the journal's stream,
    /// which takes the next row only after the last is synced. Nothing gathers then, and each row is a transaction of
    /// its own.
    /// </summary>
    public override async Task ConnectionOpenedAsync(
        ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ConnectionOpened(eventData, connection);
    }
}
