using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Partitions.Quarantine;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Asks hosts which students and partitions are out of service, and has them tried again, from a process that is no
/// member of the cluster.
/// </summary>
internal sealed class QuarantineClient : IAsyncDisposable
{
    private static readonly TimeSpan _answerPatience = TimeSpan.FromSeconds(5);

    // A partition is read from the journal: its log of a year takes a second, and the database may be busy.
    private static readonly TimeSpan _retryPatience = TimeSpan.FromSeconds(60);

    private readonly ActorSystem _system;

    private QuarantineClient(ActorSystem system) => _system = system;

    /// <param name="host">
    /// Any of the hosts that will be asked: this process listens where that one can answer it.
    /// </param>
    /// <param name="tls">
    /// How this process and the hosts prove who they are; null where all of them are on this machine.
    /// </param>
    /// <param name="log">Called, with one line, when a host is refused.</param>
    /// <exception cref="MutualTlsException">A certificate cannot be used.</exception>
    public static QuarantineClient Start(HostRow host, MutualTls? tls, Action<string> log)
    {
        var link = tls is null ? null : new ClientLink(AddressTowards(MemberName.AddressOf(host.Member)), tls, log);
        return new QuarantineClient(ClusterClient.SystemOf(threads: 1, link));
    }

    /// <summary>Everything that a host has out of service; null where it does not answer within 5 s.</summary>
    public async Task<QuarantineAnswered?> ListAsync(HostRow host)
    {
        var students = new List<StudentOut>();
        for (ulong? from = 0; ;)
        {
            if (await AskAsync<QuarantineAnswered>(
                host, new AskQuarantine(from.Value), _answerPatience) is not { } answer)
                return null;
            students.AddRange(answer.Students);
            from = answer.Next;
            if (from is null)
                return answer with { Students = [.. students] };
        }
    }

    /// <summary>Null where the host does not answer.</summary>
    public Task<StudentsRetried?> RetryAsync(HostRow host, RetryStudents retry) =>
        AskAsync<StudentsRetried>(host, retry, _retryPatience);

    /// <summary>Null where the host does not answer.</summary>
    public Task<PartitionRetried?> RetryAsync(HostRow host, RetryPartition retry) =>
        AskAsync<PartitionRetried>(host, retry, _retryPatience);

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _system.Dispose();
    }

    private async Task<T?> AskAsync<T>(HostRow host, QuarantineMessage message, TimeSpan patience)
        where T : QuarantineMessage
    {
        var actor = _system.ActorSelection(
            new RootActorPath(MemberName.AddressOf(host.Member)) / "user" / HostQuarantine.Name);
        try
        {
            return await actor.Ask<T>(message, patience);
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The address of this machine from which a host is reached.</summary>
    private static IPAddress AddressTowards(Address host)
    {
        try
        {
            // Nothing is sent: the system says which of its addresses it would send from.
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(host.Host, host.Port ?? 0);
            var address = ((IPEndPoint)socket.LocalEndPoint!).Address;
            return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        }
        catch (SocketException)
        {
            // It cannot be reached, which asking it will say.
            return IPAddress.Loopback;
        }
    }
}
