using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Access;

/// <summary>
/// Writes the answers to calls that are not let through, as RFC 9457 has problems. None repeats what was presented.
/// </summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";
    public const string Unauthenticated = "/problems/unauthenticated";
    public const string Forbidden = "/problems/forbidden";
    public const string TooManyRequests = "/problems/too-many-requests";
    public const string AuthorityUnavailable = "/problems/authority-unavailable";

    private static readonly TimeSpan AuthorityRetry = TimeSpan.FromSeconds(5);

    /// <summary>401: no proof of who calls, or one that is not valid.</summary>
    /// <param name="presented">Whether there was any.</param>
    public static Task WriteUnauthenticatedAsync(HttpContext context, bool presented)
    {
        context.Response.Headers.WWWAuthenticate = presented ? "Bearer realm=\"amoe\", error=\"invalid_token\"" : "Bearer realm=\"amoe\"";
        return WriteAsync(
            context, StatusCodes.Status401Unauthorized, Unauthenticated, "Who calls is not known",
            presented
                ? "The key or token is unknown, wrong, revoked or expired, or does not have the form of one. An operator makes a key with: amoe keys create"
                : "Send a key as 'Authorization: Bearer amoe_…' or as 'X-Api-Key: amoe_…'. An operator makes one with: amoe keys create");
    }

    /// <summary>403: the caller is known, and may not.</summary>
    public static Task WriteForbiddenAsync(HttpContext context, Refusal refusal) =>
        WriteAsync(context, StatusCodes.Status403Forbidden, Forbidden, "The caller may not do this", refusal.Text, json =>
        {
            json.WriteString("code", refusal.Code);
            json.WriteStartArray("roles");
            foreach (var role in refusal.Roles)
                json.WriteStringValue(Names.Of(role));
            json.WriteEndArray();
        });

    /// <summary>429: too many, and after which time one more is answered.</summary>
    /// <param name="what">What there were too many of, as the beginning of a sentence.</param>
    public static Task WriteTooManyAsync(HttpContext context, string what, TimeSpan retryAfter)
    {
        SetRetryAfter(context, retryAfter);
        return WriteAsync(context, StatusCodes.Status429TooManyRequests, TooManyRequests, "Too many requests", $"{what}. Wait as long as Retry-After says, and send it again.");
    }

    /// <summary>503: whether a token is valid cannot be known, because its authority does not answer.</summary>
    public static Task WriteAuthorityUnavailableAsync(HttpContext context)
    {
        SetRetryAfter(context, AuthorityRetry);
        return WriteAsync(
            context, StatusCodes.Status503ServiceUnavailable, AuthorityUnavailable, "Tokens cannot be checked now",
            "The authority that issues tokens does not give its keys. Send the request again later, or with an API key.");
    }

    private static void SetRetryAfter(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = Math.Max(1, (wait.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture);

    private static async Task WriteAsync(HttpContext context, int status, string type, string title, string detail, Action<Utf8JsonWriter>? more = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("title", title);
            json.WriteNumber("status", status);
            json.WriteString("detail", detail);
            more?.Invoke(json);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
