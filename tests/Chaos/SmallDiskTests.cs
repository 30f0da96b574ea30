using Amoe.Chaos.Infrastructure;

namespace Amoe.Chaos;

/// <summary>A full disk is full, and has room again afterwards.</summary>
public sealed class SmallDiskTests
{
    [SmallDiskFact]
    public void Nothing_can_be_written_while_it_is_full()
    {
        using var disk = SmallDisk.Mount();
        var file = Path.Combine(disk.Folder, "file");
        File.WriteAllText(file, "before");
        using (disk.Fill())
            Assert.Throws<IOException>(() =>
                File.WriteAllText(Path.Combine(disk.Folder, "another"), new string('x', 10_000)));
        File.WriteAllText(file, new string('x', 10_000));
    }
}

/// <summary>A test that needs a small disk: skipped, and says so, where this user may mount nothing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Missing;
}
