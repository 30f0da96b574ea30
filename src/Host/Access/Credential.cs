using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Access;

/// <summary>What a request shows to prove who calls.</summary>
internal enum CredentialKind : byte
{
    None = 0,

    /// <summary>What begins as an API key does.</summary>
    ApiKey = 1,

    /// <summary>Any other bearer token.</summary>
    Token = 2,

    /// <summary>
    /// Two of them, or another scheme. Two are refused, because parts of a system that take different ones disagree
    /// about who calls.
    /// </summary>
    Unusable = 3,
}

/// <summary>The proof in a request's headers; a query string has none, because it is in logs.</summary>
internal readonly record struct Credential(CredentialKind Kind, string Text)
{
    public const string KeyHeader = "X-Api-Key";
    private const string Bearer = "Bearer ";

    public static Credential Of(HttpRequest request)
    {
        var (authorization, key) = (request.Headers.Authorization, request.Headers[KeyHeader]);
        if (authorization.Count + key.Count == 0)
            return default;
        if (authorization.Count + key.Count > 1)
            return new Credential(CredentialKind.Unusable, "");
        if (key.Count == 1)
            return new Credential(CredentialKind.ApiKey, key[0] ?? "");
        var text = authorization[0] ?? "";
        if (!text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return new Credential(CredentialKind.Unusable, "");
        text = text[Bearer.Length..].Trim(' ');
        return new Credential(
            text.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) ? CredentialKind.ApiKey : CredentialKind.Token,
            text);
    }
}
