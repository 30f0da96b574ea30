using Amoe.Engine.Domain;
using Amoe.Host.Access;

namespace Amoe.Host.Tests.Access;

/// <summary>A caller of each role.</summary>
internal static class Callers
{
    public const int Party = 12;
    public static readonly StudentId Student = new(4711);

    public static Caller Of(Role role) => new(
        "1a2b3c4d", $"the {role}", role, Caller.HasParty(role) ? Party : null, role == Role.Student ? Student : null);
}
