using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Access;

/// <summary>The identity of a request whose caller is known: ASP.NET's form of a <see cref="Caller"/>.</summary>
internal sealed class CallerIdentity(Caller caller, string scheme) : ClaimsIdentity(scheme)
{
    public Caller Caller => caller;

    public override string Name => caller.Name;
}

internal static class CallerOfRequest
{
    /// <summary>Who makes the request; null where that is not known.</summary>
    public static Caller? FindCaller(this HttpContext context) => (context.User.Identity as CallerIdentity)?.Caller;
}
