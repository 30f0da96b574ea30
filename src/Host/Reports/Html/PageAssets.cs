namespace Amoe.Host.Reports.Html;

/// <summary>Style and code of the page, which the program has in it.</summary>
internal static class PageAssets
{
    /// <summary>The text of a file of the folder Assets.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"report/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
