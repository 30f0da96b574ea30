namespace Amoe.Chaos.Infrastructure;

/// <summary>The built program.</summary>
internal static class Built
{
    /// <summary>
    /// Beside the tests, where its transport is compiled ahead of time too. Where times are held against limits it is
    /// the product's own build.
    /// </summary>
    public static string Program { get; } = Path.Combine(
        MeasuredScale is null ? AppContext.BaseDirectory : ProductFolder(), "amoe.dll");

    /// <summary>The scale of the year on which times are measured; null where they are not.</summary>
    public static string? MeasuredScale =>
        Environment.GetEnvironmentVariable("AMOE_CHAOS_RECOVERY") is { Length: > 0 } scale ? scale : null;

    private static string ProductFolder()
    {
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var (framework, configuration, root) = (here.Name, here.Parent!.Name,
            here.Parent.Parent!.Parent!.Parent!.Parent!.FullName);
        return Path.Combine(root, "src", "Host", "bin", configuration, framework);
    }
}
