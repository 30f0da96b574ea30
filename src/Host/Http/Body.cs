using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Http;

/// <summary>The body of a call that is one JSON object.</summary>
internal static class Body
{
    /// <summary>Bytes of a body: the largest command has 32 lines of care.</summary>
    public const int BytesMax = 32 << 10;

    /// <summary>The answer to a body of more bytes.</summary>
    public static Problem TooLong { get; } = new(
        413, "too_long", "the body is too long",
        $"a body has at most {BytesMax} bytes: send many commands as a stream");

    /// <summary>Waits for more of a body.</summary>
    /// <exception cref="BadHttpRequestException">It cannot be read, whatever the server says of why.</exception>
    public static async ValueTask<ReadResult> ReadMoreAsync(PipeReader body, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(cancellation);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            // The length of a chunk that is no 32-bit number, for one.
            throw new BadHttpRequestException(e.Message, e);
        }
    }

    /// <summary>All of the body; null where it is too long, which is answered then.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await ReadMoreAsync(body, context.RequestAborted);
            if (!read.IsCompleted && read.Buffer.Length <= BytesMax)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var bytes = read.Buffer.Length <= BytesMax ? read.Buffer.ToArray() : default(ReadOnlyMemory<byte>?);

            // The server closes a connection whose body was left half read.
            body.AdvanceTo(read.Buffer.End);
            if (bytes is null)
                await TooLong.WriteAsync(context);
            return bytes;
        }
    }
}
