using System.Diagnostics;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>Copies of the catalogues, each in a folder of its own.</summary>
public enum Catalogues
{
    AsTheyAre,
    WithWrongKeys,
    WithAnotherName,
}

/// <summary>
/// Runs the build's check on each copy, all in one build process: it compiles the check only once, and that is nearly
/// all the time it takes.
/// </summary>
public sealed class CatalogueBuilds : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("amoe-catalogues-");
    private string[] _output = [];

    public async Task InitializeAsync()
    {
        var engine = Path.Combine(Root(), "src", "Engine");
        foreach (var copy in Enum.GetValues<Catalogues>())
            Write(copy, Path.Combine(engine, "Explaining", "Catalogues"));
        var project = Path.Combine(_folder.FullName, "check.proj");
        await File.WriteAllTextAsync(project, Project(Path.Combine(engine, "Engine.csproj")));
        var start = new ProcessStartInfo(
            "dotnet",
            ["msbuild", project, "-nologo", "-v:quiet", "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = engine
        };
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        await build.WaitForExitAsync(patience.Token);
        _output = (await output).Split('\n');
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>What the build said of a copy, and whether its check came to its end.</summary>
    internal (string Errors, bool IsPassed) Of(Catalogues copy) =>
        (string.Join('\n', _output.Where(line => line.Contains(FolderOf(copy), StringComparison.Ordinal))),
            File.Exists(Path.Combine(FolderOf(copy), "catalogues.checked")));

    private static string Changed(Catalogues copy, string language, string text) => (copy, language) switch
    {
        (Catalogues.WithWrongKeys, "ar") =>
            string.Join(
                '\n',
                text.Split('\n').Where(line => !line.TrimStart().StartsWith("over_age:", StringComparison.Ordinal))),
        (Catalogues.WithWrongKeys, "fr") =>
            text.Replace("    many: \"{n} de jours\"\n", "", StringComparison.Ordinal)
                .Replace("reason:\n", "reason:\n  invented: \"inventé\"\n", StringComparison.Ordinal),
        (Catalogues.WithAnotherName, "fr") =>
            text.Replace("somme des lignes : {formula}", "somme des lignes", StringComparison.Ordinal),
        _ => text,
    };

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AmoeActors.sln")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException("the tests do not run from within the repository");
    }

    private void Write(Catalogues copy, string catalogues)
    {
        Directory.CreateDirectory(FolderOf(copy));
        foreach (var file in Directory.EnumerateFiles(catalogues, "*.yaml"))
            File.WriteAllText(
                Path.Combine(FolderOf(copy), Path.GetFileName(file)),
                Changed(copy, Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)));
    }

    /// <summary>
    /// Checks each copy and goes on behind one that has a mistake. The check marks its end by a file, behind the last
    /// error it could find.
    /// </summary>
    private string Project(string engine) => $"""
        <Project>
          <Target Name="Check">
            {string.Concat(Enum.GetValues<Catalogues>().Select(copy => Check(engine, FolderOf(copy))))}
          </Target>
        </Project>
        """;

    private static string Check(string engine, string folder) =>
        $"<MSBuild Projects=\"{engine}\" Targets=\"CheckCatalogues\" Properties=\"CataloguesFolder={folder}/;IntermediateOutputPath={folder}/\" ContinueOnError=\"true\" />\n";

    private string FolderOf(Catalogues copy) => Path.Combine(_folder.FullName, $"{copy}");
}
