using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Bench.Ladder;

/// <summary>A PostgreSQL server, one fresh database after the other: one of our own, or one that is there.</summary>
internal sealed class PostgresLadderStore : ILadderStore
{
    private static readonly string[] Settings = [
        "server_version", "fsync", "synchronous_commit", "shared_buffers", "max_wal_size", "wal_compression"
    ];

    private readonly PrivatePostgres? _own;
    private readonly string _server;
    private readonly string _bareDatabase;
    private readonly NpgsqlConnection _control;
    private readonly ServerProcesses? _processes;
    private PostgresLayout? _best;
    private int _databases;

    private PostgresLadderStore(PrivatePostgres? own, string server)
    {
        (_own, _server) = (own, server);

        // Here and in every program that is started from here: no address has to say it.
        if (new NpgsqlConnectionStringBuilder(server).Password is { Length: > 0 } password)
            Environment.SetEnvironmentVariable("PGPASSWORD", password);
        _control = new NpgsqlConnection(server);
        _control.Open();
        _processes = ServerProcesses.Of(_control);
        _bareDatabase = NewDatabase();
    }

    public string Description =>
        string.Join(
            ", ", Settings.Select(setting => $"{setting} {Scalar<string>($"SELECT current_setting('{setting}')")}"));

    /// <summary>Of a database of the baseline's own.</summary>
    public string ConnectionString => To(_bareDatabase);

    /// <summary>
    /// A server of our own, with its files in a folder of <paramref name="folder"/>; gone at the end.
    /// </summary>
    public static PostgresLadderStore Private(string folder)
    {
        // Where a private server puts its files.
        Environment.SetEnvironmentVariable("TMPDIR", folder);
        var own = PrivatePostgres.Start("shared_buffers=1GB", "max_wal_size=8GB");
        return new PostgresLadderStore(own, own.Superuser);
    }

    /// <summary>An existing server, as a role that may create databases and order checkpoints.</summary>
    public static PostgresLadderStore At(string address) =>
        new(null, JournalAddress.Parse(address).Connection.ConnectionString);

    public string FindBestBare(byte[] bytes)
    {
        _best = PostgresBare.FindBest(bytes, ConnectionString, this);
        return _best.ToString();
    }

    public Taken AppendBare(byte[] bytes, int rowBytes = 0)
    {
        var best = _best ?? throw new InvalidOperationException("what is best was not looked for");
        return PostgresBare.Append(
            bytes, rowBytes == 0 ? best : best with { RowBytes = rowBytes }, ConnectionString, this);
    }

    public PartitionCounts Partitions => PartitionCounts.InDatabase;

    public ILadderPlace NewPlace()
    {
        var place = new Place(this, NewDatabase());

        // So that the next rung does not pay for earlier writes.
        Execute("CHECKPOINT");
        return place;
    }

    public StoreUse Use() =>
        new(_processes?.CpuSeconds() ?? 0, Scalar<long>("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"));

    public void Dispose()
    {
        Drop(_bareDatabase);
        _control.Dispose();
        _own?.Dispose();
    }

    private string To(string database) =>
        new NpgsqlConnectionStringBuilder(_server) { Database = database }.ConnectionString;

    private string NewDatabase()
    {
        var name = $"ladder_{Environment.ProcessId}_{++_databases}";
        Execute($"CREATE DATABASE {name}");
        return name;
    }

    private void Drop(string database) => Execute($"DROP DATABASE {database} WITH (FORCE)");

    private void Execute(string sql)
    {
        using var command = new NpgsqlCommand(sql, _control);
        command.ExecuteNonQuery();
    }

    private T Scalar<T>(string sql)
    {
        using var command = new NpgsqlCommand(sql, _control);
        return (T)command.ExecuteScalar()!;
    }

    /// <summary>As people write it, without the password.</summary>
    private string AddressOf(string database)
    {
        var server = new NpgsqlConnectionStringBuilder(_server);
        return $"postgres://{Uri.EscapeDataString(server.Username ?? "")}@{server.Host}:{server.Port}/{database}";
    }

    private sealed class Place(PostgresLadderStore store, string database) : ILadderPlace
    {
        public JournalAddress Address { get; } = JournalAddress.Parse(store.AddressOf(database));

        public IJournal OpenJournal() => PostgresJournal.OpenReadOnly(Address);

        public async Task<LadderEngine> StartAsync(
            JournalIdentity identity, IActorLogic logic, EngineOptions options) =>
            await StartAsync(
                await PostgresJournal.CreateAsync(Address, identity, "the ladder", TimeProvider.System), logic,
                options);

        public async Task<LadderEngine> RecoverAsync(IActorLogic logic, EngineOptions options) =>
            await StartAsync(
                await PostgresJournal.OpenAsync(Address, "the ladder", TimeProvider.System), logic, options);

        private static async Task<LadderEngine> StartAsync(
            PostgresJournal journal, IActorLogic logic, EngineOptions options) =>
            new(
                await PartitionRuntime.StartAsync(
                    journal, options, TimeProvider.System, Console.Error.WriteLine, _ => logic), journal, journal);

        public void Dispose() => store.Drop(database);
    }
}
