namespace Amoe.Host.Access;

/// <summary>
/// Why a call is not allowed. It is made from the call and the caller alone, so that it is the same whether or not what
/// the call names exists.
/// </summary>
/// <param name="Code">One of <see cref="RefusalCode"/>.</param>
/// <param name="Text">English, for a person: what was refused, and who may do it.</param>
/// <param name="Roles">The roles that may do it, the narrowest first; empty where none may.</param>
internal sealed record Refusal(string Code, string Text, IReadOnlyList<Role> Roles);

/// <summary>The codes of refusals. Clients rely on them: never rename one.</summary>
internal static class RefusalCode
{
    /// <summary>The role may never make this call.</summary>
    public const string RoleNotAllowed = "role_not_allowed";

    /// <summary>The command names another institution, desk, provider or student than the key.</summary>
    public const string OtherParty = "other_party";

    /// <summary>The student or claim is not the caller's own, or does not exist.</summary>
    public const string NotYours = "not_yours";

    /// <summary>The command says who states the fact, and that is not the caller.</summary>
    public const string OtherVoice = "other_voice";

    /// <summary>The endpoint names no call, so that it is denied to everyone.</summary>
    public const string NoCall = "no_call";
}
