namespace Amoe.Chaos.Infrastructure;

/// <summary>
/// A file system of its own in a file, small enough to be filled; or in memory, where the machine has no loop devices.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 384;
    private const string Prefix = "amoe-chaos-disk-";

    private static readonly Lazy<string?> _missing = new(() =>
    {
        RemoveLeftovers();
        var (why, probe) = Mounted();
        probe.Dispose();
        if (why is not null)
            Console.Error.WriteLine($"SKIPPED: the full disk: {why}");
        return why;
    });

    private static int _disks;

    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    private string Image => $"{Folder}.image";

    /// <summary>Why no disk can be mounted here, in one line, or null. Written to standard error once.</summary>
    public static string? Missing => _missing.Value;

    /// <summary>Null where this user may mount nothing.</summary>
    public static SmallDisk? TryMount() => Missing is null ? Mount() : null;

    /// <exception cref="InvalidOperationException">It cannot be mounted: why.</exception>
    public static SmallDisk Mount()
    {
        var (why, disk) = Mounted();
        if (why is null)
            return disk;
        disk.Dispose();
        throw new InvalidOperationException(why);
    }

    /// <summary>A disk, and why it is not mounted, or null when it is.</summary>
    private static (string? Why, SmallDisk Disk) Mounted()
    {
        var disk = new SmallDisk(
            Path.Combine(Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _disks)}"));
        Directory.CreateDirectory(disk.Folder);
        var why = Shell.TryRun($"truncate -s {Megabytes}M {disk.Image}")
            ?? Shell.TryRun(
                $"mkfs.ext4 -q -m 0 {disk.Image}") ?? Shell.TryRun($"mount -o loop {disk.Image} {disk.Folder}");
        if (why is not null)
            why = Shell.TryRun($"mount -t tmpfs -o size={Megabytes}m amoe-chaos {disk.Folder}");
        return (why, disk);
    }

    /// <summary>Leaves no byte free until disposed.</summary>
    public IDisposable Fill() => new Filler(Path.Combine(Folder, "filler"));

    public void Dispose()
    {
        Shell.TryRun($"umount {Folder}");
        Directory.Delete(Folder);
        File.Delete(Image);
    }

    /// <summary>Left by a process that was killed: no process has its id any more.</summary>
    private static void RemoveLeftovers()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            if (!Directory.Exists($"/proc/{Path.GetFileName(folder)[Prefix.Length..].Split('-')[0]}"))
                new SmallDisk(folder).Dispose();
        }
    }

    private sealed class Filler : IDisposable
    {
        private readonly string _path;

        public Filler(string path)
        {
            _path = path;
            try
            {
                using var file = new FileStream(
                    path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
                for (var chunk = new byte[1 << 20]; chunk.Length > 0; chunk = new byte[chunk.Length / 2])
                    WriteAll(file, chunk);
            }
            catch
            {
                File.Delete(path);
                throw;
            }
        }

        public void Dispose() => File.Delete(_path);

        private static void WriteAll(FileStream file, byte[] chunk)
        {
            try
            {
                while (true)
                    file.Write(chunk);
            }
            catch (IOException)
            {
                // The disk has no room for so much.
            }
        }
    }
}
