using System.Text.Encodings.Web;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Amoe.Host.Access;

/// <summary>Puts authentication, rate limits and authorization before the endpoints of a host.</summary>
internal static class AccessServices
{
    private const string DefaultScheme = "amoe";
    private const int PeriodsPerSecond = 10;

    private static readonly AuthorizationPolicy AnyCaller =
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

    private static readonly AuthorizationPolicy[] Policies = [.. Enumerable.Range(0, byte.MaxValue + 1)
        .Select(call => PolicyOf((Call)call))];

    /// <summary>Adds what <see cref="UseAccess"/> uses.</summary>
    /// <param name="keys">The keys, which stay the opener's to dispose.</param>
    /// <exception cref="InputException">A setting cannot be used.</exception>
    public static IServiceCollection AddAccess(
        this IServiceCollection services, ApiKeys keys, AccessSettings settings, TimeProvider time)
    {
        settings.Limits.Validate();
        settings.Jwt?.Validate();
        services.AddSingleton(keys);
        services.AddSingleton(_ => new Challenges(settings.Limits));

        // Not AddAuthentication, which starts ASP.NET's data protection too: no scheme here uses its keys.
        services.AddAuthenticationCore(options => options.DefaultScheme = DefaultScheme);
        services.TryAddSingleton(UrlEncoder.Default);
        services.TryAddSingleton(time);
        var authentication = new AuthenticationBuilder(services)
            .AddPolicyScheme(
                DefaultScheme, null, options => options.ForwardDefaultSelector = context => SchemeOf(context, settings))
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        if (settings.Jwt is { } jwt)
        {
            // Now, because options are made with the first request.
            var signingKey = jwt.SigningKeyFile is null ? null : jwt.ReadSigningKey();
            authentication.AddScheme<JwtBearerOptions, JwtBearerHandler>(
                JwtAuthentication.SchemeName, null,
                options => JwtAuthentication.Configure(options, jwt, signingKey, time));
            services.AddSingleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>();
        }

        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(Policies[(byte)Call.None])
            .SetFallbackPolicy(Policies[(byte)Call.None]);
        services.AddSingleton<IAuthorizationHandler, CallAuthorization>();
        services.Replace(ServiceDescriptor.Singleton<IAuthorizationMiddlewareResultHandler, RefusalAnswers>());
        services.AddRateLimiter(options => Limit(options, settings.Limits));
        return services;
    }

    /// <summary>
    /// Has every later endpoint wait for a caller that is known, within limits, and allowed: in that order, because
    /// limits are the caller's.
    /// </summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) =>
        app.UseAuthentication().UseRateLimiter().UseAuthorization();

    /// <summary>
    /// Says which call an endpoint is. One that says nothing is closed to every role; <c>AllowAnonymous</c> opens one
    /// to everyone.
    /// </summary>
    public static TBuilder RequireCall<TBuilder>(this TBuilder endpoint, Call call)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Policies[(byte)call]);

    /// <summary>
    /// For an endpoint that is many calls: it waits for a caller that is known, and asks <see cref="Permissions"/> once
    /// it knows which call it is.
    /// </summary>
    public static TBuilder RequireCaller<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(AnyCaller);

    private static AuthorizationPolicy PolicyOf(Call call) =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new CallRequirement(call)).Build();

    private static string SchemeOf(HttpContext context, AccessSettings settings) =>
        settings.Jwt is not null && Credential.Of(context.Request).Kind == CredentialKind.Token
            ? JwtAuthentication.SchemeName
            : ApiKeyAuthentication.SchemeName;

    private static void Limit(RateLimiterOptions options, AccessLimits limits)
    {
        var bucket = BucketOf(limits);
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            context.FindCaller() is { } caller
                ? RateLimitPartition.GetTokenBucketLimiter(caller.KeyId, _ => bucket)
                : RateLimitPartition.GetNoLimiter(""));
        options.OnRejected = (rejected, _) => new ValueTask(Problems.WriteTooManyAsync(
            rejected.HttpContext,
            $"This key has more than {limits.RequestsPerSecond} requests a second",
            rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1)));
    }

    /// <summary>
    /// Fills ten times a second where that are whole tokens, so that a sender is not stopped for a second.
    /// </summary>
    private static TokenBucketRateLimiterOptions BucketOf(AccessLimits limits)
    {
        var periods = limits.RequestsPerSecond % PeriodsPerSecond == 0 ? PeriodsPerSecond : 1;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.RequestBurst,
            TokensPerPeriod = limits.RequestsPerSecond / periods,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1) / periods,
        };
    }
}
