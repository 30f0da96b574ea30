using System.Net;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Sends commands to a cluster from a process that is no member of it: a session with each partition, opened by way of
/// any host and then spoken with the partition's actor itself. What is lost is sent again, in order; a command that has
/// no answer within the patience is answered unknown.
/// </summary>
internal sealed class ClusterClient : ICommandTarget, IAsyncDisposable
{
    /// <summary>Commands that may be posted to a partition and not answered.</summary>
    public const int UnansweredMax = 4_096;

    private readonly ActorSystem _system;
    private readonly HostDirectory _directory;
    private readonly SessionHandle[] _sessions;

    private ClusterClient(
        int students, int ledgers, HostDirectory directory, Func<int, IActorRef?> here, ActorSystem system,
        TimeSpan patience, TimeProvider time, EngineMeter? meter)
    {
        (StudentPartitions, LedgerPartitions, _directory, _system) = (students, ledgers, directory, system);
        _sessions = [.. Enumerable.Range(0, students + ledgers).Select(partition => new SessionHandle(meter))];
        for (var partition = 0; partition < _sessions.Length; partition++)
        {
            var (to, session) = (partition, _sessions[partition]);
            var router = new SessionRouter(to, directory, here);
            var options = new SessionOptions { ItemsMax = UnansweredMax, Deadline = patience };
            session.Actor = system.ActorOf(
                Props.Create(() => new SessionActor(session, router, options, time)).WithDispatcher("amoe.senders"),
                $"session-{partition}");
        }

        Students = system.ActorOf(Props.Create(() => new StudentRegion(this)), StudentRegion.Name);
        meter?.Credit = () => new SenderCredit(
            _sessions.Sum(session => (long)session.Unanswered), _sessions.Max(session => (long)session.Unanswered),
            UnansweredMax);
    }

    public int StudentPartitions { get; }

    public int LedgerPartitions { get; }

    /// <summary>
    /// Takes <see cref="ToActor"/> for any student or claim. What is lost on the way is sent again for as long as the
    /// patience lasts.
    /// </summary>
    public IActorRef Students { get; }

    /// <param name="hosts">The hosts of the journal.</param>
    /// <param name="threads">Threads that answer callers.</param>
    /// <param name="patience">How long a command is sent again.</param>
    /// <param name="link">How it is reached; null where all hosts are on this machine.</param>
    /// <param name="meter">The caller's, who disposes of it.</param>
    /// <param name="here">
    /// The entity of a partition that a host in this process speaks for, or null; left out where no host is in this
    /// process.
    /// </param>
    public static ClusterClient Start(
        int students, int ledgers, PostgresHosts hosts, int threads, TimeSpan patience, TimeProvider time,
        ClientLink? link = null, EngineMeter? meter = null, Func<int, IActorRef?>? here = null)
    {
        var (directory, system) = (new HostDirectory(hosts, time), SystemOf(threads, link));
        return new(students, ledgers, directory, here ?? (_ => null), system, patience, time, meter);
    }

    /// <summary>An actor system that reaches hosts, and is no member of their cluster.</summary>
    internal static ActorSystem SystemOf(int threads, ClientLink? link)
    {
        Setup[] setups = link is null ? [] : [link.Tls.Load(link.Log)];
        var system = PartitionRuntime.SystemOf(ConfigurationOf(threads, link), setups);

        // For good: a sender ends by Terminate alone.
        ShutdownHold.Place(system, released: Task.Delay(Timeout.Infinite));
        return system;
    }

    private static Config ConfigurationOf(int threads, ClientLink? link)
    {
        var (listen, tls) = (link?.Listen ?? IPAddress.Loopback, link is null ? "" : ", enable-ssl = true");
        return ConfigurationFactory.ParseString(
            $"amoe.senders.dedicated-thread-pool.thread-count = {threads}, akka.remote.dot-netty.tcp {{ hostname = \"{listen}\", port = 0{tls} }}")
            .WithFallback(PartitionRuntime.Resource("client.conf"))
            .WithFallback(PartitionRuntime.Resource("remote.conf"))
            .WithFallback(PartitionRuntime.Resource("akka.conf"));
    }

