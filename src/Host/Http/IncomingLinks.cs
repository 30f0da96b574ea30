using System.IO.Pipelines;
using System.Net;
using Amoe.Engine.Cluster;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Http;

/// <summary>Links that others open to this host: each a request that lasts.</summary>
/// <param name="log">Told, in one line, when a link was refused.</param>
internal sealed class IncomingLinks(PeersSecret secret, LinkOptions options, TimeProvider time, Action<string> log) : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private volatile ILinkListener? _listener;
    private string? _refused;
    private int _open;

    /// <summary>Says who takes what comes over links; before, none is accepted.</summary>
    public void Listen(ILinkListener listener) => _listener = listener;

    /// <summary>Ends every link.</summary>
    public void Dispose() => _over.Cancel();

    /// <summary>A link, from its opening to its end.</summary>
    public async Task TakeAsync(HttpContext context)
    {
        try
        {
            var open = Interlocked.Increment(ref _open);
            if (!HttpProtocol.IsHttp2(context.Request.Protocol))
                context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            else if (open > options.IncomingMax || _listener is not { } listener)
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            else
                await TakeAsync(context, listener);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task TakeAsync(HttpContext context, ILinkListener listener)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _over.Token);
        var caller = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort);
        try
        {
            await context.Response.BodyWriter.FlushAsync(over.Token);
            var reader = new FrameReader(context.Request.BodyReader, options.FrameBytesMax);
            if (await AnswerAsync(reader, context.Response.BodyWriter, caller, over.Token) is not { } role)
                return;
            var connection = new PeerConnection(reader, context.Response.BodyWriter, options);
            await connection.RunAsync(new Link(connection, caller, role), listener, over.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Callers come and go; who still wants something calls again.
            context.Abort();
        }
        catch (Exception e)
        {
            log($"the link from {caller} was ended: {e.Message}");
            context.Abort();
        }
    }

    /// <summary>Null when the caller was refused.</summary>
    private async Task<PeerRole?> AnswerAsync(FrameReader reader, PipeWriter writer, IPEndPoint caller, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(options.ConnectTimeout, time);
        using var answering = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await Handshake.AnswerAsync(reader, writer, secret, answering.Token);
        }
        catch (LinkException e)
        {
            // Who is refused tries again: the same caller's same fault is said once.
            var refused = $"a link from {caller.Address} was refused: {e.Message}";
            if (Interlocked.Exchange(ref _refused, refused) != refused)
                log(refused);
            return null;
        }
    }

    private sealed class Link(PeerConnection connection, IPEndPoint caller, PeerRole role) : ILink
    {
        public string Name { get; } = $"{(role == PeerRole.Host ? "host" : "client")} at {caller}";

        public bool IsHost => role == PeerRole.Host;

        public bool TrySend(ReadOnlyMemory<byte> frame) => connection.TrySend(frame);
    }
}
