using System.Runtime.CompilerServices;

namespace Amoe.Engine.Tests;

/// <summary>
/// Files of Golden/ that a test compares with. With AMOE_APPROVE=1 in the environment a test writes what it finds
/// instead: only ever for what is new, never to make a renumbering or a changed layout pass, because journals that were
/// written before must stay readable.
/// </summary>
internal static class Approved
{
    private static bool Writes => Environment.GetEnvironmentVariable("AMOE_APPROVE") == "1";

    public static void Text(string name, IEnumerable<string> lines)
    {
        var found = string.Concat(lines.Select(line => line + "\n"));
        var approved = System.Text.Encoding.UTF8.GetString(Bytes(name, System.Text.Encoding.UTF8.GetBytes(found)));
        var (had, has) = (approved.Split('\n'), found.Split('\n'));
        Assert.True(
            had.Except(has).FirstOrDefault() is not { } gone,
            $"{name} has «{had.Except(has).FirstOrDefault()}», which is no more: journals written before need it");
        Assert.True(
            has.Except(had).FirstOrDefault() is not { } added,
            $"{name} lacks «{has.Except(had).FirstOrDefault()}»: if it is new, run once with AMOE_APPROVE=1 and commit the file");
        Assert.Equal(approved, found);
    }

    /// <summary>Bytes that an earlier version wrote: nothing approves others in their place.</summary>
    public static byte[] Kept(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", name));

    /// <summary>The approved bytes; when approving, <paramref name="found"/> become them.</summary>
    public static byte[] Bytes(string name, byte[] found)
    {
        if (Writes)
            File.WriteAllBytes(Path.Combine(SourceFolder(), name), found);
        return Writes ? found : File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", name));
    }

    /// <summary>A document of the repository that is made from code: it must be what the code says now.</summary>
    /// <param name="path">From the repository's root.</param>
    public static void Document(string path, string found)
    {
        var file = Path.Combine(SourceFolder(), "..", "..", "..", path);
        if (Writes)
            File.WriteAllText(file, found);
        Assert.True(
            File.Exists(file) && File.ReadAllText(file) == found,
            $"{path} is not what the code says now: run this test once with AMOE_APPROVE=1 and commit the file");
    }

    /// <summary>The text of a document of the repository.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(SourceFolder(), "..", "..", "..", path));

    /// <summary>The texts of all documents in docs.</summary>
    public static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(
            Path.Combine(SourceFolder(), "..", "..", "..", "docs"), "*.md", SearchOption.AllDirectories)
                .Select(File.ReadAllText);

    private static string SourceFolder([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "Golden");
}
