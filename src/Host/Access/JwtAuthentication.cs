using System.Globalization;
using System.Security.Claims;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace Amoe.Host.Access;

/// <summary>
/// Makes ASP.NET's token authentication strict, and a <see cref="Caller"/> of the claims <c>sub</c>, <c>name</c>,
/// <c>amoe_role</c>, <c>amoe_party</c> and <c>amoe_student</c>.
/// </summary>
internal static class JwtAuthentication
{
    public const string SchemeName = "jwt";
    public const string RoleClaim = "amoe_role";
    public const string PartyClaim = "amoe_party";
    public const string StudentClaim = "amoe_student";
    private const string SubjectClaim = "sub";
    private const string NameClaim = "name";
    /// <summary>The longest subject, in UTF-16 units.</summary>
    internal const int SubjectMax = 128;

    /// <summary>How far the clocks of the authority and of this host may be apart.</summary>
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly object AuthorityFailed = new();

    // Of two keys alone: with a shared secret (HS256), a published public key could be taken for the secret.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <param name="signingKey">The key of a file; null: the authority publishes its keys.</param>
    public static void Configure(
        JwtBearerOptions options, JwtSettings settings, SecurityKey? signingKey, TimeProvider time)
    {
        options.Audience = settings.Audience;
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = settings.Audience,
            ValidIssuer = settings.Issuer,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            // The library's own reads the machine's clock.
            LifetimeValidator = (from, until, _, _) => IsInTime(from, until, time.GetUtcNow().UtcDateTime),
        };
        options.TokenValidationParameters.IssuerSigningKey = signingKey;
        options.Authority = settings.Authority;
        options.BackchannelHttpHandler = settings.Backchannel;
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = Identify,
            OnAuthenticationFailed = NoteAuthorityFailureAsync,
            OnChallenge = AnswerAsync
        };
    }

    /// <summary>
    /// Makes a caller of a token's claims.
    /// </summary>
    /// <returns>What is wrong with the claims instead; one of the two is null.</returns>
    internal static (Caller? Caller, string? Problem) CallerOf(IEnumerable<Claim> claims)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var claim in claims)
        {
            if (claim.Type is SubjectClaim or NameClaim or RoleClaim or PartyClaim or StudentClaim
                && !given.TryAdd(claim.Type, claim.Value))
                return (null, $"the claim {claim.Type} is there twice");
        }

        if (!given.TryGetValue(SubjectClaim, out var subject)
            || string.IsNullOrWhiteSpace(subject)
            || subject.Length > SubjectMax
            || subject.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
            return (null,
                $"the claim {SubjectClaim} is missing, longer than {SubjectMax} characters, or has control characters or some outside Unicode's first plane");
        if (!given.TryGetValue(RoleClaim, out var named) || !SnakeCase<Role>.TryParse(named, out var role))
            return (null, $"the claim {RoleClaim} is no role");
        var (party, student) = (default(int?), default(ulong?));
        if (given.TryGetValue(PartyClaim, out var partyText))
        {
            if (!int.TryParse(partyText, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return (null, $"the claim {PartyClaim} is no whole number");
            party = number;
        }

        if (given.TryGetValue(StudentClaim, out var studentText))
        {
            if (!ulong.TryParse(studentText, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return (null, $"the claim {StudentClaim} is no whole number");
            student = number;
        }

        var name = given.GetValueOrDefault(NameClaim) ?? Names.Of(role);
        return (Caller.Problem(role, party, student) ?? Caller.NameProblem(name)) is { } problem
            ? (null, problem)
            : (new Caller($"jwt:{subject}", name, role, party, student is { } id ? new StudentId(id) : null), null);
    }

    private static bool IsInTime(DateTime? from, DateTime? until, DateTime now) =>
        until is not null && now < until + ClockSkew && (from is null || now >= from - ClockSkew);

    private static Task Identify(TokenValidatedContext context)
    {
        var (caller, problem) = CallerOf(context.Principal!.Claims);
        if (caller is null)
            context.Fail(problem!);
        else
            context.Principal = new ClaimsPrincipal(new CallerIdentity(caller, SchemeName));
        return Task.CompletedTask;
    }

    /// <summary>
    /// Tells a token that is wrong from one that cannot be checked. The library says of both that the signature is not
    /// valid; without an answer it would throw what is not about the token, and the caller would get a 500.
    /// </summary>
    private static async Task NoteAuthorityFailureAsync(AuthenticationFailedContext context)
    {
        context.Fail(context.Exception);
        if (context.Options.ConfigurationManager is not { } authority)
            return;
        try
        {
            // Kept in memory once it was there.
            await authority.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            context.HttpContext.Items[AuthorityFailed] = e.Message;
        }
    }

    private static Task AnswerAsync(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        var challenges = (Challenges)context.HttpContext.RequestServices.GetService(typeof(Challenges))!;
        return context.HttpContext.Items.ContainsKey(AuthorityFailed)
            ? Problems.WriteAuthorityUnavailableAsync(context.HttpContext)
            : challenges.AnswerAsync(context.HttpContext, presented: context.AuthenticateFailure is not null);
    }
}
