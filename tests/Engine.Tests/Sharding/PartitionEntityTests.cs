using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Tests.Postgres;
using Amoe.Engine.Tests.Runtime;
using Amoe.Tests.Postgres;
using Npgsql;
using Inbox = Akka.Actor.Inbox;

namespace Amoe.Engine.Tests.Sharding;

/// <summary>The entity of one partition on a host of a real database, without a cluster around it.</summary>
public sealed class PartitionEntityTests
{
    private static readonly TimeSpan Patience = PostgresPartitions.Patience;

    /// <summary>
    /// The former host may have written the log until just now, so what is read first can be half of what there is.
    /// </summary>
    [PostgresFact]
    public async Task A_log_that_is_whole_when_it_is_read_the_third_time_serves()
    {
        await using var host = new EntityOnHost();
        host.HideFirstRow(reads: 2);
        host.Start();

        await PostgresPartitions.Until(() => host.Partition is { IsServing: true } or { OutOfService: not null });
        Assert.True(host.Partition!.IsServing);
        Assert.Equal(3, host.Reads);
        Assert.DoesNotContain(host.Warnings, IsOutOfService);
    }

    [PostgresFact]
    public async Task A_log_that_cannot_be_followed_is_read_three_times_before_its_partition_is_out_of_service_and_senders_are_answered()
    {
        await using var host = new EntityOnHost();
        host.HideFirstRow(reads: 100);
        host.Start();
        host.Send(new OpenSession(Guid.NewGuid(), 1));

        Assert.Equal(new OutOfService(1), host.Receive());
        Assert.NotNull(host.Partition!.OutOfService);
        Assert.Equal(3, host.Reads);
        Assert.Single(host.Warnings, IsOutOfService);
    }

    [PostgresFact]
    public async Task A_message_for_a_student_of_a_partition_that_does_not_serve_is_answered_unknown()
    {
        await using var host = new EntityOnHost();
        host.HideFirstRow(reads: 100);
        host.Start();
        await PostgresPartitions.Until(() => host.Warnings.Any(IsOutOfService));

        host.Send(new ToStudent(Traffic.Declare(1)));
        Assert.Equal(new Reply(Traffic.Declare(1).Id, Outcome.Unknown), Assert.IsType<Reply>(host.Receive()));
    }

    /// <summary>It was taken, and without an answer its sender would wait for its own time-out.</summary>
    [PostgresFact]
    public async Task A_message_for_a_student_in_the_mailbox_of_a_partition_that_stops_is_answered_unknown()
    {
        await using var host = new EntityOnHost();
        host.Start();
        await PostgresPartitions.Until(() => host.Partition is { IsServing: true });
        using (host.HoldPartitions())
        {
            host.StopPartition();
            host.Send(new ToStudent(Traffic.Declare(1)));
            host.Send(new Identify("behind it"));
            Assert.IsType<ActorIdentity>(host.Receive());
        }

        Assert.Equal(new Reply(Traffic.Declare(1).Id, Outcome.Unknown), Assert.IsType<Reply>(host.Receive()));
    }

    /// <summary>Senders gave up for good over a partition that another host served by then.</summary>
    [PostgresFact]
    public async Task A_host_that_has_lost_its_lease_tells_no_sender_that_a_partition_is_out_of_service()
    {
        await using var host = new EntityOnHost();
        host.HideFirstRow(reads: 100);
        host.Start();
        await PostgresPartitions.Until(() => host.Warnings.Any(IsOutOfService));
        await host.LoseLeaseAsync();

        // One asks before the log is read once more, and the other one after.
        host.Send(new OpenSession(Guid.NewGuid(), 1));
        host.Send(new RetryPartition(0));
        Assert.Equal(RetryEnd.Interrupted, Assert.IsType<PartitionRetried>(host.Receive()).End);
        host.Send(new OpenSession(Guid.NewGuid(), 2));
        host.Send(new RetryPartition(0));
        Assert.Equal(RetryEnd.Interrupted, Assert.IsType<PartitionRetried>(host.Receive()).End);
        Assert.NotNull(host.Partition!.OutOfService);
        Assert.Single(host.Warnings, IsOutOfService);
    }

    /// <summary>
    /// All of a host's partitions together were silent for as long as the others needed to recover the last of them.
    /// </summary>
    [PostgresFact]
    public async Task A_partition_that_is_to_be_handed_over_serves_on_until_its_turn_has_come()
    {
        await using var host = new EntityOnHost();
        host.Start();
        await PostgresPartitions.Until(() => host.Partition is { IsServing: true });
        host.Send(Drain.Instance);
        Assert.Equal(new HandOver(0), host.Receive());
        host.Send(new OpenSession(Guid.NewGuid(), 1));
        Assert.IsType<SessionOpened>(host.Receive());

        host.Send(HandOverNow.Instance);
        await PostgresPartitions.Until(() => host.Partition is null);
        await PostgresPartitions.Until(() => host.IsHandedBack);
    }

    [PostgresFact]
    public async Task A_partition_that_does_not_serve_is_handed_over_at_once()
    {
        await using var host = new EntityOnHost();
        host.HideFirstRow(reads: 100);
        host.Start();
        await PostgresPartitions.Until(() => host.Warnings.Any(IsOutOfService));
        Assert.False(host.IsHandedBack);
        host.Send(Drain.Instance);
        await PostgresPartitions.Until(() => host.IsHandedBack);
    }

