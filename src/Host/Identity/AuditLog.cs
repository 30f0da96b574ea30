using System.Buffers;
using System.Text;
using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>
/// The append-only log of every reading of a person: a line of JSON each, chained by hashes, so that a line that was
/// changed, removed or put elsewhere is found. A reading is answered once its line is synced; callers share a sync.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    private const int LinesTogether = 4_096;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly FileStream _file;
    private readonly GroupCommit<Pending> _commits;

    // Of the thread that commits.
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private VaultException? _broken;

    // Written by the thread that commits, read by any.
    private volatile EndOfLog _end;

    private AuditLog(string path, FileStream file, AuditPosition end, TimeProvider time)
    {
        (_path, _file, _end, _time) = (path, file, new EndOfLog(end), time);
        _commits = new GroupCommit<Pending>("audit log", LinesTogether, Commit);
    }

    /// <summary>The end of the last durable line.</summary>
    public AuditPosition End => _end.Position;

    /// <summary>Makes a log that has its first line.</summary>
    /// <param name="host">The id of the host that keeps it.</param>
    /// <exception cref="VaultException">There is a file, or it cannot be written.</exception>
    public static AuditPosition Create(string path, string host, TimeProvider time) => Try(path, () =>
    {
        var bytes = new ArrayBufferWriter<byte>();
        var hash = AuditLine.WriteFirst(bytes, host, time.GetUtcNow());
        using var file = new FileStream(path, VaultFiles.Options(FileMode.CreateNew, FileAccess.Write));
        file.Write(bytes.WrittenSpan);
        file.Flush(flushToDisk: true);
        return new AuditPosition(0, bytes.WrittenCount, hash);
    });

    /// <summary>
    /// Opens a log and walks along it from a place before which nothing is of interest. What a crash left after the
    /// last whole line is cut off: its reading was not answered.
    /// </summary>
    /// <param name="marks">
    /// Places that were read from this log before, by age: the walk begins at the first, and comes by the others.
    /// </param>
    /// <param name="onErased">Receives the students that entries after the first mark say were erased.</param>
    /// <param name="warn">Receives one line when something was cut off.</param>
    /// <exception cref="VaultException">
    /// It cannot be read, is not the log of the marks, or a line was changed.
    /// </exception>
    public static AuditLog Open(
        string path, AuditPosition[] marks, TimeProvider time, Action<StudentId> onErased,
        Action<string> warn) => Try(path, () =>
    {
        var file = new FileStream(path, VaultFiles.Options(FileMode.Open, FileAccess.ReadWrite));
        try
        {
            var walk = Follow(path, file, marks, onErased);
            if (walk.TornBytes > 0)
                CutOff(path, file, walk, warn);
            file.Position = walk.End.Offset;
            return new AuditLog(path, file, walk.End, time);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    /// <summary>Fails where <see cref="Open"/> would, and changes nothing.</summary>
    /// <inheritdoc cref="Open"/>
    public static void RequireSound(string path, AuditPosition[] marks) => Try(path, () =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Follow(path, file, marks, _ => { });
    });

    /// <summary>Walks along a whole log. It may be in use.</summary>
    /// <param name="marks">
    /// Places that were seen of this log: without one the chain has an end that was cut off unseen.
    /// </param>
    /// <returns>Where it ends, and what is wrong with the line after that.</returns>
    /// <exception cref="VaultException">It cannot be read.</exception>
    public static AuditWalk Verify(string path, params AuditPosition[] marks) => Try(path, () =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var unseen = marks.ToHashSet();
        var walk = AuditChain.Walk(file, AuditPosition.Start, (end, _, _) => unseen.Remove(end));
        return walk.Problem is null && unseen.Count > 0
            ? walk with
            {
                Problem =
                    $"is missing, or another log is in its place: the vault has seen line {unseen.Max(mark => mark.Sequence) + 1} of its own"
            }
            : walk;
    });

    /// <summary>Completes once the entry is on disk.</summary>
    /// <returns>The end of its line.</returns>
    /// <exception cref="VaultException">It cannot be written: nothing may be read.</exception>
    public async ValueTask<AuditPosition> AppendAsync(AuditEntry entry)
    {
        var pending = new Pending(entry);
        await _commits.PostAsync(pending);
        return await pending.Task;
    }

    public void Dispose()
    {
        _commits.Dispose();
        _file.Dispose();
    }

    /// <summary>Walks from the first mark on, and comes by the others.</summary>
    private static AuditWalk Follow(string path, FileStream file, AuditPosition[] marks, Action<StudentId> onErased)
    {
        var from = marks[0];
        if (file.Length < marks.Max(mark => mark.Offset))
            throw new VaultException(
                $"{path}: it ends before a line that the vault has seen. Put back the newest copy: an audit log is never replaced by an older one.");
        RequireEnd(path, file, from);
        file.Position = from.Offset;
        var unseen = marks.Where(mark => mark != from).ToHashSet();
        var walk = AuditChain.Walk(file, from, (end, what, student) =>
        {
            unseen.Remove(end);
            if (what == AuditLine.Erased && student is { } erased)
                onErased(erased);
        });
        if (walk.Problem is { } problem)
            throw new VaultException(
                $"{path}: line {walk.End.Sequence + 2} {problem}. Find out who changed it (amoe vault verify), and put back the newest copy.");
        return unseen.Count == 0 ? walk : throw OtherLog(path);
    }

    /// <summary>The walk begins at a mark, and sees no line that ends there.</summary>
    private static void RequireEnd(string path, FileStream file, AuditPosition mark)
    {
        var end = Encoding.ASCII.GetBytes($"{mark.Hash}\"}}\n");
        var found = new byte[Math.Min(end.Length, mark.Offset)];
        file.Position = mark.Offset - found.Length;
        file.ReadExactly(found);
        if (mark != AuditPosition.Start && !found.SequenceEqual(end))
            throw OtherLog(path);
    }

    private static VaultException OtherLog(string path) =>
        new(
            $"{path}: it is not the log that the vault has seen. Put back the newest copy: an audit log is never replaced by another.");

    private static void CutOff(string path, FileStream file, AuditWalk walk, Action<string> warn)
    {
        file.SetLength(walk.End.Offset);
        file.Flush(flushToDisk: true);
        warn(
            $"{path}: the {walk.TornBytes} bytes after line {walk.End.Sequence + 1} were no whole line, as a crash leaves them, and were cut off. No reading was answered on them.");
    }

    private void Commit(List<Pending> entries)
    {
        if (_broken is not null)
        {
            entries.ForEach(entry => entry.SetException(_broken));
            return;
        }

        _bytes.ResetWrittenCount();
        var ends = new AuditPosition[entries.Count];
        var (start, end, now) = (End.Offset, End, _time.GetUtcNow());
        for (var i = 0; i < ends.Length; i++)
        {
            var hash = AuditLine.Write(_bytes, end, now, entries[i].Entry);
            ends[i] = end = new AuditPosition(end.Sequence + 1, start + _bytes.WrittenCount, hash);
        }

        try
        {
            RandomAccess.Write(_file.SafeFileHandle, _bytes.WrittenSpan, start);
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What of it is on the disk is unknown, also after another sync: the next start looks.
            _broken = new VaultException(
                $"{_path}: the audit log cannot be written ({e.Message.TrimEnd('.')}), so no person is read. Check the disk and start again.",
                e);
            entries.ForEach(entry => entry.SetException(_broken));
            return;
        }

        _end = new EndOfLog(end);
        for (var i = 0; i < ends.Length; i++)
            entries[i].SetResult(ends[i]);
    }

    private static T Try<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (FileNotFoundException e)
        {
            throw new VaultException(
                $"{path}: the audit log is missing. Put back the newest copy: without it the vault does not know who was erased.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultException(
                $"{path}: the audit log cannot be opened ({e.Message.TrimEnd('.')}). Check that its folder can be written.",
                e);
        }
    }

    private sealed class Pending(AuditEntry entry)
        : TaskCompletionSource<AuditPosition>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public AuditEntry Entry => entry;
    }

    private sealed record EndOfLog(AuditPosition Position);
}
