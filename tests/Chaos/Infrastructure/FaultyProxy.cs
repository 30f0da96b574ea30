using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Amoe.Chaos.Infrastructure;

/// <summary>The direction of bytes through a proxy, as seen from the client.</summary>
internal enum Way
{
    ToServer,
    ToClient,
}

/// <summary>
/// Passes a TCP connection through a network that fails. Bytes pass, wait (a network partition, in one direction if
/// asked, after which they go on, as in TCP), come late, or meet a reset.
/// </summary>
internal sealed class FaultyProxy : IDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Connection, bool> _connections = [];
    private readonly Valve[] _valves = [new(), new()];
    private readonly byte[] _mark;
    private readonly byte[] _last;
    private volatile bool _isCut;
    private Trap? _trap;

    /// <param name="from">Where it listens.</param>
    /// <param name="to">Asked for each connection, because the target may change; null where there is none.</param>
    /// <param name="mark">
    /// Bytes that a client sends once on a connection; <see cref="HoldNext"/> recognises the connection by them.
    /// </param>
    /// <param name="last">
    /// The last bytes that a client sends in each of its transactions: the answer to them is the one held.
    /// </param>
    public FaultyProxy(IPAddress from, Func<IPEndPoint?> to, string mark = "", string last = "")
    {
        (_mark, _last) = (Encoding.UTF8.GetBytes(mark), Encoding.UTF8.GetBytes(last));
        _listener = new TcpListener(from, 0);
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _ = Accept(to);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Bytes wait on this way from now on, new connections' too; the other way is as it was.</summary>
    public void Hold(Way way) => _valves[(int)way].Close();

    /// <summary>
    /// As <see cref="Hold"/>, from the moment at which a client says something more on a marked connection: that waits
    /// itself, or passes and its answer waits.
    /// </summary>
    /// <returns>Done when it waits here.</returns>
    public Task HoldNext(Way way)
    {
        var trap = new Trap(way);
        Volatile.Write(ref _trap, trap);
        return trap.Caught;
    }

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
        Volatile.Write(ref _trap, null);
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
            var pumps = new[] { connection.Pump(Way.ToServer, this), connection.Pump(Way.ToClient, this) };
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

    /// <summary>Waits for the next that is said on a marked connection; springs once.</summary>
    private sealed class Trap(Way way)
    {
        private readonly TaskCompletionSource _caught = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Way Way => way;

        public Task Caught => _caught.Task;

        public void Catch() => _caught.TrySetResult();
    }

    /// <summary>One direction: open, or closed, and then every new arrival waits.</summary>
    private sealed class Valve
    {
        private volatile TaskCompletionSource _open = Opened();

        public TimeSpan Delay { get; set; }

        public void Close()
        {
            if (_open.Task.IsCompleted)
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public void Open() => _open.TrySetResult();

        public async Task Pass()
        {
            if (Delay > TimeSpan.Zero)
                await Task.Delay(Delay);
            while (_open is { Task.IsCompleted: false } closed)
                await closed.Task;
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
        private bool _isMarked;
        private volatile Trap? _answerFor;

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

        public async Task Pump(Way way, FaultyProxy proxy)
        {
            var (from, to) = way == Way.ToServer ? (client, _server) : (_server, client);
            var valve = proxy._valves[(int)way];
            var buffer = new byte[64 << 10];
            try
            {
                while (await from.ReceiveAsync(buffer) is var count and > 0)
                {
                    if (way == Way.ToServer)
                        Said(buffer.AsSpan(0, count), proxy);
                    else
                        _answerFor?.Catch();
                    await valve.Pass();
                    for (var sent = 0; sent < count;)
                        sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }

                await valve.Pass();
                to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                Dispose();
            }
        }

        private void Said(ReadOnlySpan<byte> what, FaultyProxy proxy)
        {
            if (!_isMarked)
            {
                _isMarked = proxy._mark.Length > 0 && what.IndexOf(proxy._mark) >= 0;
                return;
            }

            if (Volatile.Read(ref proxy._trap) is not { } trap
                || (trap.Way == Way.ToClient && what.IndexOf(proxy._last) < 0))
                return;
            if (Interlocked.CompareExchange(ref proxy._trap, null, trap) != trap)
                return;
            proxy.Hold(trap.Way);
            if (trap.Way == Way.ToServer)
                trap.Catch();
            else
                _answerFor = trap;
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
