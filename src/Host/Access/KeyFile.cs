using System.Text;
using Amoe.Engine.Text;

namespace Amoe.Host.Access;

/// <summary>
/// The file that keeps the keys, a line of JSON each. It is replaced as a whole, so that a reader and a crash find the
/// old file or the new one; writers take turns by a lock file beside it.
/// </summary>
internal sealed class KeyFile
{
    public const string DefaultName = "keys.json";

    /// <summary>Some sixty thousand keys.</summary>
    public const int BytesMax = 16 << 20;

    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(10);

    private readonly string _path;

    // A link, as secrets are often mounted, stays one: what it leads to is replaced.
    private readonly string _target;

    /// <exception cref="InputException">A link that leads to itself.</exception>
    public KeyFile(string path)
    {
        try
        {
            (_path, _target) = (path,
                File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path));
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
        {
            throw Unusable(path, e);
        }
        catch (IOException)
        {
            (_path, _target) = (path, Path.GetFullPath(path));
        }
    }

    public string FilePath => _path;

    /// <summary>The bytes of the file.</summary>
    /// <exception cref="InputException">
    /// It is not there, cannot be read, or others than its owner may write it.
    /// </exception>
    public byte[] ReadBytes()
    {
        try
        {
            if (!File.Exists(_path) && !Directory.Exists(_path))
                throw new InputException(
                    $"{_path}: there is no such file. Make the first key: amoe keys create --role fund --keys {_path}");
            if (RegularFile.Problem(_path) is { } problem)
                throw new InputException($"{_path}: the keys cannot be read ({problem}).");
            RefuseOthersWriting();
            using var file = File.OpenRead(_path);
            if (file.Length > BytesMax)
                throw new InputException(
                    $"{_path}: the keys cannot be read (it is longer than {BytesMax >> 20} MiB). Remove keys that were revoked long ago.");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(_path, e);
        }
    }

    /// <summary>Reads the lines of a file.</summary>
    /// <exception cref="InputException">
    /// A line is no key, or an id is there twice; it names file, line and field.
    /// </exception>
    public IReadOnlyList<StoredKey> Parse(ReadOnlySpan<byte> bytes)
    {
        var keys = new List<StoredKey>();
        var ids = new Dictionary<uint, int>();
        var number = 0;
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        foreach (var range in bytes.Split((byte)'\n'))
        {
            number++;
            var line = bytes[range].Trim(" \t\r"u8);
            if (line.IsEmpty)
                continue;
            try
            {
                var key = KeyLine.Read(line);
                if (!ids.TryAdd(key.Id, number))
                    throw new FormatException($"the id {key.IdText} is on line {ids[key.Id]} too");
                keys.Add(key);
            }
            catch (FormatException e)
            {
                throw new InputException($"{_path}, line {number}: {e.Message}.");
            }
        }

        return keys;
    }

    /// <summary>The keys of a file that has to be there.</summary>
    /// <exception cref="InputException">It cannot be used.</exception>
    public IReadOnlyList<StoredKey> Read() => Parse(ReadBytes());

    /// <summary>
    /// Replaces the keys by what <paramref name="change"/> makes of them, while no other writer can.
    /// </summary>
    /// <param name="change">Gets no keys where there is no file yet. What it throws leaves the file as it was.</param>
    /// <exception cref="InputException">The file cannot be read or written, or another writer does not end.</exception>
    public async Task ChangeAsync(
        Func<IReadOnlyList<StoredKey>, IReadOnlyList<StoredKey>> change, TimeProvider time,
        CancellationToken stop = default)
    {
        await using var turn = await TakeTurnAsync(time, stop);
        Replace(change(File.Exists(_target) || Directory.Exists(_target) ? Read() : []));
    }

    private void Replace(IEnumerable<StoredKey> keys)
    {
        var temporary = $"{_target}.new";
        try
        {
            // One writer at a time, so that the name is free, or left by one that was killed.
            File.Delete(temporary);
            using (var file = new FileStream(temporary, OwnersAlone(FileMode.CreateNew, FileAccess.Write)))
            {
                foreach (var key in keys)
                    file.Write(Encoding.UTF8.GetBytes(KeyLine.Write(key) + "\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, _target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(e);
        }
    }

    /// <summary>
    /// The lock file stays: removed, it could be locked by two writers, one of which has opened it before.
    /// </summary>
    private async Task<FileStream> TakeTurnAsync(TimeProvider time, CancellationToken stop)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream($"{_target}.lock", OwnersAlone(FileMode.OpenOrCreate, FileAccess.ReadWrite));
            }
            catch (IOException e) when (IsHeld(e))
            {
                if (time.GetElapsedTime(since) > LockPatience)
                    throw new InputException(
                        $"{_path}: another process has been writing the keys for {LockPatience.Seconds} s. See which has {_target}.lock open.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw NotWritable(e);
            }

            await Task.Delay(LockPause, time, stop);
        }
    }

    /// <summary>
    /// A stranger who may write the file could give himself any role; reading only hashes gives him none.
    /// </summary>
    private void RefuseOthersWriting()
    {
        if (!OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(_target) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            throw new InputException(
                $"{_path}: others than its owner may write it, and give themselves any role. Run: chmod 600 {_path}");
    }

    /// <summary>
    /// Opens for one process at a time; a file that is made is its owner's alone, where the system has modes.
    /// </summary>
    private static FileStreamOptions OwnersAlone(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersOnly;
        return options;
    }

    private InputException NotWritable(Exception e) =>
        new(
            $"{_path}: the keys cannot be written ({e.Message.TrimEnd('.')}). Allow writing in its folder, or name another file with --keys.");

    private static InputException Unusable(string path, Exception e) =>
        new($"{path}: the keys cannot be read ({e.Message.TrimEnd('.')}).");

    // The runtime has no type for a sharing violation: EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on
    // Windows.
    private static bool IsHeld(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x8007_0020);
}
