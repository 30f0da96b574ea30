using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Tests.Journal;
using Amoe.Tests.Tls;

namespace Amoe.Engine.Tests.Sharding;

public sealed class ShutdownHoldTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A host was killed while a sender shook hands with it. The framework took that for a wrong certificate and shut
    /// the sender's actor system down: what it had sent was answered unknown, and what it sent then was never answered.
    /// </summary>
    [Fact]
    public async Task A_sender_outlives_a_peer_that_dies_while_they_shake_hands()
    {
        using var authority = new Authority(_folder.FullName, "authority");
        using var dying = new DyingPeer();
        var sender = ClusterClient.SystemOf(
            threads: 1, new ClientLink(IPAddress.Loopback, authority.Issue("sender"), _ => { }));
        try
        {
            var peer = sender.ActorSelection($"akka.ssl.tcp://amoe@{dying.EndPoint}/user/absent");
            await Until(
                () => SentIsEnough(peer, () => CoordinatedShutdown.Get(sender).ShutdownReason is not null),
                "the framework asks for a shutdown");

            var before = dying.Handshakes;
            await Until(
                () => SentIsEnough(peer, () => dying.Handshakes > before + 1), "the sender tries its peer again");
        }
        finally
        {
            await sender.Terminate();
        }
    }

    private static bool SentIsEnough(ActorSelection peer, Func<bool> condition)
    {
        peer.Tell(new Unread());
        return condition();
    }

    private static async Task Until(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"it did not come about that {what}");
            await Task.Delay(10);
        }
    }

    /// <summary>Never serialized: the association fails before.</summary>
    private sealed record Unread : INoSerializationVerificationNeeded;

    /// <summary>Takes connections and ends each at the first word.</summary>
    private sealed class DyingPeer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _handshakes;

        public DyingPeer()
        {
            _listener.Start();
            _ = ListenAsync();
        }

        public EndPoint EndPoint => _listener.LocalEndpoint;

        public int Handshakes => Volatile.Read(ref _handshakes);

        public void Dispose() => _listener.Dispose();

        private async Task ListenAsync()
        {
            try
            {
                while (true)
                {
                    using var socket = await _listener.AcceptSocketAsync();
                    await socket.ReceiveAsync(new byte[1]);
                    Interlocked.Increment(ref _handshakes);

                    // As the system of a process that was killed does.
                    socket.LingerState = new LingerOption(enable: true, seconds: 0);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
