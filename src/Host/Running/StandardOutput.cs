using Microsoft.Win32.SafeHandles;

namespace Amoe.Host.Running;

/// <summary>
/// Standard output that reports what it could not write. The runtime's own stream drops what is written to a pipe
/// without a reader, and a result would be lost with exit code 0.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private const int Output = 1;
    private const int Error = 2;

    // Null where the program was started without standard output.
    private readonly Stream? _inner;

    private StandardOutput(Stream? inner) => _inner = inner;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Makes <see cref="Console.Out"/> this one where it is redirected. A terminal keeps the runtime's.
    /// </summary>
    public static void Install()
    {
        if (Console.IsOutputRedirected && !OperatingSystem.IsWindows())
            Console.SetOut(
                new StreamWriter(
                    new StandardOutput(IsInherited(Output) ? Open() : null),
                    Console.OutputEncoding)
                { AutoFlush = true });
        if (!IsInherited(Error))
            Console.SetError(TextWriter.Null);
    }

    /// <exception cref="IOException">It is closed, its reader is gone, or its disk is full.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_inner is null)
            throw new IOException("standard output is closed");
        try
        {
            _inner.Write(buffer);
        }
        catch (UnauthorizedAccessException e)
        {
            // How the runtime calls a descriptor that is closed, or not open for writing.
            throw new IOException("standard output is closed", e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>
    /// False when the program was started without a descriptor and the runtime has something of its own there, such as
    /// a pipe to itself: what is written would be lost, or read by the runtime. Such a descriptor is closed where a
    /// program is started, and one that was inherited cannot be.
    /// </summary>
    private static bool IsInherited(int descriptor)
    {
        const int CloseOnExec = 0x80000;
        var about = $"/proc/self/fdinfo/{descriptor}";
        if (!File.Exists(about))
            return true;
        var flags = File.ReadLines(about).First(line => line.StartsWith("flags:", StringComparison.Ordinal));
        return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & CloseOnExec) == 0;
    }

    /// <summary>
    /// A pipe or socket is written as a file, which reports that its reader is gone. A regular file is written by the
    /// runtime's stream: as a file it would be written from an offset of this process's own, over what others write to
    /// it.
    /// </summary>
    private static Stream Open()
    {
        var file = new FileStream(new SafeFileHandle(Output, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return file.CanSeek ? Console.OpenStandardOutput() : file;
    }
}
