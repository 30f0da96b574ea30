using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Amoe.Engine.Cluster;

namespace Amoe.Host.Http;

/// <summary>
/// The link to one endpoint, through all its connections. It connects when it is made, and again when somebody has something to send and the
/// wait since the last attempt is over.
/// </summary>
internal sealed class OutgoingLink : ILink, IAsyncDisposable
{
    private readonly Uri _address;
    private readonly PeersSecret _secret;
    private readonly PeerRole _role;
    private readonly ILinkListener _listener;
    private readonly LinkOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _over = new();
    private readonly Task _running;
    private volatile PeerConnection? _connection;
    private string? _fault;

    public OutgoingLink(
        string endpoint, PeersSecret secret, PeerRole role, ILinkListener listener, LinkOptions options, TimeProvider time, Action<string> log)
    {
        Name = endpoint;
        _address = new Uri(new Uri(endpoint), HostServer.PeerPath);
        (_secret, _role, _listener, _options, _time, _log) = (secret, role, listener, options, time, log);
        _wanted.Writer.TryWrite(true);
        _running = Task.Run(RunAsync);
    }

    public string Name { get; }

    public bool IsHost => true;

    public bool TrySend(ReadOnlyMemory<byte> frame)
    {
        if (_connection is { } connection && connection.TrySend(frame))
            return true;
        _wanted.Writer.TryWrite(true);
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _running;
        _over.Dispose();
    }

    private async Task RunAsync()
    {
        var backOff = _options.BackOffMin;
        try
        {
            while (await _wanted.Reader.ReadAsync(_over.Token))
            {
                try
                {
                    await ConnectAsync(() => backOff = _options.BackOffMin);
                    Say("it ended the link");
                }
                catch (Exception e) when (!_over.IsCancellationRequested)
                {
                    Say(Why(e));
                }

                await Task.Delay(backOff, _time, _over.Token);
                backOff = TimeSpan.FromTicks(Math.Min(2 * backOff.Ticks, _options.BackOffMax.Ticks));
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The end.
        }
    }

    /// <summary>One connection, from its first byte to its last.</summary>
    private async Task ConnectAsync(Action connected)
    {
        // A connection of its own: one that is half dead is not used again.
        using var handler = NewHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var content = new DuplexContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        using var patience = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var connecting = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _over.Token);
        using var response = await invoker.SendAsync(request, connecting.Token);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new LinkException($"it answers {(int)response.StatusCode}");
        var reader = new FrameReader(PipeReader.Create(await response.Content.ReadAsStreamAsync(connecting.Token)), _options.FrameBytesMax);
        var writer = PipeWriter.Create(await content.Opened.WaitAsync(connecting.Token));
        await Handshake.CallAsync(reader, writer, _secret, _role, connecting.Token);
        var connection = new PeerConnection(reader, writer, _options);
        connected();
        Say(null);
        _connection = connection;
        await connection.RunAsync(this, _listener, _over.Token);
    }

    private SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = _options.ConnectTimeout,
        InitialHttp2StreamWindowSize = 1 << 20,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        KeepAlivePingDelay = _options.PingAfter,
        KeepAlivePingTimeout = _options.PingTimeout,
    };

    /// <summary>Says what is wrong with the link when that changes; null says that nothing is.</summary>
    private void Say(string? fault)
    {
        if (fault == _fault)
            return;
        _log(fault is null ? $"{Name}: linked again" : $"{Name}: no link: {fault}");
        _fault = fault;
    }

    private static string Why(Exception e) => e switch
    {
        LinkException => e.Message,
        OperationCanceledException => "it does not answer",
        _ when Inner<SocketException>(e) is { } socket => socket.SocketErrorCode == SocketError.ConnectionRefused ? "nobody listens there" : socket.Message,
        _ => $"the connection was lost ({e.Message.TrimEnd('.')})",
    };

    private static T? Inner<T>(Exception? e)
        where T : Exception
    {
        while (e is not null and not T)
            e = e.InnerException;
        return (T?)e;
    }

    /// <summary>A request's body that is written as long as the request lasts.</summary>
    private sealed class DuplexContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Stream> Opened => _opened.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            // The request's head goes out now, not with the first byte of its body.
            await stream.FlushAsync();
            _opened.TrySetResult(stream);
            await _closed.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _closed.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
