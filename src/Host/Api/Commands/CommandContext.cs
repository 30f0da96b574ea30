using Amoe.Engine.Domain;

namespace Amoe.Host.Api.Commands;

/// <summary>What the caller of the API has said of a command outside its object, such as in the address.</summary>
/// <param name="Kind">The kind; <see cref="CommandKind.None"/> where the object says it in "command".</param>
/// <param name="Student">The student; null where the object says it in "student".</param>
/// <param name="Claim">The sheet number of a command to a claim; null where the object says it in "claim".</param>
/// <param name="Known">The host's business day, on which the command becomes known.</param>
/// <param name="TakesKnown">
/// True where the object may say "known": only for a host whose clock is the stream's.
/// </param>
internal readonly record struct CommandContext(CommandKind Kind, StudentId? Student, ulong? Claim, DateOnly Known, bool TakesKnown);

/// <summary>Why bytes are no command.</summary>
/// <param name="Path">A JSON pointer to the field, such as "/lines/2/paid_centimes"; empty for the whole object.</param>
/// <param name="Code">One of <see cref="FaultCode"/>, for a program.</param>
/// <param name="Text">For a person: the path, what was there, and what would do.</param>
internal readonly record struct JsonFault(string Path, string Code, string Text);

/// <summary>The codes of <see cref="JsonFault"/>. Clients compare them: never rename one.</summary>
internal static class FaultCode
{
    /// <summary>Not UTF-8, not JSON, or more than one value.</summary>
    public const string NotJson = "not_json";

    /// <summary>Nested deeper than any command is.</summary>
    public const string TooDeep = "too_deep";
    public const string Missing = "missing";

    /// <summary>The command has no such field, or it was said outside the object.</summary>
    public const string UnknownField = "unknown_field";
    public const string DuplicateField = "duplicate_field";

    /// <summary>Two fields of which a command has one.</summary>
    public const string Contradiction = "contradiction";
    public const string WrongType = "wrong_type";

    /// <summary>A name or a date that is none of those that are known.</summary>
    public const string UnknownValue = "unknown_value";

    /// <summary>One value of a set comes twice.</summary>
    public const string DuplicateValue = "duplicate_value";

    /// <summary>A number that its field cannot hold.</summary>
    public const string OutOfRange = "out_of_range";

    /// <summary>A string longer than any name.</summary>
    public const string TooLong = "too_long";

    /// <summary>More lines than a sheet has.</summary>
    public const string TooMany = "too_many";

    public static IReadOnlyList<string> All { get; } =
        [NotJson, TooDeep, Missing, UnknownField, DuplicateField, Contradiction, WrongType, UnknownValue, DuplicateValue, OutOfRange, TooLong, TooMany];
}
