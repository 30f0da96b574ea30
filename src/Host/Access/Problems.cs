using Amoe.Host.Http;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Access;

/// <summary>Writes the answers to calls that are not let through. None repeats what was presented.</summary>
internal static class Problems
{
    private static readonly TimeSpan AuthorityRetry = TimeSpan.FromSeconds(5);

    /// <summary>401: no proof of who calls, or one that is not valid.</summary>
    /// <param name="presented">Whether there was any.</param>
    public static Task WriteUnauthenticatedAsync(HttpContext context, bool presented)
    {
        context.Response.Headers.WWWAuthenticate = presented
            ? "Bearer realm=\"amoe\", error=\"invalid_token\""
            : "Bearer realm=\"amoe\"";
        return new Problem(
            StatusCodes.Status401Unauthorized, "unauthenticated", "who calls is not known",
            presented
                ? "The key or token is unknown, wrong, revoked or expired, or does not have the form of one. An operator makes a key with: amoe keys create"
                : "Send a key as 'Authorization: Bearer amoe_…' or as 'X-Api-Key: amoe_…'. An operator makes one with: amoe keys create")
                    .WriteAsync(context);
    }

    /// <summary>403: the caller is known, and may not.</summary>
    public static Task WriteForbiddenAsync(HttpContext context, Refusal refusal) =>
        new Problem(StatusCodes.Status403Forbidden, "forbidden", "the caller may not do this", refusal.Text, json =>
        {
            json.WriteString("code"u8, refusal.Code);
            json.WriteStartArray("roles"u8);
            foreach (var role in refusal.Roles)
                json.WriteStringValue(Names.Of(role));
            json.WriteEndArray();
        }).WriteAsync(context);

    /// <summary>429: too many, and after which time one more is answered.</summary>
    /// <param name="what">What there were too many of, as the beginning of a sentence.</param>
    public static Task WriteTooManyAsync(HttpContext context, string what, TimeSpan retryAfter) =>
        new Problem(
            StatusCodes.Status429TooManyRequests, "too_many_requests", "too many requests",
            $"{what}. Wait as long as Retry-After says, and send it again.")
        {
            RetryAfter = retryAfter,
        }.WriteAsync(context);

    /// <summary>503: whether a token is valid cannot be known, because its authority does not answer.</summary>
    public static Task WriteAuthorityUnavailableAsync(HttpContext context) =>
        new Problem(
            StatusCodes.Status503ServiceUnavailable, "authority_unavailable", "tokens cannot be checked now",
            "The authority that issues tokens does not give its keys. Send the request again later, or with an API key.")
        {
            RetryAfter = AuthorityRetry,
        }.WriteAsync(context);
}
