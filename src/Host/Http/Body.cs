using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Http;

/// <summary>The body of a call that is one JSON object.</summary>
internal static class Body
{
    /// <summary>Bytes of a body: the largest command has 32 lines of care.</summary>
    public const int BytesMax = 32 << 10;

    /// <summary>The answer to a body of more bytes.</summary>
    public static Problem TooLong { get; } = new(413, "too_long", "the body is too long", $"a body has at most {BytesMax} bytes: send many commands as a stream");

    /// <summary>All of the body; null where it is too long, which is answered then.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
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
