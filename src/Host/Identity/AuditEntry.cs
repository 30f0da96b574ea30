using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>What was done with a person.</summary>
internal enum AuditAct
{
    /// <summary>A number was looked for. The entry has the student found, and none where none was.</summary>
    Find,

    /// <summary>The person was read.</summary>
    Read,

    /// <summary>The person's data were to be corrected.</summary>
    Correct,

    /// <summary>
    /// The person was erased. On opening, the vault erases a person that an entry names and a file still has.
    /// </summary>
    Erased,
}

/// <summary>One entry of the audit log. It has a student's number and never personal data.</summary>
internal readonly record struct AuditEntry(AuditAct Act, StudentId? Student, Reader Reader);

/// <summary>A place in the audit log: the end of a line.</summary>
/// <param name="Sequence">The line's number, from 0.</param>
/// <param name="Offset">Bytes from the file's beginning to the line's end.</param>
/// <param name="Hash">The line's, 64 hexadecimal digits.</param>
internal readonly record struct AuditPosition(long Sequence, long Offset, string Hash)
{
    /// <summary>Before the first line.</summary>
    public static AuditPosition Start { get; } = new(-1, 0, new string('0', AuditLine.HashDigits));
}
