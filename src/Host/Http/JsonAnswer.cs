using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Http;

/// <summary>Writes one JSON object as the answer to a call.</summary>
internal static class JsonAnswer
{
    // Names in Arabic and French are written as they are: an answer is no web page.
    private static readonly JsonWriterOptions _options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <param name="write">Writes the members of the object.</param>
    public static Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write) =>
        WriteAsync(context, status, "application/json", write);

    /// <inheritdoc cref="WriteAsync(HttpContext, int, Action{Utf8JsonWriter})"/>
    public static async Task WriteAsync(HttpContext context, int status, string type, Action<Utf8JsonWriter> write)
    {
        var response = context.Response;
        (response.StatusCode, response.ContentType) = (status, type);
        response.Headers.CacheControl = "no-store";

        // A known length: the answer leaves in one piece. Of unknown length its end would be a write of its own.
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, _options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        // For people who read it in a terminal.
        body.Write("\n"u8);
        response.ContentLength = body.WrittenCount;
        await response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
