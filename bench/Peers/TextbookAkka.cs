using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using LinqToDB;
using Npgsql;

namespace Amoe.Bench.Peers;

/// <summary>
/// Akka.NET as its documentation has it: a persistent actor for each student, which persists each command and answers
/// in the handler.
/// </summary>
internal sealed class TextbookAkka : IPeer
{
    // A circuit that opens would stop every actor for half a minute; literals would write each byte as two characters
    // of text.
    private const string Configuration = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off, run-by-actor-system-terminate = off }
          persistence {
            journal.plugin = "akka.persistence.journal.sql"
            snapshot-store.plugin = akka.persistence.no-snapshot-store
            journal.sql {
              auto-initialize = on
              tag-write-mode = Csv
              prefer-parameters-on-multirow-insert = true
              recovery-event-timeout = 120s
              circuit-breaker { max-failures = 1000000, call-timeout = 120s, reset-timeout = 1s }
            }
          }
        }
        """;

    // The tables that the plugin makes have no index that a recovery can use: it would read the whole journal.
    private const string Index = "CREATE UNIQUE INDEX journal_of_actor ON journal (persistence_id, sequence_number)";

    private static readonly TimeSpan _journalTimeout = TimeSpan.FromMinutes(2);

    private readonly ActorSystem _system;
    private readonly IActorRef _students;
    private readonly Action _close;

    private TextbookAkka(string store, DataOptions options, Action close)
    {
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions("akka.persistence.journal.sql", options);
        var config = ConfigurationFactory.ParseString($"akka.persistence.journal.sql {{ {store} }}")
            .WithFallback(ConfigurationFactory.ParseString(Configuration))
            .WithFallback(SqlPersistence.DefaultConfiguration);
        var bootstrap = BootstrapSetup.Create().WithConfig(config);
        _system = ActorSystem.Create("textbook", ActorSystemSetup.Create(bootstrap, setup));
        _students = _system.ActorOf(Props.Create(() => new Students()), "students");
        _close = close;
    }

    /// <summary>
    /// On a file: WAL, <c>synchronous = FULL</c>, and rows that gather while one transaction is synced.
    /// </summary>
    public static async Task<IPeer> OnSqliteAsync(PeerRun run)
    {
        var path = run.Place.Address.Path;
        using (var database = SqliteDatabase.Open(path, SqliteAccess.Create))
            database.Execute("PRAGMA journal_mode = WAL");
        var peer = new TextbookAkka(
            "parallelism = 1, batch-size = 1000, read-isolation-level = read-uncommitted",
            SqliteConnections.Options(path, new EngineOptions().LockTimeout), () => SqliteConnections.Close(path));
        await peer.AwaitJournalAsync();
        using (var database = SqliteDatabase.Open(path, SqliteAccess.Write))
            database.Execute(Index);
        return peer;
    }

    public static async Task<IPeer> OnPostgresAsync(PeerRun run)
    {
        var settings = PeerConnections.StringOf(run);
        var peer = new TextbookAkka(
            "parallelism = 3, batch-size = 1000",
            new DataOptions().UseConnectionString(ProviderName.PostgreSQL15, settings),
            () =>
            {
                using var one = new NpgsqlConnection(settings);
                NpgsqlConnection.ClearPool(one);
            });
        await peer.AwaitJournalAsync();
        await using var source = NpgsqlDataSource.Create(settings);
        await PeerConnections.ExecuteAsync(source, Index);
        return peer;
    }

    public ValueTask<Decided> AskAsync(StudentId student, Command? command, DateOnly day)
    {
        var request = new PeerRequest(student, command, day);
        _students.Tell(request);
        return new ValueTask<Decided>(request.Answer);
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _close();
    }

    /// <summary>The journal makes its tables when it is first used: that is no part of a command.</summary>
    private async Task AwaitJournalAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _system.ActorOf(Props.Create(() => new Probe(ready)));
        await ready.Task.WaitAsync(_journalTimeout);
    }

    /// <summary>Recovers once, without an event.</summary>
    private sealed class Probe(TaskCompletionSource ready) : UntypedPersistentActor
    {
        public override string PersistenceId => "probe";

        protected override void OnRecover(object message)
        {
            if (message is RecoveryCompleted)
                ready.TrySetResult();
        }

        protected override void OnCommand(object message) => Unhandled(message);

        protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
            ready.TrySetException(reason);
    }

    /// <summary>The parent, which starts a student's actor with its first command.</summary>
    private sealed class Students : UntypedActor
    {
        private readonly Dictionary<StudentId, IActorRef> _actors = [];

        protected override void OnReceive(object message)
        {
            var request = (PeerRequest)message;
            var student = request.Student;
            if (!_actors.TryGetValue(student, out var actor))
                _actors.Add(student, actor = Context.ActorOf(Props.Create(() => new StudentEntity(student))));
            actor.Tell(request);
        }
    }

    private sealed class StudentEntity(StudentId student) : UntypedPersistentActor
    {
        private StudentHistory _history = new(student);
        private List<byte[]>? _recovered;
        private PeerRequest? _current;

        public override string PersistenceId { get; } = $"student-{student}";

        protected override void OnRecover(object message)
        {
            if (message is byte[] e)
                (_recovered ??= []).Add(e);
            else if (message is RecoveryCompleted && _recovered is not null)
                (_history, _recovered) = (Decider.Load(student, _recovered), null);
        }

        protected override void OnCommand(object message)
        {
            var request = _current = (PeerRequest)message;
            var decided = request.DecideOn(_history);
            if (decided.Event is { } e)
                Persist(e, _ => request.Complete(decided));
            else
                request.Complete(decided);
        }

        protected override void OnPersistFailure(Exception cause, object e, long sequenceNr) => _current?.Fail(cause);

        protected override void OnPersistRejected(Exception cause, object e, long sequenceNr) => _current?.Fail(cause);

        protected override void PreRestart(Exception reason, object message)
        {
            (message as PeerRequest)?.Fail(reason);
            base.PreRestart(reason, message);
        }
    }
}
