using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Envelope = Amoe.Engine.Partitions.Envelope;

namespace Amoe.Engine.Actors;

/// <summary>
/// The partitions as persistent actors in this process, on a file or a database: an actor system without remoting and
/// cluster.
/// </summary>
internal sealed class PartitionRuntime : IActorRuntime
{
    /// <summary>
    /// Commands of one message. An array of more would be a large object, which only a collection of the whole heap
    /// frees.
    /// </summary>
    private const int MessageCommandsMax = 1_024;

    private readonly PartitionContext _context;
    private readonly PartitionHost[] _hosts;
    private readonly ActorSystem _system;
    private readonly IActorRef _supervisor;
    private readonly WriteHold _hold;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDisposed;

    private PartitionRuntime(PartitionContext context, ActorSystem system, WriteHold hold)
    {
        (_context, _system, _hold) = (context, system, hold);
        _hosts = [.. Enumerable.Range(0, context.Identity.TotalPartitions)
            .Select(partition => new PartitionHost(partition, context))];
        context.Store.DoAllServe = () => context.Own.HasCome && _hosts.All(host => host.HasCome);
        _supervisor = system.ActorOf(
            Props.Create(() => new PartitionSupervisor(_hosts, context, _ended)), "partitions");
        Students = system.ActorOf(Props.Create(() => new StudentRegion(this)), StudentRegion.Name);
    }

    /// <summary>The program's version, as a partition's first record has it.</summary>
    public static string Build { get; } =
        typeof(PartitionRuntime).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public int StudentPartitions => _context.Identity.StudentPartitions;

    public int LedgerPartitions => _context.Identity.LedgerPartitions;

    public ActorSystem System => _system;

    /// <summary>Takes <see cref="ToActor"/> for any student or claim.</summary>
    public IActorRef Students { get; }

    public WriteFigures Writes => _context.Writes;

    /// <inheritdoc cref="StoreWatch.Fault"/>
    public JournalException? Fault => _context.Store.Fault;

    public IReadOnlyList<PartitionHost> Partitions => _hosts;

    /// <summary>The credit that senders have used.</summary>
    public SenderCredit Credit => new(
        _hosts.Sum(host => (long)host.UnderWay), _hosts.Max(host => (long)host.UnderWay),
        _context.Options.MailboxMessagesMax);

    /// <summary>Bytes of the snapshots now kept.</summary>
    public long SnapshotBytes => _context.Snapshots.Bytes;

    /// <summary>The journal's own actor.</summary>
    public ActorHost Own => _context.Own;

    /// <summary>
    /// Starts an actor system and recovers every partition. One whose log cannot be followed is out of service, and the
    /// others serve.
    /// </summary>
    /// <param name="journal">Opened for writing. It must outlive the runtime, which does not dispose it.</param>
    /// <param name="warn">
    /// Receives, in one line, what is odd and does no harm, such as a snapshot that cannot be read.
    /// </param>
    /// <param name="logic">What decides under a rulebook, where that is not the scheme.</param>
    /// <param name="meter">The caller's, who disposes of it.</param>
    /// <exception cref="JournalException">The store failed, or does not answer.</exception>
    public static Task<PartitionRuntime> StartAsync(
        PartitionJournal journal, EngineOptions options, TimeProvider time, Action<string> warn,
        Func<Rulebook, IActorLogic>? logic = null, EngineMeter? meter = null)
    {
        var plugins = JournalPlugins.Of(journal, options);
        logic ??= rulebook => new AmoeLogic(rulebook);
        var context = new PartitionContext(journal, logic, options.Validated(), time, warn) { Meter = meter };
        return StartAsync(context, ConfigurationOf(options, plugins.Configuration), [plugins.Connections]);
    }

    /// <param name="config">With what a test changes.</param>
    /// <param name="setups">The files' connections, and what a test gives to the plugins.</param>
    internal static async Task<PartitionRuntime> StartAsync(PartitionContext context, Config config, Setup[] setups)
    {
        context.Snapshots.Open();
        var hold = new WriteHold();
        var runtime = new PartitionRuntime(
            context, SystemOf(config, [.. setups, hold, new JournalSetup { Journal = context.Journal }]), hold);
        try
        {
            await runtime.RecoverAsync();
            hold.Begin(context);
            if (context.Meter is { } meter)
                (meter.Partitions, meter.Credit) = (() => runtime._hosts, () => runtime.Credit);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync();
            throw;
        }
    }

    public long IncarnationOf(int partition) =>
        _hosts[partition].OutOfService is null && Own.OutOfService is null
            ? _hosts[partition].Incarnation
            : ICommandTarget.NoIncarnation;

    public bool TryPost(Command command, IReplyTo replyTo) =>
        TryPost(
            command.Student.PartitionOf(StudentPartitions), new Envelope(command, CommandKind.None, default, replyTo));

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        TryPost(partition, Envelope.OfDay(mark, day, replyTo));

