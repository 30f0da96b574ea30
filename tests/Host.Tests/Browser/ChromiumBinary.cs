namespace Amoe.Host.Tests.Browser;

/// <summary>Whether tests that need a browser can run here.</summary>
internal static class ChromiumBinary
{
    private static readonly Lazy<string?> _path = new(() => (
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/bin")
        from name in (string[])["chromium", "chromium-browser", "google-chrome"]
        let path = Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault());

    private static readonly Lazy<string?> _missing = new(() =>
    {
        if (_path.Value is not null)
            return null;
        const string Why = "no Chromium is installed (apt-get install chromium)";
        Console.Error.WriteLine($"SKIPPED: every test that needs a browser: {Why}");
        return Why;
    });

    public static string Executable => _path.Value!;

    /// <summary>
    /// Why no browser can be started here, in one line, or null when one can. Said once on standard error too.
    /// </summary>
    public static string? Missing => _missing.Value;
}
