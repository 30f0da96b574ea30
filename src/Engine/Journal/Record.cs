using Amoe.Engine.Domain;

namespace Amoe.Engine.Journal;

/// <summary>What stands before a record's events: which command it answers, when, and how it was answered.</summary>
/// <param name="Kind">The command's kind, or one of the shard's own: day opened, day closed, something fell due.</param>
/// <param name="Student">Whose command it is; none for a day's mark.</param>
/// <param name="Id">The command's id; the reference alone has no meaning for the shard's own records.</param>
/// <param name="Fingerprint">Of the command's content.</param>
/// <param name="Effective">The command's effective date; for a day's mark the day.</param>
/// <param name="Known">The day it became known.</param>
public readonly record struct RecordHeader(
    CommandKind Kind, StudentId Student, CommandId Id, uint Fingerprint, DateOnly Effective, DateOnly Known, Outcome Outcome, Reason Reason)
{
    /// <summary>True for a command somebody sent: it has an id and a fingerprint, and is answered the same for ever.</summary>
    public bool IsCommand => Kind >= CommandKind.CarryOverRegistration;

    /// <summary>True for a student's record: a command to him or to his claims, or what fell due for him.</summary>
    public bool IsOfStudent => IsOfAStudent(Kind);

    public static RecordHeader Mark(CommandKind kind, DateOnly day) => new(kind, default, new CommandId(kind, 0), 0, day, day, Outcome.Done, Reason.None);

    public static RecordHeader Due(StudentId student, DateOnly day) =>
        new(CommandKind.DueDate, student, new CommandId(CommandKind.DueDate, 0), 0, day, day, Outcome.Done, Reason.None);

    internal static bool IsOfAStudent(CommandKind kind) => kind is CommandKind.DueDate or >= CommandKind.CarryOverRegistration;

    public static RecordHeader Of(Command command, uint fingerprint, Outcome outcome, Reason reason) =>
        new(command.Kind, command.Student, command.Id, fingerprint, command.Effective, command.Known, outcome, reason);
}