    private static bool IsOutOfService(string warning) =>
        warning.Contains("is out of service", StringComparison.Ordinal);

    /// <summary>A host with partition 0 alone, whose log has two events.</summary>
    private sealed class EntityOnHost : IAsyncDisposable
    {
        private readonly PrivateDatabase _database = RegisteredHost.NewJournal();
        private readonly RegisteredHost _host;
        private readonly RegisteredHost _other;
        private readonly PostgresJournal _journal;
        private readonly ActorSystem _system;
        private readonly Holdings _holdings;
        private readonly HostContext _context;
        private readonly Inbox _inbox;
        private IActorRef _entity = ActorRefs.Nobody;

        public EntityOnHost()
        {
            using (var connection = new NpgsqlConnection(_database.Superuser))
            {
                connection.Open();
                var position = new FrameChain(partition: 0).Position;
                for (var incarnation = 1; incarnation <= 2; incarnation++)
                {
                    var row = PostgresPartitions.Started(0, position, incarnation);
                    PostgresPartitions.Insert(connection, "partition-0", position.NextSequenceNumber, row);
                    using var journal = PostgresJournal.OpenReadOnly(JournalAddress.Parse(_database.Url));
                    position = journal.Frames.With(reader => reader.End(0));
                }
            }

            (_host, _other) = (RegisteredHost.Register(_database, "host"), RegisteredHost.Register(_database, "other"));
            _journal = PostgresJournal.OpenShared(_host.Database, _host.BeginLease());
            var (options, plugins) = (new EngineOptions { Threads = 1 }, PostgresConnections.Plugins(_journal));
            var configuration = ConfigurationFactory.ParseString(
                "akka { actor.provider = cluster, remote.dot-netty.tcp { hostname = \"127.0.0.1\", port = 0 } }")
                .WithFallback(PartitionRuntime.ConfigurationOf(options, plugins.Configuration));
            _system = PartitionRuntime.SystemOf(configuration, [plugins.Connections]);
            _holdings = new Holdings(_host.Hosts, _host.Id, TimeProvider.System);
            var partitions = new PartitionContext(
                _journal, rulebook => new AmoeLogic(rulebook), options.Validated(), TimeProvider.System, Warnings.Add);
            _inbox = Inbox.Create(_system);
            _context = new HostContext(
                partitions, _holdings,
                Cluster.Get(_system))
            { Format = EventCodec.Version, HandOvers = _inbox.Receiver };
        }

        public ConcurrentBag<string> Warnings { get; } = [];

        public PartitionHost? Partition => _context.Here.FirstOrDefault();

        public bool IsHandedBack => _host.Hosts.Holdings().GetValueOrDefault(0) is null;

        /// <summary>How often the log was read.</summary>
        public long Reads => _database.Scalar<long>("SELECT last_value FROM amoe.reads");

        /// <summary>The log's first event is missing when it is read the first so many times.</summary>
        public void HideFirstRow(int reads) => _database.Execute($"""
            CREATE SEQUENCE amoe.reads;
            CREATE FUNCTION amoe.shows_first() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS
                'BEGIN RETURN current_query() ILIKE ''%max(%'' OR nextval(''amoe.reads'') > {reads}; END';
            ALTER TABLE amoe.journal ENABLE ROW LEVEL SECURITY;
            ALTER TABLE amoe.journal FORCE ROW LEVEL SECURITY;
            CREATE POLICY hidden ON amoe.journal USING (persistence_id <> 'partition-0' OR sequence_number <> 1 OR amoe.shows_first()) WITH CHECK (true);
            """);

        public void Start() => _entity = _system.ActorOf(Props.Create(() => new PartitionEntity(_context, 0)));

        public void Send(object message) => _inbox.Send(_entity, message);

        public object Receive() => _inbox.Receive(Patience);

        /// <summary>Occupies the one thread on which partitions run until it is disposed.</summary>
        public Hold HoldPartitions()
        {
            var hold = new Hold();
            _system.ActorOf(Props.Create(() => new Holder(hold)).WithDispatcher("amoe.partitions"));
            Assert.True(hold.Began.Wait(Patience));
            return hold;
        }

        /// <summary>The partition's actor ends once it has taken what is in its mailbox by now.</summary>
        public void StopPartition() => _system.ActorSelection(_entity.Path / "partition-0").Tell(PoisonPill.Instance);

        public async Task LoseLeaseAsync()
        {
            Assert.True(_other.TryOutvote(_host));
            await _host.Lease!.WhenLost.WaitAsync(Patience);
        }

        public async ValueTask DisposeAsync()
        {
            await _system.Terminate().WaitAsync(Patience);
            _holdings.Dispose();
            PostgresConnections.Close(_journal.ConnectionString);
            _journal.Dispose();
            _host.Dispose();
            _other.Dispose();
        }
    }

    /// <summary>A thread that waits for the end of the hold.</summary>
    internal sealed class Hold : IDisposable
    {
        private readonly ManualResetEventSlim _end = new();

        public ManualResetEventSlim Began { get; } = new();

        public void Keep()
        {
            Began.Set();
            _end.Wait(Patience);
        }

        public void Dispose() => _end.Set();
    }

    private sealed class Holder(Hold hold) : UntypedActor
    {
        protected override void PreStart() => hold.Keep();

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
