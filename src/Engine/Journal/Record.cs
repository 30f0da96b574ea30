using Amoe.Engine.Domain;

namespace Amoe.Engine.Journal;

/// <summary>The header of a record's events: the command it answers, when, and the answer.</summary>
/// <param name="Kind">
/// The command's kind, or one of the partition's own: day opened, day closed, rulebook adopted, something fell due.
/// </param>
/// <param name="Student">Whose command it is; none for a mark.</param>
/// <param name="Id">The command's id; the reference alone has no meaning for the partition's own records.</param>
/// <param name="Fingerprint">Of the command's content.</param>
/// <param name="Effective">The command's effective date; for a mark the partition's day.</param>
/// <param name="Known">The day it became known.</param>
public readonly record struct RecordHeader(
    CommandKind Kind, StudentId Student, CommandId Id, uint Fingerprint, DateOnly Effective, DateOnly Known,
    Outcome Outcome, Reason Reason)
{
    /// <summary>
    /// True for a command that was sent: it has an id and a fingerprint, and is answered the same always.
    /// </summary>
    public bool IsCommand => Kind.IsCommand();

    /// <summary>True for what is about a student: a command or a deadline, but not a mark of the partition.</summary>
    public bool HasStudent => Kind.HasStudent();

    public static RecordHeader Mark(CommandKind kind, DateOnly day) =>
        new(kind, default, new CommandId(kind, 0), 0, day, day, Outcome.Done, Reason.None);

    public static RecordHeader Due(StudentId student, DateOnly day) =>
        new(
            CommandKind.DueDate, student, new CommandId(CommandKind.DueDate, 0), 0, day, day, Outcome.Done,
            Reason.None);

    internal static bool IsOfAStudent(CommandKind kind) =>
        kind is CommandKind.DueDate or >= CommandKind.CarryOverRegistration;

    public static RecordHeader Of(Command command, uint fingerprint, Outcome outcome, Reason reason) =>
        new(command.Kind, command.Student, command.Id, fingerprint, command.Effective, command.Known, outcome, reason);
}
