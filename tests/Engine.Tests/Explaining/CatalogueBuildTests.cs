using System.Diagnostics;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>The build's own check of the catalogues, on copies with a mistake in them.</summary>
public sealed class CatalogueBuildTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("amoe-catalogues-");

    [Fact]
    public async Task Passes_the_catalogues_as_they_are() => Assert.Equal("", await Build((_, text) => text));

    [Fact]
    public async Task Fails_on_each_kind_of_mistake_and_names_key_and_file()
    {
        var errors = await Build((language, text) => language switch
        {
            "ar" => Without(text, "over_age:"),
            "fr" => text.Replace("    many: \"{n} de jours\"\n", "", StringComparison.Ordinal).Replace("reason:\n", "reason:\n  invented: \"inventé\"\n", StringComparison.Ordinal),
            _ => text,
        });

        Assert.Contains("ar.yaml : catalogues error AMOE1: the key 'reason.over_age' is missing", errors, StringComparison.Ordinal);
        Assert.Contains("fr.yaml : catalogues error AMOE1: the key 'unit.day.many' is missing", errors, StringComparison.Ordinal);
        Assert.Contains("catalogues error AMOE2: nothing asks for the key 'reason.invented'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fails_where_a_text_has_other_names_in_braces_than_the_English_one()
    {
        var errors = await Build((language, text) => language == "fr" ? text.Replace("somme des lignes : {formula}", "somme des lignes", StringComparison.Ordinal) : text);
        Assert.Contains("catalogues error AMOE3: 'claim.sum' has the names '' and in English 'formula'", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Without(string text, string key) => string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith(key, StringComparison.Ordinal)));

    /// <summary>The errors of the check alone, on catalogues changed so.</summary>
    private async Task<string> Build(Func<string, string, string> change)
    {
        var engine = Path.Combine(Root(), "src", "Engine");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(engine, "Explaining", "Catalogues"), "*.yaml"))
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, Path.GetFileName(file)), change(Path.GetFileNameWithoutExtension(file), await File.ReadAllTextAsync(file)));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = engine };
        foreach (var argument in new[] { "msbuild", "Engine.csproj", "-nologo", "-v:quiet", "-nodeReuse:false", "-t:CheckCatalogues", $"-p:CataloguesFolder={_folder.FullName}/", $"-p:IntermediateOutputPath={_folder.FullName}/" })
            start.ArgumentList.Add(argument);
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        await build.WaitForExitAsync(patience.Token);
        Assert.Equal(build.ExitCode == 0, (await output).Length == 0);
        return await output;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AmoeActors.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run from within the repository");
    }
}
