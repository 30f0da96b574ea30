using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Amoe.Host.Access;

/// <summary>
/// Authenticates a request by an API key in <c>Authorization: Bearer</c> or <c>X-Api-Key</c>, and answers those without
/// a valid one.
/// </summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys,
    Challenges challenges)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "api-key";

    private static readonly AuthenticateResult Refused = AuthenticateResult.Fail("the credential is not a valid key");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        await challenges.AnswerAsync(Context, presented: result.Failure is not null);
    }

    private AuthenticateResult Authenticate()
    {
        var credential = Credential.Of(Request);
        if (credential.Kind == CredentialKind.None)
            return AuthenticateResult.NoResult();
        return credential.Kind == CredentialKind.ApiKey && keys.Authenticate(credential.Text) is { } caller
            ? AuthenticateResult.Success(
                new AuthenticationTicket(new ClaimsPrincipal(new CallerIdentity(caller, SchemeName)), SchemeName))
            : Refused;
    }
}
