using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Amoe.Tests.Postgres;

/// <summary>
/// A way to a server on the loopback that can lose what the server says, and be cut towards its clients while the
/// server notices nothing.
/// </summary>
internal sealed class FaultyLink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private readonly ConcurrentBag<(Socket Client, Socket Server)> _pairs = [];
    private readonly ConcurrentBag<Socket> _abandoned = [];
    private volatile bool _dropsReplies;

    public FaultyLink(int serverPort)
    {
        _server = serverPort;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Drops all further replies of the server.</summary>
    public void DropReplies() => _dropsReplies = true;

    /// <summary>Cuts every connection towards its client; connections made from now on are whole.</summary>
    public void Cut()
    {
        while (_pairs.TryTake(out var pair))
        {
            // The server's end stays open: the server gets no notice of the cut.
            _abandoned.Add(pair.Server);
            pair.Client.Close(0);
        }

        _dropsReplies = false;
    }

    public void Dispose()
    {
        _listener.Stop();
        Cut();
        foreach (var socket in _abandoned)
            socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = new Socket(
                    AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
                { NoDelay = true };
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _server);
                _pairs.Add((client, server));
                _ = Task.Run(() => PassAsync(client, server, isReply: false));
                _ = Task.Run(() => PassAsync(server, client, isReply: true));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool isReply)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (!isReply || !_dropsReplies)
                    await to.SendAsync(buffer.AsMemory(0, count));
            }

            // An orderly close by the client is passed on to the server; a cut is not.
            if (!_abandoned.Contains(to))
                to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or ended by the other side.
        }
    }
}
