using System.Data.Common;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Actors;
using Amoe.Tests.Postgres;
using LinqToDB;
using Npgsql;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// A schema in a database that the tests of this process share: a database for each would cost some 0.3 s.
/// </summary>
internal sealed class PostgresTestStore : TestStore
{
    private static readonly Lazy<PrivateDatabase> _database = new(() =>
    {
        // No test kills this server, and each of thousands of commits would wait for the disk.
        var database = PrivatePostgres.Shared.NewDatabase();
        database.Execute($"ALTER DATABASE {database.Name} SET synchronous_commit = off");
        return database;
    });

    private static int _schemas;

    private readonly string _schema = $"test{Interlocked.Increment(ref _schemas)}";

    public JournalAddress Address => JournalAddress.Parse($"{_database.Value.Url}?schema={_schema}");

    public override string Name => Address.Display;

    public override string SnapshotsName => Name;

    public override string Configuration => "postgres.conf";

    public override Type GatedJournal => typeof(GatedPostgresJournal);

    public override string SaysFullDisk => "the server has run out of something";

    public override string SaysLocked => "somebody else holds rows of it locked for too long";

    public override string RowKey => "ctid";

    public override PartitionJournal Create(JournalIdentity identity) =>
        Opened(PostgresJournal.CreateAsync(Address, identity, "a test", TimeProvider.System));

    public override PartitionJournal Open() =>
        Opened(PostgresJournal.OpenAsync(Address, "a test", TimeProvider.System));

    public override PartitionJournal OpenReadOnly() => PostgresJournal.OpenReadOnly(Address);

    public override DbConnection Connect()
    {
        var connection = NewConnection();
        connection.Open();
        return connection;
    }

    public override DbConnection ConnectToSnapshots() => Connect();

    public override IDisposable Hold()
    {
        var connection = Connect();
        connection.Run("BEGIN; LOCK TABLE journal IN EXCLUSIVE MODE");
        return connection;
    }

    public override void Keep() => Run("CREATE TABLE kept AS TABLE journal");

    public override void Restore() =>
        Run("BEGIN; DELETE FROM journal; INSERT INTO journal OVERRIDING SYSTEM VALUE SELECT * FROM kept; COMMIT");

    public override Exception FullDisk() =>
        new PostgresException(
            "could not extend file «base/1/2»: No space left on device (a test)", "ERROR", "ERROR",
            PostgresErrorCodes.DiskFull);

    public override (DataOptions Journal, DataOptions Snapshots) ConnectionsOf(
        PartitionJournal journal, EngineOptions options)
    {
        var connections = PostgresConnections.Options((PostgresJournal)journal);
        return (connections, connections);
    }

    /// <summary>The schema goes with the server, which is gone when the process ends.</summary>
    public override void Dispose()
    {
        using var connection = NewConnection();
        NpgsqlConnection.ClearPool(connection);
    }

    private NpgsqlConnection NewConnection() =>
        new(new NpgsqlConnectionStringBuilder(_database.Value.App) { SearchPath = _schema, Pooling = true }.ToString());

    private static PostgresJournal Opened(Task<PostgresJournal> opening) => opening.GetAwaiter().GetResult();
}
