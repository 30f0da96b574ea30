using System.Collections.Concurrent;
using Akka.Configuration;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Actors;
using Amoe.Engine.Tests.Runtime;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>
/// A journal in a database of its own, and what is done to it behind the back of the runtimes that write it.
/// </summary>
internal sealed class PostgresPartitions
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private PostgresPartitions(PrivateDatabase database) => Database = database;

    public PrivateDatabase Database { get; }

    public JournalAddress Address => JournalAddress.Parse(Database.Url);

    /// <summary>Makes the journal, with one day open.</summary>
    public static async Task<PostgresPartitions> CreateAsync(
        int partitions, int ledgers = 0, PrivatePostgres? server = null)
    {
        var made = new PostgresPartitions((server ?? PrivatePostgres.Shared).NewDatabase());
        PostgresSchema.Create(new PostgresDatabase(made.Address), IdentityOf(partitions, ledgers));
        await using var first = await made.OpenAsync("the test");
        await first.Runtime.MarkDay(CommandKind.OpenDay, Traffic.Day).WaitAsync(Patience);
        return made;
    }

    /// <summary>A journal that was made otherwise.</summary>
    public static PostgresPartitions Of(PrivateDatabase database) => new(database);

    public static JournalIdentity IdentityOf(int partitions, int ledgers = 0) =>
        new(JournalIdentity.CurrentFormatVersion, partitions, Rulebook.EmbeddedText, "tests", 0, 0, ledgers);

    /// <summary>Takes the lease and starts a runtime.</summary>
    /// <param name="name">The holder's name.</param>
    /// <param name="leaseTime">The clock of the lease alone.</param>
    /// <param name="config">What is changed of the actor system's configuration.</param>
    /// <param name="address">Where it is not the owner's own.</param>
    public async Task<WritingRuntime> OpenAsync(
        string name, EngineOptions? options = null, TimeProvider? leaseTime = null, string config = "",
        JournalAddress? address = null)
    {
        var journal = await PostgresJournal.OpenAsync(address ?? Address, name, leaseTime ?? TimeProvider.System)
            .WaitAsync(Patience);
        return await StartAsync(journal, options, config);
    }

    /// <summary>Starts a runtime on a journal that is open for writing, and disposes of both together.</summary>
    public static async Task<WritingRuntime> StartAsync(
        PostgresJournal journal, EngineOptions? options = null, string config = "")
    {
        try
        {
            var (chosen, plugins, warnings) = (options ?? new EngineOptions(), PostgresConnections.Plugins(journal),
                new ConcurrentBag<string>());
            var context = new PartitionContext(
                journal, rulebook => new AmoeLogic(rulebook), chosen.Validated(), TimeProvider.System, warnings.Add);
            var configuration = ConfigurationFactory.ParseString(config)
                .WithFallback(PartitionRuntime.ConfigurationOf(chosen, plugins.Configuration));
            return new WritingRuntime(
                journal,
                await PartitionRuntime.StartAsync(context, configuration, [plugins.Connections]).WaitAsync(Patience),
                warnings);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Ends a runtime as a kill would: it reaches the server no more, and gives nothing back.</summary>
    public async Task KillAsync(WritingRuntime runtime)
    {
        Database.Server.Execute($"ALTER DATABASE {Database.Name} ALLOW_CONNECTIONS false");
        Database.EndSessions();
        await runtime.DisposeAsync().AsTask().WaitAsync(Patience);
        Database.Server.Execute($"ALTER DATABASE {Database.Name} ALLOW_CONNECTIONS true");
    }

    /// <summary>
    /// Inserts a foreign row under a partition's next sequence number. The partition cannot write it first: writers
    /// wait until it is there, and then collide with it.
    /// </summary>
    /// <param name="row">The row's message, from the position that it follows.</param>
    public void InsertNext(int partition, Func<FramePosition, byte[]> row)
    {
        using var connection = new NpgsqlConnection(Database.Superuser);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        Run(connection, "LOCK TABLE amoe.journal IN SHARE MODE");
        using (var journal = PostgresJournal.OpenReadOnly(Address))
        {
            var end = journal.Frames.With(reader => reader.End(partition));
            Insert(connection, journal.Identity.PersistenceIdOf(partition), end.NextSequenceNumber, row(end));
        }

        transaction.Commit();
    }

    public static void Insert(NpgsqlConnection connection, string persistenceId, long sequenceNumber, byte[] message)
    {
        using var insert = connection.Command(
            "INSERT INTO amoe.journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES (0, false, $1, $2, $3, $4, $5, 'foreign')",
            persistenceId, sequenceNumber, message, JournalTable.FrameManifest, JournalTable.SerializerId);
        insert.ExecuteNonQuery();
    }

    /// <summary>The first frame of an incarnation, as another host would write it behind a position.</summary>
    public static byte[] Started(int partition, FramePosition after, long incarnation)
    {
        var writer = new SegmentWriter();
        writer.Begin(Traffic.Day);
        writer.Append(
            RecordHeader.Mark(CommandKind.StartIncarnation, Traffic.Day),
            [new IncarnationStarted(incarnation, 0, "another host", "another build")], null);
        var segment = writer.Seal(partition, after.NextRecord, incarnation);
        var frame = new Frame(
            partition, after.NextSequenceNumber, after.NextRecord, incarnation, 1,
            [new FrameSegment(0, segment.Count, segment.Payload)]);
        return FrameCodec.Encode(frame, after.Checksum);
    }

    public static async Task Until(Func<bool> condition) => await PartitionHarness.Until(condition);

    public static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}

/// <summary>One process's hold on a journal: the lease and the partitions.</summary>
/// <param name="Warnings">What was odd and did no harm.</param>
internal sealed record WritingRuntime(
    PostgresJournal Journal, PartitionRuntime Runtime, IReadOnlyCollection<string> Warnings) : IAsyncDisposable
{
    public bool Serves => Runtime.Own.IsServing && Runtime.Partitions.All(host => host.IsServing);

    public IReadOnlyDictionary<string, string> OutOfService => Runtime.Inspect().OutOfService;

    /// <summary>The incarnation that writes each partition now, by the journal.</summary>
    public long[] Incarnations() =>
        [.. Runtime.Partitions.Select(host => Journal.Frames.With(reader => reader.End(host.Partition)).Incarnation)];

    /// <summary>A student of a partition.</summary>
    public ulong StudentOf(int partition) =>
        Enumerable.Range(1, 1_000).Select(i => (ulong)i).First(student =>
            new StudentId(student).PartitionOf(Runtime.StudentPartitions) == partition);

    public async Task<Outcome> AskAsync(Command command) =>
        (await Runtime.Ask(command).WaitAsync(PostgresPartitions.Patience)).Outcome;

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        Journal.Dispose();
    }
}

