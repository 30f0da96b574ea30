using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>What a walk along an audit log found.</summary>
/// <param name="End">The end of the last sound line.</param>
/// <param name="Problem">What is wrong with the line after it; null when nothing is.</param>
/// <param name="TornBytes">
/// Bytes after the last sound line that a crash left: a line without its end, or whose bytes never came to the disk.
/// </param>
internal sealed record AuditWalk(AuditPosition End, string? Problem, long TornBytes);

/// <summary>Walks along the lines of an audit log and checks that each follows the one before.</summary>
internal static class AuditChain
{
    private const int BufferBytes = 1 << 20;

    /// <param name="file">Read from where it is, which is <paramref name="from"/>.</param>
    /// <param name="onLine">Receives each sound line's end, what it says was done, and the student.</param>
    public static AuditWalk Walk(Stream file, AuditPosition from, Action<AuditPosition, string, StudentId?> onLine)
    {
        var buffer = new byte[BufferBytes];
        var (held, end) = (0, from);
        while (true)
        {
            var read = file.Read(buffer, held, buffer.Length - held);
            held += read;
            var rest = buffer.AsSpan(0, held);
            while (rest.IndexOf((byte)'\n') is var length && length >= 0)
            {
                var line = rest[..length];
                if (AuditLine.Problem(line, end, out var hash) is { } problem)
                    return line.Contains((byte)0) ? Torn(file, end) : new AuditWalk(end, problem, 0);
                end = new AuditPosition(end.Sequence + 1, end.Offset + length + 1, hash);
                AuditLine.TryRead(line, out _, out var what, out var student);
                onLine(end, what, student);
                rest = rest[(length + 1)..];
            }

            if (read == 0)
                return rest.Length == 0 ? new AuditWalk(end, null, 0) : Torn(file, end);

            // A line that does not fit is none.
            if (rest.Length > AuditLine.BytesMax)
                return rest.Contains((byte)0)
                    ? Torn(file, end)
                    : new AuditWalk(end, "is not a line of an audit log", 0);
            rest.CopyTo(buffer);
            held = rest.Length;
        }
    }

    private static AuditWalk Torn(Stream file, AuditPosition end) => new(end, null, file.Length - end.Offset);
}
