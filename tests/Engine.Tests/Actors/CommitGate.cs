using System.Collections.Immutable;
using System.Data.Common;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Journal;
using Akka.Serialization;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Tests.Journal;
using LinqToDB;
using LinqToDB.Interceptors;
using Npgsql;

namespace Amoe.Engine.Tests.Actors;

/// <summary>What happens to the next write, or to all until this is set again.</summary>
internal enum WriteFault
{
    None,

    /// <summary>The disk is full when the rows are inserted.</summary>
    Fails,

    /// <summary>The rows are durable and the writer gets no confirmation.</summary>
    LosesReply,

    /// <summary>The journal refuses the event.</summary>
    Rejects,

    /// <summary>The connection to the server breaks before the rows are sent.</summary>
    BreaksBefore,

    /// <summary>The connection to the server breaks once the rows are durable.</summary>
    BreaksAfter,

    /// <summary>The rows are durable already when they are sent, and the server says so.</summary>
    IsMadeTwice,
}

/// <summary>Holds, fails and counts the transactions that the framework's journal makes on a real store.</summary>
internal sealed class CommitGate(TestStore store) : CommandInterceptor
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _open = Opened();
    private WriteFault _next;
    private int _holding;
    private int _transactions;

    /// <summary>The fault of every write from now on.</summary>
    public WriteFault All { get; set; }

    /// <summary>Called with the persistence id of each write; what it returns happens to that write.</summary>
    public Func<string, WriteFault>? Each { get; set; }

    /// <summary>
    /// Called with the persistence id of each try on a database; what it returns happens to the connection.
    /// </summary>
    public Func<string, WriteFault>? Breaks { get; set; }

    /// <summary>Completed before the reply of a write leaves the journal.</summary>
    public Task Replies { get; set; } = Task.CompletedTask;

    /// <summary>True while no frame can be made bytes of.</summary>
    public volatile bool SerializerThrows;

    /// <summary>True while a transaction waits.</summary>
    public bool IsHolding => Volatile.Read(ref _holding) > 0;

    /// <summary>Transactions that inserted something.</summary>
    public int Transactions => Volatile.Read(ref _transactions);

    public void FailNext(WriteFault fault)
    {
        lock (_lock)
            _next = fault;
    }

    public void Hold()
    {
        if (_open.Task.IsCompleted)
            _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Release() => _open.TrySetResult();

    /// <summary>The configuration of a runtime whose journal passes this gate.</summary>
    public Config Configure(EngineOptions options, string more = "") =>
        ConfigurationFactory.ParseString($"""
            akka.persistence.journal.sql.class = "{store.GatedJournal.AssemblyQualifiedName}"
            akka.actor.serializers.row = "{typeof(FaultySerializer).AssemblyQualifiedName}"
            {more}
            """)
            .WithFallback(PartitionRuntime.ConfigurationOf(options, store.Configuration));

    /// <param name="journal">The store's, open for writing.</param>
    public Setup[] SetupsFor(PartitionJournal journal, EngineOptions options)
    {
        var (events, snapshots) = store.ConnectionsOf(journal, options);
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions("akka.persistence.journal.sql", events.UseInterceptor(this));
        setup.AddDataOptions(PartitionHost.SnapshotPlugin, snapshots);
        return [setup, new GateSetup(this)];
    }

    /// <summary>Writes one partition's events, with what happens to the write.</summary>
    public Task<IImmutableList<Exception>> WriteAsync(
        IEnumerable<AtomicWrite> messages, Func<AtomicWrite[], Task<IImmutableList<Exception>>> write)
    {
        AtomicWrite[] writes = [.. messages];
        var fault = TakeFault(writes[0].PersistenceId);
        if (fault == WriteFault.Fails)
            return Task.FromException<IImmutableList<Exception>>(store.FullDisk());
        if (fault == WriteFault.Rejects)
            return Answer(
                Task.FromResult<IImmutableList<Exception>>(
                    [.. writes.Select(_ => new InvalidOperationException("the event is refused (a test)"))]), Replies,
                fault);
        return Answer(write(writes), Replies, fault);
    }

    /// <summary>One try of a write, on a connection that may break.</summary>
    public async Task<IImmutableList<Exception>> TryWriteAsync(
        string persistenceId, Func<Task<IImmutableList<Exception>>> write)
    {
        var breaks = Breaks?.Invoke(persistenceId) ?? WriteFault.None;
        if (breaks != WriteFault.BreaksBefore)
        {
            var written = await write();
            if (breaks == WriteFault.None)
                return written;
            if (breaks == WriteFault.IsMadeTwice)
                throw new PostgresException(
                    "duplicate key (a test)", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation,
                    $"Key (persistence_id, sequence_number)=({persistenceId}, 1) already exists.",
                    tableName: "journal");
        }

        throw new IOException("the connection broke (a test)");
    }

    private WriteFault TakeFault(string persistenceId)
    {
        if (Each?.Invoke(persistenceId) is { } fault and not WriteFault.None)
            return fault;
        lock (_lock)
        {
            // A failure happens in the transaction, further down.
            if (_next is WriteFault.None or WriteFault.Fails)
                return All == WriteFault.Fails ? WriteFault.None : All;
            (fault, _next) = (_next, WriteFault.None);
            return fault;
        }
    }

    public override LinqToDB.Common.Option<int> ExecuteNonQuery(
        CommandEventData eventData, DbCommand command, LinqToDB.Common.Option<int> result)
    {
        PassAsync(command).GetAwaiter().GetResult();
        return result;
    }

    public override async Task<LinqToDB.Common.Option<int>> ExecuteNonQueryAsync(
        CommandEventData eventData, DbCommand command, LinqToDB.Common.Option<int> result,
        CancellationToken cancellationToken)
    {
        await PassAsync(command);
        return result;
    }

    private async Task PassAsync(DbCommand command)
    {
        if (!command.CommandText.Contains("INSERT", StringComparison.OrdinalIgnoreCase))
            return;
        Interlocked.Increment(ref _holding);
        await _open.Task;
        Interlocked.Decrement(ref _holding);
        Interlocked.Increment(ref _transactions);
        var fails = All == WriteFault.Fails;
        lock (_lock)
        {
            if (_next == WriteFault.Fails)
                (fails, _next) = (true, WriteFault.None);
        }

        if (fails)
            throw store.FullDisk();
    }

    private static async Task<IImmutableList<Exception>> Answer(
        Task<IImmutableList<Exception>> written, Task replies, WriteFault fault)
    {
        var result = await written;
        await replies;
        return fault == WriteFault.LosesReply ? throw new TimeoutException("the reply was lost (a test)") : result;
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}

/// <summary>Brings the gate to the journal, which the framework makes.</summary>
internal sealed class GateSetup(CommitGate gate) : Setup
{
    public CommitGate Gate => gate;
}

/// <summary>The journal plugin of a file, with faults around it.</summary>
internal sealed class GatedSqliteJournal : SqlWriteJournal
{
    private readonly CommitGate _gate;

    public GatedSqliteJournal(Config config)
        : base(config) => _gate = Context.System.Settings.Setup.Get<GateSetup>().Value.Gate;

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) =>
        _gate.WriteAsync(messages, writes => base.WriteMessagesAsync(writes, cancellationToken));
}

