namespace Amoe.Host.Identity;

/// <summary>
/// Who reads a person, and why: what the audit log says of a reading. The purpose is text of the caller's, and the
/// caller keeps personal data out of it.
/// </summary>
internal sealed record Reader
{
    /// <summary>Any caller's <see cref="Access.Caller.KeyId"/>.</summary>
    public const int ActorMax = Access.Caller.KeyIdMax;
    public const int PurposeMax = 200;

    private Reader(string actor, string purpose) => (Actor, Purpose) = (actor, purpose);

    /// <summary>The id of the actor's access key, or the actor's name.</summary>
    public string Actor { get; }

    public string Purpose { get; }

    /// <returns>Null when there is no problem, else one line for a person.</returns>
    public static string? Check(string? actor, string? purpose, out Reader? reader)
    {
        var problem = Problem("the actor", actor, ActorMax) ?? Problem("the purpose", purpose, PurposeMax);
        reader = problem is null ? new Reader(actor!.Trim(), purpose!.Trim()) : null;
        return problem;
    }

    /// <summary>The same for a reader that the program names itself.</summary>
    /// <exception cref="ArgumentException">
    /// The actor or purpose is missing, too long, or has a control character.
    /// </exception>
    public static Reader Of(string actor, string purpose) =>
        Check(actor, purpose, out var reader) is { } problem ? throw new ArgumentException(problem) : reader!;

    private static string? Problem(string what, string? text, int max) =>
        string.IsNullOrWhiteSpace(text) ? $"{what} of a reading is missing: say it, for the audit log"
        : text.Length > max ? $"{what} of a reading is longer than {max} characters: shorten it"
        : text.Any(c => char.IsControl(c) || char.IsSurrogate(c))
        ? $"{what} of a reading has a control character, or one outside Unicode's first plane: remove it"
        : null;
}
