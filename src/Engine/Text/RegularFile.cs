namespace Amoe.Engine.Text;

/// <summary>
/// Reads the files a command line names, and refuses what is not a regular file: opening a pipe waits for its writer,
/// and a device may have no end.
/// </summary>
internal static class RegularFile
{
    /// <summary>
    /// Above the longest text that any reader accepts, in its widest encoding. A longer file is refused before it fills
    /// memory.
    /// </summary>
    private const long BytesMax = 64 * 1024 * 1024;

    /// <summary>
    /// Says what keeps a path from being read as a file, as the predicate of a sentence; null when nothing does, or
    /// when nothing is there.
    /// An empty file is refused too. Its length is all that tells a regular file from others in the runtime's API, and
    /// no format allows an empty one.
    /// </summary>
    public static string? Problem(string path)
    {
        if (Directory.Exists(path))
            return "it is a folder";
        return File.Exists(path) && !HasLength(path) ? "it is empty, or not a regular file" : null;
    }

    /// <exception cref="IOException">It cannot be read, is not a regular file, or is too long.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ReadText(string path)
    {
        if (Problem(path) is { } problem)
            throw new IOException(problem);
        using var file = File.OpenRead(path);
        if (file.Length > BytesMax)
            throw new IOException($"it is longer than {BytesMax / (1024 * 1024)} MiB");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Follows links, whose own length is that of their text. The target of /dev/fd/63 is a name that does not exist.
    /// </summary>
    private static bool HasLength(string path)
    {
        try
        {
            return (File.ResolveLinkTarget(path, returnFinalTarget: true)
                ?? new FileInfo(path)) is FileInfo { Exists: true, Length: > 0 };
        }
        catch (IOException)
        {
            // A link that leads to itself.
            return false;
        }
    }
}
