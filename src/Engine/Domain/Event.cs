namespace Amoe.Engine.Domain;

/// <summary>
/// Something that was decided and is now a fact. It has all amounts, dates and reasons: evolving needs no rulebook.
/// </summary>
public abstract record Event;

/// <summary>A fact about a student.</summary>
public abstract record StudentEvent : Event;

/// <summary>A fact about one claim of a student.</summary>
/// <param name="Claim">The claim's sheet number.</param>
public abstract record ClaimEvent(ulong Claim) : Event;

/// <summary>A command was refused: journalled, so that the same command again is answered the same (D9).</summary>
/// <param name="Reason">Why, with its rule (X8).</param>
/// <param name="Field">
/// The field of the command that the reason speaks of; none where there is no such field, and in journals of earlier
/// versions.
/// </param>
/// <param name="Value">Its value, as <see cref="RefusedValue"/> has it.</param>
public sealed record CommandRefused(Reason Reason, CommandField Field = CommandField.None, long Value = 0)
    : StudentEvent;
