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
internal readonly record struct CommandContext(
    CommandKind Kind, StudentId? Student, ulong? Claim, DateOnly Known, bool TakesKnown);

/// <summary>Why bytes are no command.</summary>
/// <param name="Path">
/// A JSON pointer to the field, such as "/lines/2/paid_centimes"; empty for the whole object.
/// </param>
/// <param name="Code">One of <see cref="FaultCode"/>, for a program.</param>
/// <param name="Text">For a person: the path, what was there, and what would do.</param>
internal readonly record struct JsonFault(string Path, string Code, string Text);

/// <summary>The codes of <see cref="JsonFault"/>. Clients compare them: never rename one.</summary>
internal static class FaultCode
{
    public const string NotJson = "not_json";
    public const string TooDeep = "too_deep";
    public const string Missing = "missing";
    public const string UnknownField = "unknown_field";
    public const string DuplicateField = "duplicate_field";
    public const string Contradiction = "contradiction";
    public const string WrongType = "wrong_type";
    public const string UnknownValue = "unknown_value";
    public const string DuplicateValue = "duplicate_value";
    public const string OutOfRange = "out_of_range";
    public const string TooLong = "too_long";
    public const string TooMany = "too_many";

    /// <summary>All of them, each with its meaning in one line.</summary>
    public static IReadOnlyList<(string Code, string Text)> All { get; } =
    [
        (NotJson, "Not UTF-8, not JSON, or more than one value."),
        (TooDeep, "More levels of objects and arrays than any command has."),
        (Missing, "A field without which the command says nothing."),
        (UnknownField, "The command has no such field, or it is said outside the object."),
        (DuplicateField, "A field that comes twice."),
        (Contradiction, "Two fields of which a command has one."),
        (WrongType, "A value that is not what its field is: a string for a number, a fraction, an exponent, null."),
        (UnknownValue, "A name or a date that is none of those that are known."),
        (DuplicateValue, "A value that comes twice in a set."),
        (OutOfRange, "A number that its field cannot hold."),
        (TooLong, "A string longer than any name."),
        (TooMany, "More lines than a sheet has."),
    ];
}
