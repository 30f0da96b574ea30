using System.Collections.Immutable;
using System.Data.Common;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using LinqToDB;
using LinqToDB.Interceptors;
using Envelope = Amoe.Engine.Partitions.Envelope;

namespace Amoe.Engine.Actors;

/// <summary>The partitions as Akka actors in this process, on an SQLite file.</summary>
internal sealed class PartitionRuntime : IActorRuntime
{
    private readonly ActorSystem _system;
    private readonly PartitionHost[] _hosts;
    private readonly IActorRef[] _actors;

    private PartitionRuntime(ActorSystem system, PartitionHost[] hosts, IActorRef[] actors, int students, WriteFigures writes)
    {
        (_system, _hosts, _actors, ShardCount, Writes) = (system, hosts, actors, students, writes);
        PartyShardCount = hosts.Length - students;
    }

    public int ShardCount { get; }

    public int PartyShardCount { get; }

    public WriteFigures Writes { get; }

    public IReadOnlyList<PartitionHost> Partitions => _hosts;

    public static async Task<PartitionRuntime> StartAsync(SqliteJournal journal, IActorLogic logic, EngineOptions options)
    {
        var (students, parties) = (journal.Identity.ShardCount, journal.Identity.PartyShardCount);
        var data = new DataOptions().UseConnectionString(ProviderName.SQLiteMS, $"Data Source={journal.Path}").UseInterceptor(new Pragmas());
        var config = ConfigurationFactory.ParseString(ReadConfig());
        config = config.WithFallback(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration);
        var system = ActorSystem.Create("amoe", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), new DataOptionsSetup(data)));
        var table = journal.Frames;
        var post = new PostOffice(students, parties);
        var writes = new WriteFigures();
        var hosts = Enumerable.Range(0, students + parties)
            .Select(partition => new PartitionHost(partition, students, parties, logic, options, post, table, writes)).ToArray();
        var actors = new IActorRef[hosts.Length];

        // Ledgers first: what they have taken, students' partitions need not keep.
        for (var i = students; i < hosts.Length; i++)
            actors[i] = Start(hosts[i]);
        await Task.WhenAll(hosts.Skip(students).Select(host => host.Open));
        for (var i = 0; i < students; i++)
            actors[i] = Start(hosts[i]);
        await Task.WhenAll(hosts.Select(host => host.Open));
        return new PartitionRuntime(system, hosts, actors, students, writes);

        IActorRef Start(PartitionHost host) =>
            system.ActorOf(Props.Create(() => new PartitionActor(host)).WithDispatcher("amoe.partitions"), host.PersistenceId);
    }

    public bool TryPost(Command command, IReplyTo replyTo) =>
        TryPost(command.Student.ShardOf(ShardCount), new Envelope(command, CommandKind.None, default, replyTo));

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo) => TryPost(shard, Envelope.OfDay(mark, day, replyTo));

    public RuntimeState Inspect()
    {
        var (totals, parties) = (new Totals(), new PartyTotals());
        var (digest, students, openClaims) = (0UL, 0L, 0L);
        var quarantined = ImmutableDictionary<StudentId, string>.Empty;
        var readBack = new ReadBackFigures();
        foreach (var host in _hosts)
        {
            var state = host.State;
            totals.Add(state.Totals);
            digest += state.Digest;
            if (state.Ledgers is { } ledgers)
                parties.Add(ledgers.Totals);
            students += state.StudentCount;
            openClaims += state.OpenClaimCount;
            readBack.Add(host.ReadBack);
            quarantined = quarantined.SetItems(state.Quarantined);
        }

        return new RuntimeState(digest, totals, parties, students, openClaims, quarantined, readBack);
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _system.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    private bool TryPost(int partition, Envelope envelope)
    {
        if (!_hosts[partition].TryTakeCredit())
            return false;
        _actors[partition].Tell(envelope, ActorRefs.NoSender);
        return true;
    }

    private static string ReadConfig()
    {
        using var stream = typeof(PartitionRuntime).Assembly.GetManifestResourceStream("akka.conf")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed class Pragmas : ConnectionInterceptor
    {
        private const string Text = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;";

        // The provider keeps connections open in a pool: each needs to be told once.
        private readonly System.Runtime.CompilerServices.ConditionalWeakTable<object, object> _told = [];

        public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
        {
            if (!_told.TryAdd(((Microsoft.Data.Sqlite.SqliteConnection)connection).Handle!, Text))
                return;
            using var command = connection.CreateCommand();
            command.CommandText = Text;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            ConnectionOpened(eventData, connection);
        }
    }
}
