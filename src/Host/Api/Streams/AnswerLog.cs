using Microsoft.Win32.SafeHandles;

namespace Amoe.Host.Api.Streams;

/// <summary>
/// The answers of one stream in a file, a line each, in the order of the stream's lines. One writes, and any number read
/// from any line on, as far as it is written: a sender that does not read holds nothing in memory, and a sender whose
/// connection broke reads its answers again.
/// </summary>
/// <remarks>
/// Not synced: what the answers rest on is durable, and a sender that has lost its answers sends the same lines again.
/// </remarks>
internal sealed class AnswerLog : IDisposable
{
    /// <summary>Lines between two places that are remembered: a reader skips fewer than that.</summary>
    private const int LinesAPlace = 1_024;

    private readonly SafeFileHandle _file;
    private readonly Lock _gate = new();
    private readonly List<long> _places = [0];
    private TaskCompletionSource _grown = New();
    private long _length;
    private long _lines;
    private bool _isEnded;
    private int _users = 1;

    /// <exception cref="IOException">The file cannot be made.</exception>
    public AnswerLog(string path)
    {
        Path = path;
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
    }

    public string Path { get; }

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
    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        RandomAccess.Write(_file, lines, _length);
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

    /// <summary>Copies the answers from a line on to a stream, as they come, until the last one.</summary>
    /// <param name="from">The first line, from 1.</param>
    public async Task CopyAsync(long from, Stream output, CancellationToken cancellation)
    {
        var buffer = new byte[32 << 10];
        var at = Seek(from, buffer);
        while (true)
        {
            var (grown, length, isEnded) = Look();
            while (at < length)
            {
                var read = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)), at);
                await output.WriteAsync(buffer.AsMemory(0, read), cancellation);
                at += read;
            }

            await output.FlushAsync(cancellation);
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

    /// <summary>The last of its users removes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (--_users > 0)
                return;
        }

        _file.Dispose();
        File.Delete(Path);
    }

    /// <summary>Where a line begins; the end where it is not answered yet.</summary>
    private long Seek(long from, byte[] buffer)
    {
        long at, end, skip;
        lock (_gate)
        {
            var place = Math.Min((from - 1) / LinesAPlace, _places.Count - 1);
            (at, end, skip) = (_places[(int)place], _length, from - 1 - place * LinesAPlace);
        }

        while (skip > 0 && at < end)
        {
            var read = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)), at);
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] == '\n' && --skip == 0)
                    return at + i + 1;
            }

            at += read;
        }

        return at;
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