    public int TryPostAll(ReadOnlySpan<Command> commands, IReplyTo replyTo)
    {
        var taken = 0;
        while (taken < commands.Length)
        {
            var (partition, wanted) = (commands[taken].Student.PartitionOf(StudentPartitions), 1);
            var end = Math.Min(commands.Length - taken, MessageCommandsMax);
            while (wanted < end && commands[taken + wanted].Student.PartitionOf(StudentPartitions) == partition)
                wanted++;
            var host = _hosts[partition];
            var credit = host.TakeCredit(wanted);
            if (credit > 0)
            {
                var envelopes = new Envelope[credit];
                for (var i = 0; i < credit; i++)
                    envelopes[i] = new Envelope(commands[taken + i], CommandKind.None, default, replyTo);
                Post(host, envelopes);
            }

            taken += credit;
            if (credit < wanted)
                break;
        }

        return taken;
    }

    public RuntimeState Inspect() => Inspect(_hosts, Own);

    /// <summary>The sums over some partitions.</summary>
    /// <param name="own">The journal's own actor.</param>
    internal static RuntimeState Inspect(IEnumerable<PartitionHost> partitions, ActorHost own)
    {
        var (totals, parties) = (new Totals(), new PartyTotals());
        var (digest, students, openClaims) = (0UL, 0L, 0L);
        var quarantined = ImmutableDictionary<StudentId, QuarantinedStudent>.Empty;
        var outOfService = ImmutableDictionary<string, string>.Empty;
        if (own.OutOfService is { } noDays)
            outOfService = outOfService.Add(own.PersistenceId, noDays.Error.Message);
        var readBack = new ReadBackFigures();
        foreach (var host in partitions)
        {
            readBack.Add(host.ReadBackFigures);
            if (host.OutOfService is { } why)
            {
                outOfService = outOfService.Add(host.PersistenceId, why.Error.Message);
                continue;
            }

            var state = host.State;
            totals.Add(state.Totals);
            digest += state.Digest;
            if (state.Ledgers is { } ledgers)
                parties.Add(ledgers.Totals);
            students += state.StudentCount;
            openClaims += state.OpenClaimCount;
            quarantined = quarantined.SetItems(state.Quarantined);
        }

        return new RuntimeState(
            digest, totals, parties, students, openClaims, quarantined, readBack)
        { OutOfService = outOfService };
    }

    /// <summary>
    /// Takes no more commands, answers what waits with <see cref="Outcome.Unknown"/>, lets what is in flight become
    /// durable, and ends the actor system.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        foreach (var host in _hosts)
            host.End();
        _hold.Dispose();
        _supervisor.Tell(Drain.Instance, ActorRefs.Nobody);
        await _ended.Task;

        // The supervisor outlives the partitions for what was posted while they stopped.
        await Task.WhenAll(_hosts.Select(host => host.Answered));
        await _system.Terminate();
        _system.Dispose();
        JournalPlugins.Of(_context.Journal, _context.Options).Close();
    }

    private bool TryPost(int partition, in Envelope envelope)
    {
        var host = _hosts[partition];
        if (host.TakeCredit(1) == 0)
            return false;
        Post(host, [envelope]);
        return true;
    }

    private void Post(PartitionHost host, Envelope[] envelopes) =>
        host.Target(_supervisor).Tell(
            new Commands(host.Partition, envelopes, envelopes[0].ReplyTo.Incarnation), ActorRefs.Nobody);

    /// <summary>
    /// The journal's own actor first, which opens days. Ledgers before students: what they have taken, students'
    /// partitions need not keep.
    /// </summary>
    private async Task RecoverAsync()
    {
        await StartAsync([_context.Own]);
        await StartAsync(_hosts[StudentPartitions..]);
        await StartAsync(_hosts[..StudentPartitions]);
    }

    private async Task StartAsync(ActorHost[] hosts)
    {
        foreach (var host in hosts)
            _supervisor.Tell(new Start(host), ActorRefs.Nobody);
        var opened = WhenAllOrFirstFailure([.. hosts.Select(host => host.Opened)]);
        var progress = -1L;
        while (true)
        {
            try
            {
                await opened.WaitAsync(_context.Options.StartTimeout, _context.Time);
                return;
            }
            catch (TimeoutException) when (progress != Progress)
            {
                // Journals of a year take longer than the time-out to read: as long as something is read, the start
                // goes on.
                progress = Progress;
            }
            catch (TimeoutException e)
            {
                throw new JournalUnavailableException(
                    $"{_context.Journal.Name}: the journal has not answered for {_context.Options.StartTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s. Check its disk or server and start again.",
                    e);
            }
        }
    }

    private long Progress => _context.Own.Progress + _hosts.Sum(host => host.Progress);

    private static async Task WhenAllOrFirstFailure(List<Task> tasks)
    {
        while (tasks.Count > 0)
        {
            var done = await Task.WhenAny(tasks);
            tasks.Remove(done);
            await done;
        }
    }

    internal static ActorSystem SystemOf(Config config, Setup[] setups) =>
        ActorSystem.Create("amoe", ActorSystemSetup.Create([BootstrapSetup.Create().WithConfig(config), .. setups]));

    /// <param name="store">The resource with the store's part.</param>
    internal static Config ConfigurationOf(EngineOptions options, string store) =>
        ConfigurationFactory.ParseString($"amoe.partitions.dedicated-thread-pool.thread-count = {options.Threads}")
            .WithFallback(Resource(store))
            .WithFallback(Resource("akka.conf"))
            .WithFallback(SqlPersistence.DefaultConfiguration);

    internal static Config Resource(string name)
    {
        using var stream = typeof(PartitionRuntime).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