    public bool TryPost(Command command, IReplyTo replyTo) =>
        TryPost(command.Student.PartitionOf(StudentPartitions), [SessionItem.Of(command)], replyTo) == 1;

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        TryPost(partition, [SessionItem.OfDay(mark, day)], replyTo) == 1;

    public int TryPostAll(ReadOnlySpan<Command> commands, IReplyTo replyTo)
    {
        var taken = 0;
        while (taken < commands.Length)
        {
            var (partition, wanted) = (commands[taken].Student.PartitionOf(StudentPartitions), 1);
            while (taken + wanted < commands.Length
                && commands[taken + wanted].Student.PartitionOf(StudentPartitions) == partition)
                wanted++;
            var items = new SessionItem[wanted];
            for (var i = 0; i < wanted; i++)
                items[i] = SessionItem.Of(commands[taken + i]);
            var posted = TryPost(partition, items, replyTo);
            taken += posted;
            if (posted < wanted)
                break;
        }

        return taken;
    }

    /// <summary>Answers what is not answered unknown, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _system.Dispose();
        _directory.Dispose();
    }

    private int TryPost(int partition, SessionItem[] items, IReplyTo replyTo)
    {
        var session = _sessions[partition];
        var taken = session.TakeCredit(items.Length);
        if (taken > 0)
            session.Actor.Tell(
                new PostItems(taken == items.Length ? items : items[..taken], replyTo), ActorRefs.NoSender);
        return taken;
    }
}

/// <summary>How a sender takes part in a network of hosts that are on several machines.</summary>
/// <param name="Listen">The address at which hosts answer it.</param>
/// <param name="Tls">How the sender and the hosts prove who they are.</param>
/// <param name="Log">Called, with one line, when a peer is refused.</param>
internal sealed record ClientLink(IPAddress Listen, MutualTls Tls, Action<string> Log);

/// <summary>Items of one caller, in order.</summary>
internal sealed record PostItems(SessionItem[] Items, IReplyTo Caller) : INoSerializationVerificationNeeded;

/// <summary>The session with one partition, as its callers have it.</summary>
internal sealed class SessionHandle(EngineMeter? meter)
{
    private int _unanswered;

    /// <summary>Items that were taken and not answered.</summary>
    public int Unanswered => Volatile.Read(ref _unanswered);

    public IActorRef Actor { get; set; } = ActorRefs.Nobody;

    /// <summary>Takes credit for up to <paramref name="wanted"/> items, and returns for how many.</summary>
    public int TakeCredit(int wanted)
    {
        var before = Interlocked.Add(ref _unanswered, wanted) - wanted;
        var taken = Math.Clamp(ClusterClient.UnansweredMax - before, 0, wanted);
        if (taken < wanted)
        {
            Interlocked.Add(ref _unanswered, taken - wanted);
            meter?.RefuseCredit(wanted - taken);
        }

        return taken;
    }

    public void ReturnCredit() => Interlocked.Decrement(ref _unanswered);
}

/// <summary>
/// The addresses of the hosts of a journal. It asks the database again when the senders come no further with those that
/// it has.
/// </summary>
internal sealed class HostDirectory : IDisposable
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(500);

    private readonly PostgresHosts _hosts;
    private readonly ITimer _timer;
    private volatile Address[] _addresses = [];
    private int _next;
    private int _isLooking;

    public HostDirectory(PostgresHosts hosts, TimeProvider time)
    {
        _hosts = hosts;
        _timer = time.CreateTimer(_ => Look(), null, TimeSpan.Zero, _lookEvery);
    }

    /// <summary>Another host each time; null while none is known.</summary>
    public Address? Next()
    {
        var addresses = _addresses;
        return addresses.Length == 0
            ? null
            : addresses[(uint)Interlocked.Increment(ref _next) % (uint)addresses.Length];
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
            return;
        try
        {
            _addresses = [.. _hosts.Live()
                .Where(host => host.Status.Joined is not null)
                .Select(host => MemberName.AddressOf(host.Member))];
        }
        catch (JournalException)
        {
            // Those that were there when the database last answered are tried meanwhile.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }
}
