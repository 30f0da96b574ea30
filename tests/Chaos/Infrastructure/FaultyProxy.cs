using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Amoe.Chaos.Infrastructure;

/// <summary>Which way bytes go through a proxy, as seen by who connects.</summary>
internal enum Way
{
    ToServer,
    ToClient,
}

/// <summary>
/// A TCP connection's way through a network that fails: bytes pass, wait (a partition, one-way if asked: what waits goes on when it heals, as TCP has it), come
/// late, or meet a reset.
/// </summary>
internal sealed class FaultyProxy : IDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Connection, bool> _connections = [];
    private readonly Valve[] _valves = [new(), new()];
    private volatile bool _isCut;

    /// <param name="from">Where it listens.</param>
    /// <param name="to">Asked for each connection: who stands behind may change; null where nobody does.</param>
    public FaultyProxy(IPAddress from, Func<IPEndPoint?> to)
    {
        _listener = new TcpListener(from, 0);
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _ = Accept(to);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Bytes wait on this way from now on, new connections' too; the other way is as it was.</summary>
    public void Hold(Way way) => _valves[(int)way].Close();

    /// <summary>Bytes that came to the proxy and wait there; more may wait before it.</summary>
    public long HeldBytes(Way way) => _valves[(int)way].Held;

    /// <summary>Every chunk of bytes comes this much later on both ways.</summary>
    public void Delay(TimeSpan by)
    {
        foreach (var valve in _valves)
            valve.Delay = by;
    }

    /// <summary>Every connection meets a reset now; new ones are made.</summary>
    public void Reset()
    {
        foreach (var connection in _connections.Keys)
            connection.Dispose();
    }

    /// <summary>Every connection meets a reset, and so does who tries again.</summary>
    public void Cut()
    {
        _isCut = true;
        Reset();
    }

    /// <summary>Everything passes again.</summary>
    public void Heal()
    {
        _isCut = false;
        Delay(TimeSpan.Zero);
        foreach (var valve in _valves)
            valve.Open();
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        Reset();
        Heal();
    }

    private async Task Accept(Func<IPEndPoint?> to)
    {
        while (!_end.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Serve(new Connection(client), to);
        }
    }

    private async Task Serve(Connection connection, Func<IPEndPoint?> to)
    {
        _connections[connection] = true;
        try
        {
            if (_isCut || to() is not { } server || !await connection.TryConnect(server))
                return;
            var pumps = new[] { connection.Pump(Way.ToServer, _valves[(int)Way.ToServer]), connection.Pump(Way.ToClient, _valves[(int)Way.ToClient]) };
            await Task.WhenAny(pumps);

            // One way ended in order: what is under way on the other still arrives, or is reset.
            await Task.WhenAll(pumps);
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }

    /// <summary>One way: open, or closed with whoever comes waiting before it.</summary>
    private sealed class Valve
    {
        private volatile TaskCompletionSource _open = Opened();
        private long _held;

        public long Held => Interlocked.Read(ref _held);

        public TimeSpan Delay { get; set; }

        public void Close()
        {
            if (_open.Task.IsCompleted)
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public void Open() => _open.TrySetResult();

        public async Task Pass(int bytes)
        {
            if (Delay > TimeSpan.Zero)
                await Task.Delay(Delay);
            Interlocked.Add(ref _held, bytes);
            while (_open is { Task.IsCompleted: false } closed)
                await closed.Task;
            Interlocked.Add(ref _held, -bytes);
        }

        private static TaskCompletionSource Opened()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }
    }

    private sealed class Connection(Socket client) : IDisposable
    {
        private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        public async Task<bool> TryConnect(IPEndPoint to)
        {
            try
            {
                client.NoDelay = true;
                await _server.ConnectAsync(to);
                return true;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }

        public async Task Pump(Way way, Valve valve)
        {
            var (from, to) = way == Way.ToServer ? (client, _server) : (_server, client);
            var buffer = new byte[64 << 10];
            try
            {
                while (await from.ReceiveAsync(buffer) is var count and > 0)
                {
                    await valve.Pass(count);
                    for (var sent = 0; sent < count;)
                        sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }

                await valve.Pass(0);
                to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                Dispose();
            }
        }

        /// <summary>Closing with no time to linger sends a reset.</summary>
        public void Dispose()
        {
            foreach (var socket in (Socket[])[client, _server])
            {
                try
                {
                    socket.LingerState = new LingerOption(true, 0);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // It is closed already.
                }

                socket.Dispose();
            }
        }
    }
}
