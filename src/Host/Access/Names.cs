using System.Collections.Frozen;
using Amoe.Engine.Text;

namespace Amoe.Host.Access;

/// <summary>
/// The names of roles and calls in snake_case, made once: a refusal is not a reason to make them again.
/// </summary>
internal static class Names
{
    private static readonly FrozenDictionary<Role, string> Roles = Enum.GetValues<Role>()
        .ToFrozenDictionary(role => role, SnakeCase<Role>.NameOf);
    private static readonly FrozenDictionary<Call, string> AllCalls = Enum.GetValues<Call>()
        .ToFrozenDictionary(call => call, SnakeCase<Call>.NameOf);

    /// <summary>The name of a role that is defined.</summary>
    public static string Of(Role role) => Roles[role];

    /// <summary>The name of a call; its number where it has none.</summary>
    public static string Of(Call call) => AllCalls.GetValueOrDefault(call) ?? $"call {(byte)call}";
}
