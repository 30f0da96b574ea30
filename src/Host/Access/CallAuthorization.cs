using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Amoe.Host.Access;

/// <summary>The call that an endpoint is; <see cref="Call.None"/> for an endpoint that names none.</summary>
internal sealed record CallRequirement(Call Call) : IAuthorizationRequirement;

/// <summary>Asks <see cref="Permissions"/> whether the caller's role may make an endpoint's call.</summary>
internal sealed class CallAuthorization : AuthorizationHandler<CallRequirement>
{
    private static readonly Refusal NoCall = new(
        RefusalCode.NoCall, "This endpoint names no call, and is closed until it does. No role may use it.", []);

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, CallRequirement requirement)
    {
        // Without an identity the framework challenges.
        if (context.User.Identity is not CallerIdentity { Caller: var caller })
            return Task.CompletedTask;
        var refusal = requirement.Call != Call.None
            ? Permissions.Allows(caller, requirement.Call)
            : LeadsToAnEndpoint(context) ? NoCall : null;
        if (refusal is not null)
            context.Fail(new RefusedReason(this, refusal));
        else
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Where routing found nothing, or another method, the answer is 404 or 405, and there is nothing to guard.
    /// </summary>
    private static bool LeadsToAnEndpoint(AuthorizationHandlerContext context) =>
        context.Resource is not HttpContext http || http.GetEndpoint() is RouteEndpoint;
}

/// <summary>Carries a refusal to the answer.</summary>
internal sealed class RefusedReason(IAuthorizationHandler handler, Refusal refusal)
    : AuthorizationFailureReason(handler, refusal.Text)
{
    public Refusal Refusal => refusal;
}

/// <summary>Answers a refused call with its refusal, and leaves everything else to the framework.</summary>
internal sealed class RefusalAnswers : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult) =>
        authorizeResult is { Forbidden: true, AuthorizationFailure: { } failure }
            && failure.FailureReasons.OfType<RefusedReason>().FirstOrDefault() is { } reason
            ? Problems.WriteForbiddenAsync(context, reason.Refusal)
            : _usual.HandleAsync(next, context, policy, authorizeResult);
}
