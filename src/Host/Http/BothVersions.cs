using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Amoe.Host.Http;

/// <summary>
/// HTTP/1.1 and HTTP/2 on one address without TLS, so that a link and a health probe find the same host. Without TLS nothing is negotiated: the first bytes
/// of a connection say which version it is, and Kestrel is shown each version as an address of its own.
/// </summary>
internal sealed class BothVersions(IOptions<SocketTransportOptions> options, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>How an HTTP/2 connection begins; no method of HTTP/1.1 does.</summary>
    private static readonly byte[] Preface = "PRI"u8.ToArray();

    private static readonly TimeSpan FirstBytesTimeout = TimeSpan.FromSeconds(10);

    private readonly SocketTransportFactory _sockets = new(options, loggers);
    private readonly Channel<ConnectionContext> _first = Channel.CreateUnbounded<ConnectionContext>();
    private readonly Channel<ConnectionContext> _second = Channel.CreateUnbounded<ConnectionContext>();

    public bool CanBind(EndPoint endpoint) => endpoint is VersionEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var version = (VersionEndPoint)endpoint;
        if (!version.IsSecond)
            return new Listener(version, null, _first.Reader);
        var sockets = await _sockets.BindAsync(version.Address, cancellationToken);
        _ = SortAsync(sockets);
        return new Listener(new VersionEndPoint((IPEndPoint)sockets.EndPoint, isSecond: true), sockets, _second.Reader);
    }

    private async Task SortAsync(IConnectionListener sockets)
    {
        // Null once it is unbound.
        while (await sockets.AcceptAsync() is { } connection)
            _ = SortAsync(connection);
        _first.Writer.TryComplete();
        _second.Writer.TryComplete();
    }

    private async Task SortAsync(ConnectionContext connection)
    {
        try
        {
            using var patience = new CancellationTokenSource(FirstBytesTimeout, TimeProvider.System);
            if (await IsSecondAsync(connection, patience.Token) is { } second && (second ? _second : _first).Writer.TryWrite(connection))
                return;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It said nothing, or went: whoever it was.
        }

        await connection.DisposeAsync();
    }

    /// <summary>Looks at a connection's first bytes and leaves them there; null when it ends before.</summary>
    private static async Task<bool?> IsSecondAsync(ConnectionContext connection, CancellationToken cancellation)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var begin = read.Buffer.Slice(0, Math.Min(Preface.Length, read.Buffer.Length)).ToArray();
            var isPreface = Preface.AsSpan().StartsWith(begin);
            var isKnown = !isPreface || begin.Length == Preface.Length;
            input.AdvanceTo(read.Buffer.Start, isKnown ? read.Buffer.Start : read.Buffer.End);
            if (isKnown)
                return isPreface;
            if (read.IsCompleted)
                return null;
        }
    }

    private sealed class Listener(VersionEndPoint endPoint, IConnectionListener? sockets, ChannelReader<ConnectionContext> sorted) : IConnectionListener
    {
        public EndPoint EndPoint => endPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await sorted.WaitToReadAsync(cancellationToken) && sorted.TryRead(out var connection) ? connection : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => sockets?.UnbindAsync(cancellationToken) ?? default;

        public ValueTask DisposeAsync() => sockets?.DisposeAsync() ?? default;
    }
}

/// <summary>One of the two versions of HTTP at an address.</summary>
internal sealed class VersionEndPoint(IPEndPoint address, bool isSecond) : EndPoint
{
    public IPEndPoint Address => address;

    public bool IsSecond => isSecond;

    public override string ToString() => address.ToString();
}
