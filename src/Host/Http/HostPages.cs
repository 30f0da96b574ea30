using System.Net.Mime;
using System.Text.Json;
using Amoe.Host.Reports;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Http;

/// <summary>The pages of a host about itself.</summary>
/// <param name="state">Asked at each request.</param>
internal sealed class HostPages(Func<PageState> state)
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";
    public const string State = "/v1/state";

    private static readonly Problem _nothing = new(
        404, "not_found", "there is nothing at this address",
        $"there is nothing here: ask GET {Live}, {Ready} or {State}");

    public Task ServeAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET" or "HEAD", Live) => WriteAsync(context, StatusCodes.Status200OK, WriteLive),
        ("GET" or "HEAD", Ready) when state() is var now => WriteAsync(
            context, now.Validate is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            json => WriteReady(json, now)),
        ("GET", State) => WriteAsync(context, StatusCodes.Status200OK, state().Write),
        _ => _nothing.WriteAsync(context),
    };

    private static void WriteLive(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("live", true);
        json.WriteEndObject();
    }

    private static void WriteReady(Utf8JsonWriter json, PageState now)
    {
        json.WriteStartObject();
        json.WriteBoolean("ready", now.Validate is null);
        if (now.Validate is not null)
            json.WriteString("why_not", now.Validate);
        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaTypeNames.Application.Json;
        using var text = new StringWriter();
        JsonLine.Write(text, write);
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }
}

/// <summary>How a host is at one moment, for its pages.</summary>
/// <param name="Validate">Why it is not ready, or null when it is.</param>
/// <param name="Write">Writes all of it, as one JSON object.</param>
internal sealed record PageState(string? Validate, Action<Utf8JsonWriter> Write);
