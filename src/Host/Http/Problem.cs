using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Http;

/// <summary>An error as RFC 9457 has it: <c>application/problem+json</c>.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The last part of its type, which docs/api.md explains: <c>refused</c> is
/// <c>/problems/refused</c>.</param>
/// <param name="Title">What is wrong, in a few words; the same for every occurrence.</param>
/// <param name="Detail">What is wrong here, and what to do.</param>
/// <param name="More">Writes further members.</param>
internal sealed record Problem(
    int Status, string Type, string Title, string Detail, Action<Utf8JsonWriter>? More = null)
{
    public const string ContentType = "application/problem+json";

    /// <summary>How long to wait before the same is sent again; null where that is of no use.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public Task WriteAsync(HttpContext context)
    {
        if (RetryAfter is { } wait)
            context.Response.Headers.RetryAfter =
                $"{Math.Max(1, (wait.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond)}";
        return JsonAnswer.WriteAsync(context, Status, ContentType, json =>
        {
            json.WriteString("type"u8, $"/problems/{Type}");
            json.WriteString("title"u8, Title);
            json.WriteNumber("status"u8, Status);
            json.WriteString("detail"u8, Detail);
            More?.Invoke(json);
        });
    }
}