/// <summary>The journal plugin of a database, with faults around it.</summary>
internal sealed class GatedPostgresJournal : PostgresWriteJournal
{
    private readonly CommitGate _gate;

    public GatedPostgresJournal(Config config)
        : base(config) => _gate = Context.System.Settings.Setup.Get<GateSetup>().Value.Gate;

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) =>
        _gate.WriteAsync(messages, writes => base.WriteMessagesAsync(writes, cancellationToken));

    protected override Task<IImmutableList<Exception>> TryWriteAsync(
        AtomicWrite[] writes, CancellationToken cancellationToken) =>
        _gate.TryWriteAsync(writes[0].PersistenceId, () => base.TryWriteAsync(writes, cancellationToken));
}

/// <summary>The serializer of frames, which throws where a test asks for it.</summary>
internal sealed class FaultySerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private readonly CommitGate _gate = system.Settings.Setup.Get<GateSetup>().Value.Gate;
    private readonly RowSerializer _inner = new(system);

    public override int Identifier => _inner.Identifier;

    public override string Manifest(object o) => _inner.Manifest(o);

    public override byte[] ToBinary(object obj) =>
        _gate.SerializerThrows
            ? throw new InvalidOperationException("the serializer throws (a test)")
            : _inner.ToBinary(obj);

    public override object FromBinary(byte[] bytes, string manifest) => _inner.FromBinary(bytes, manifest);
}