/// <summary>
/// Senders that register one student after the other, each command behind the answer to the one before. What is
/// answered unknown is sent again until it is decided.
/// </summary>
internal sealed class RegistrationLoad
{
    private readonly WritingRuntime _target;
    private readonly Task[] _senders;
    private readonly ConcurrentDictionary<Command, Outcome> _acknowledged = new();
    private readonly ConcurrentBag<Command> _unknown = [];
    private volatile bool _isStopping;
    private volatile bool _isAbandoned;

    /// <param name="target">Each of its partitions has as many senders as any other, whichever of them serve.</param>
    /// <param name="number">Loads of different numbers register different students.</param>
    public RegistrationLoad(WritingRuntime target, int number = 0, int sendersEach = 4)
    {
        _target = target;
        _senders = [.. Enumerable.Range(0, sendersEach * target.Runtime.StudentPartitions)
            .Select(sender =>
                Task.Run(() =>
                    SendAsync(
                        sender % target.Runtime.StudentPartitions,
                        (((ulong)number * 1_000) + (ulong)sender + 1) * 10_000)))];
    }

    /// <summary>Each command that was decided, with its outcome.</summary>
    public IReadOnlyDictionary<Command, Outcome> Acknowledged => _acknowledged;

    /// <summary>Commands whose outcome was unknown at first.</summary>
    public IReadOnlyCollection<Command> Unknown => _unknown;

    /// <summary>Undecided commands are not sent again, because the target does not come back.</summary>
    public void Abandon() => _isStopping = _isAbandoned = true;

    public async Task StopAsync()
    {
        _isStopping = true;
        await Task.WhenAll(_senders).WaitAsync(PostgresPartitions.Patience);
    }

    /// <summary>
    /// Everything acknowledged is there once: sent again it has its first outcome and nothing is decided anew, and the
    /// journal is whole and has what the runtime holds.
    /// </summary>
    public static async Task RequireAcknowledgedAsync(WritingRuntime runtime, params RegistrationLoad[] loads)
    {
        var digest = runtime.Runtime.Inspect().Digest;
        Assert.All(loads, load => Assert.NotEmpty(load.Acknowledged));
        foreach (var some in loads.SelectMany(load => load.Acknowledged).Chunk(1_000))
        {
            var outcomes = await Task.WhenAll(some.Select(command => runtime.AskAsync(command.Key)));
            Assert.Equal(some.Select(command => command.Value), outcomes);
        }

        Assert.Equal(digest, runtime.Runtime.Inspect().Digest);
        var audit = JournalAudit.Run(runtime.Journal, threads: 1);
        Assert.Empty(audit.Problems);
        Assert.Equal(digest, audit.Digest);
    }

    /// <summary>
    /// As <see cref="RequireAcknowledgedAsync"/>, where all that was sent was decided: nothing more is there.
    /// </summary>
    public static async Task RequireOnceAsync(WritingRuntime runtime, params RegistrationLoad[] loads)
    {
        await RequireAcknowledgedAsync(runtime, loads);
        var declared = loads.SelectMany(load => load.Acknowledged.Keys).OfType<Declare>().Count();
        Assert.Equal(declared, runtime.Runtime.Inspect().Totals[Figures.Counter.Declarations]);
    }

    private async Task SendAsync(int partition, ulong student)
    {
        for (; !_isStopping; student++)
        {
            if (new StudentId(student).PartitionOf(_target.Runtime.StudentPartitions) != partition)
                continue;
            foreach (var command in Traffic.Registered(student))
            {
                if (!await DecideAsync(command))
                    return;
            }
        }
    }

    /// <summary>False where the partition is out of service.</summary>
    private async Task<bool> DecideAsync(Command command)
    {
        var host = _target.Runtime.Partitions[command.Student.PartitionOf(_target.Runtime.StudentPartitions)];
        while (true)
        {
            var reply = await _target.Runtime.Ask(command).WaitAsync(PostgresPartitions.Patience);
            if (reply.IsDecision)
            {
                Assert.True(_acknowledged.TryAdd(command, reply.Outcome));
                return true;
            }

            if (_isAbandoned)
                return false;
            Assert.Equal(Outcome.Unknown, reply.Outcome);
            _unknown.Add(command);
            await PostgresPartitions.Until(() => host.IsServing || host.OutOfService is not null || _isAbandoned);
            if (host.OutOfService is not null)
                return false;
        }
    }
}
