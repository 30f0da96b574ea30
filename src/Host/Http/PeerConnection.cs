using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Amoe.Engine.Cluster;

namespace Amoe.Host.Http;

/// <summary>
/// One connection after its handshake: frames out, as many together as wait, and frames in. It takes frames until its bound is reached, and none
/// once either direction has ended.
/// </summary>
internal sealed class PeerConnection(FrameReader reader, PipeWriter writer, LinkOptions options)
{
    private readonly Channel<ReadOnlyMemory<byte>> _waiting = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });
    private long _waitingBytes;

    public bool TrySend(ReadOnlyMemory<byte> frame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, options.FrameBytesMax);
        var waiting = Interlocked.Add(ref _waitingBytes, frame.Length);
        if ((waiting <= options.WaitingBytesMax || waiting == frame.Length) && _waiting.Writer.TryWrite(frame))
            return true;
        Interlocked.Add(ref _waitingBytes, -frame.Length);
        return false;
    }

    /// <summary>Runs both directions until one ends, and tells the listener once: after that he is handed nothing more.</summary>
    /// <exception cref="Exception">Why it ended, unless the other side ended it in order.</exception>
    public async Task RunAsync(ILink link, ILinkListener listener, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = reader.ReadAllAsync(frame => Guarded(() => listener.OnFrame(link, frame)), over.Token);
        var writing = WriteAllAsync(over.Token);
        var first = await Task.WhenAny(reading, writing);
        _waiting.Writer.TryComplete();
        await over.CancelAsync();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Guarded(() => listener.OnDown(link));
        await first;
    }

    /// <summary>A frame that makes no sense ends the link. What else the engine throws is no fault of it: it ends the process, as on the engine's own threads.</summary>
    private static void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (InvalidDataException e)
        {
            throw new LinkException($"it sent what makes no sense: {e.Message}");
        }
        catch (Exception e)
        {
            ThreadPool.QueueUserWorkItem(_ => ExceptionDispatchInfo.Throw(e));
            throw;
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellation)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellation))
        {
            var bytes = 0;
            while (bytes < options.FlushBytes && _waiting.Reader.TryRead(out var frame))
            {
                writer.WriteFrame(frame.Span);
                bytes += frame.Length;
            }

            if ((await writer.FlushAsync(cancellation)).IsCompleted)
                return;
            Interlocked.Add(ref _waitingBytes, -bytes);
        }
    }
}
