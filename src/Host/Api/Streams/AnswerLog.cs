using Amoe.Host.Reports;
using Microsoft.Win32.SafeHandles;

namespace Amoe.Host.Api.Streams;

/// <summary>
/// The answers of one stream in a file, a line each, in the order of the stream's lines. One writes, and any number
/// read from any line on, as far as it is written: a sender that does not read holds nothing in memory, and a sender
/// whose connection broke reads its answers again.
/// </summary>
/// <remarks>
/// Not synced: what the answers rest on is durable, and a sender that has lost its answers sends the same lines again.
/// The file has no name, so that nothing of it is left where the process is killed.
/// </remarks>
internal sealed class AnswerLog : IDisposable
{
    /// <summary>
    /// How long a reader of an ended stream may take for one buffer of answers: a connection that is not read from
    /// would be held otherwise.
    /// </summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromMinutes(5);

    /// <summary>Lines between two places that are remembered: a reader skips fewer than that.</summary>
    private const int LinesAPlace = 1_024;

    private readonly SafeFileHandle _file;
    private readonly Action<long> _take;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<long> _places = [0];
    private TaskCompletionSource _grown = New();
    private long _length;
    private long _lines;
    private bool _isEnded;
    private int _users = 1;
    private long _taken;

    /// <param name="folder">Where there is room for them.</param>
    /// <param name="take">
    /// Called with the bytes that are to be written, and with minus those of the file once it is gone. It throws where
    /// there is no room for them.
    /// </param>
    /// <exception cref="AnswersNotKeptException">The folder is full, gone or read-only.</exception>
    public AnswerLog(string folder, TimeProvider time, Action<long>? take = null)
    {
        (_folder, _time, _take) = (folder, time, take ?? (_ => { }));
        try
        {
            _file = OpenNameless(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AnswersNotKeptException.In(_folder, e);
        }
    }

    /// <summary>Lines answered.</summary>
    public long Lines
    {
        get
        {
            lock (_gate)
                return _lines;
        }
    }

    public long Bytes
    {
        get
        {
            lock (_gate)
                return _length;
        }
    }

    /// <summary>True when no answer will come any more.</summary>
    public bool IsEnded
    {
        get
        {
            lock (_gate)
                return _isEnded;
        }
    }

    /// <summary>Appends whole lines. One thread at a time.</summary>
    /// <exception cref="AnswersAtLimitException">There is no room for them, and none of them is written.</exception>
    /// <exception cref="AnswersNotKeptException">The disk is full. Nothing of them is read by anyone.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        _take(lines.Length);
        _taken += lines.Length;
        Write(lines);
    }

    /// <summary>Appends the line that says why no other comes: there is always room for it.</summary>
    /// <exception cref="AnswersNotKeptException">The disk is full.</exception>
    public void AppendLast(ReadOnlySpan<byte> line) => Write(line);

    private void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            RandomAccess.Write(_file, lines, _length);
        }
        catch (IOException e)
        {
            throw AnswersNotKeptException.In(_folder, e);
        }

        lock (_gate)
        {
            var at = _length;
            while (lines.IndexOf((byte)'\n') is var end and >= 0)
            {
                at += end + 1;
                lines = lines[(end + 1)..];
                if (++_lines % LinesAPlace == 0)
                    _places.Add(at);
            }

            _length = at;
            Wake();
        }
    }

    /// <summary>No answer will come any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            Wake();
        }
    }

    /// <summary>
    /// Copies the answers from a line on to a stream, as they come, until the last one. A line that has not come is
    /// waited for.
    /// </summary>
    /// <param name="from">The first line, from 1.</param>
    /// <exception cref="TimeoutException">
    /// The stream has ended, and the output takes nothing for <see cref="StallMax"/>. A write of it is still pending.
    /// </exception>
    public async Task CopyAsync(long from, Stream output, CancellationToken cancellation)
    {
        var buffer = new byte[32 << 10];
        var (at, skip) = Seek(from);
        while (true)
        {
            var (grown, length, isEnded) = Look();
            while (at < length)
            {
                var read = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)), at);
                var skipped = Skip(buffer.AsSpan(0, read), ref skip);
                await PatientlyAsync(
                    output.WriteAsync(buffer.AsMemory(skipped, read - skipped), cancellation).AsTask());
                at += read;
            }

            await PatientlyAsync(output.FlushAsync(cancellation));
            if (isEnded && at == length)
                return;
            await grown.WaitAsync(cancellation);
        }
    }

    /// <summary>Keeps the file open for one more user, who disposes too; false when it is gone.</summary>
    public bool TryUse()
    {
        lock (_gate)
        {
            if (_users == 0)
                return false;
            _users++;
            return true;
        }
    }

    /// <summary>The file goes with the last of its users.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (--_users > 0)
                return;
        }

        _file.Dispose();
        _take(-_taken);
    }

    /// <summary>True while more than its keeper uses it.</summary>
    public bool IsRead
    {
        get
        {
            lock (_gate)
                return _users > 1;
        }
    }

    /// <summary>A file that is removed while it is open: its blocks are free once it is closed.</summary>
    private static SafeFileHandle OpenNameless(string folder)
    {
        var path = Path.Combine(folder, $"amoe-answers-{Path.GetRandomFileName()}");
        var file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
        return file;
    }

    /// <summary>A place at or before a line, and how many lines lie between.</summary>
    private (long At, long Skip) Seek(long from)
    {
        lock (_gate)
        {
            var place = Math.Min((from - 1) / LinesAPlace, _places.Count - 1);
            return (_places[(int)place], from - 1 - place * LinesAPlace);
        }
    }

    /// <summary>How many of the bytes belong to lines that are still to be skipped.</summary>
    private static int Skip(ReadOnlySpan<byte> bytes, ref long lines)
    {
        var skipped = 0;
        for (; lines > 0; lines--)
        {
            var end = bytes[skipped..].IndexOf((byte)'\n');
            if (end < 0)
                return bytes.Length;
            skipped += end + 1;
        }

        return skipped;
    }

    /// <summary>While the stream runs its sender need not read; then it does, or is cut.</summary>
    private async Task PatientlyAsync(Task writing)
    {
        while (!writing.IsCompleted)
        {
            try
            {
                await writing.WaitAsync(StallMax, _time);
            }
            catch (TimeoutException) when (!IsEnded)
            {
                // The sender still sends.
            }
        }

        await writing;
    }

    private (Task Grown, long Length, bool IsEnded) Look()
    {
        lock (_gate)
            return (_grown.Task, _length, _isEnded);
    }

    private void Wake()
    {
        _grown.SetResult();
        _grown = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The answers of a stream cannot be kept, so it cannot go on.</summary>
internal class AnswersNotKeptException(string message, Exception? inner = null) : Exception(message, inner)
{
    public static AnswersNotKeptException In(string folder, Exception inner) =>
        new(
            $"the answers of a stream cannot be kept in {folder}: {inner.Message.TrimEnd('.')}. Make room there, or name another folder in TMPDIR.",
            inner);
}

/// <summary>Streams have as many answers as the host keeps. Those that were written stay readable.</summary>
/// <param name="bytesMax">Of all streams, or of one caller's.</param>
internal sealed class AnswersAtLimitException(long bytesMax)
    : AnswersNotKeptException(
        $"answers of streams have the {Format.Bytes(bytesMax)} that are kept of them. Have their senders read them, or set {LimitSetting} higher.")
{
    /// <summary>The setting with the limit.</summary>
    public const string LimitSetting = "Limits:AnswerMegabytes";
}
