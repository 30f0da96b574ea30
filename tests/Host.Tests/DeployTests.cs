using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amoe.Host.Live;
using Amoe.Host.Tests.Api;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Amoe.Host.Tests;

/// <summary>
/// What <c>deploy</c> has, as far as it can be held to anything without Docker: its commands are accepted by the
/// program, its scripts run, and every file that is mentioned is one that is made.
/// </summary>
public sealed partial class DeployTests : IDisposable
{
    private static readonly string _deploy = Path.Combine(ReadmeTests.Root(), "deploy");

    private readonly TestFolder _folder = new();

    private string Secrets => _folder.File("secrets");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_hosts_of_compose_would_start_with_the_secrets_that_are_made()
    {
        await ScriptAsync("secrets.sh", Secrets);
        var password = File.ReadAllText(Path.Combine(Secrets, "password"));
        await ScriptAsync("secrets.sh", Secrets);
        Assert.Equal(password, File.ReadAllText(Path.Combine(Secrets, "password")));
        (await AmoeCommand.RunAsync(
            "keys", "create", "--role", "fund", "--name", "the fund", "--keys", Path.Combine(Secrets, "keys.json")))
            .IsDone();

        var compose = Parse(Path.Combine(_deploy, "compose.yaml"));
        var services = (Dictionary<object, object>)compose["services"];
        string[] hosts = [.. services.Keys.Cast<string>().Where(name => name != "postgres")];
        Assert.Equal(["amoe", "host1", "host2", "host3"], hosts);
        foreach (var name in hosts)
        {
            var service = (Dictionary<object, object>)services[name];
            Assert.Equal(("amoe", "true"), (service["image"], service["read_only"]));
            var check = await CheckAsync(service);

            // There is no server of that name here; on a file, the keys are made in the volume first.
            string[] expected = name == "amoe" ? ["keys"] : ["database"];
            Assert.True(expected.SequenceEqual(check.Where(line => line.Value == "failed").Select(line => line.Key)),
                $"{name}: {string.Join(", ", check)}");
            string[] own = name == "amoe" ? ["journal", "folder"] : ["keys", "tls", "listen"];
            Assert.All(own.Concat(["settings", "http", "certificate"]), one => Assert.NotEqual("failed", check[one]));
        }
    }

    [Fact]
    public async Task The_image_starts_a_host_and_its_health_check_asks_it()
    {
        var dockerfile = File.ReadAllText(Path.Combine(_deploy, "Dockerfile"));
        Assert.Equal(["dotnet", "/opt/amoe/amoe.dll"], ListOf(dockerfile, "ENTRYPOINT"));
        var check = await AmoeCommand.RunAsync([.. ListOf(dockerfile, "\nCMD").Select(Here), "--check"]);
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Equal(["/opt/amoe/healthy.sh", "5100"], ListOf(dockerfile, "retries=3 CMD"));
        foreach (var copied in CopiedFromHere().Matches(dockerfile).Select(copy => copy.Groups[1].Value))
            Assert.True(File.Exists(Path.Combine(ReadmeTests.Root(), copied)), $"there is no {copied}");

        await using (var api = await LiveApi.StartAsync(_folder.File("http.amoe")))
        {
            Assert.Equal(0, await HealthAsync(api.Port));
            await api.StopAsync();
            Assert.Equal(1, await HealthAsync(api.Port));
        }

        await ScriptAsync("secrets.sh", Secrets);
        var certificate = Path.Combine(Secrets, "amoe.pem");
        _folder.Write(
            "appsettings.json", JsonSerializer.Serialize(
            new Dictionary<string, string> { ["Https:Certificate"] = certificate }));
        await using var https = await LiveApi.StartAsync(
            _folder.File("https.amoe"), settings: LiveSettings.Read(_folder.Path));
        Assert.Equal(0, await HealthAsync(https.Port, certificate));
        Assert.Equal(1, await HealthAsync(https.Port));
    }

    /// <summary>What <c>serve --check</c> says of a service, whose files and ports are others here.</summary>
    private async Task<Dictionary<string, string>> CheckAsync(Dictionary<object, object> service)
    {
        var mounts = Texts(service["volumes"]).Where(volume => volume.StartsWith("./", StringComparison.Ordinal))
            .Select(volume => volume.Split(':')).ToDictionary(
            parts => parts[1], parts => Path.Combine(_folder.Path, parts[0]));
        Assert.All(mounts.Values, file => Assert.True(File.Exists(file), $"{file} is not made"));
        string InPlace(string text) => mounts.GetValueOrDefault(text) ?? Here(text);
        var command = Texts(service["command"]).Select(InPlace).ToArray();
        var environment = ((Dictionary<object, object>)service["environment"]).Select(
            variable => ((string)variable.Key, InPlace((string)variable.Value))).ToArray();
        using var process = AmoeProcess.Start([.. command, "--check", "-o", "json"], _folder.Path, environment);
        var check = await process.FinishAsync();
        Assert.Equal("", check.Error);
        return check.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(
            line => line.GetProperty("check").GetString()!, line => line.GetProperty("state").GetString()!);
    }

    /// <summary>A path of the volume, or an address, as one of a test's own.</summary>
    private string Here(string text) =>
        text.StartsWith("/data/", StringComparison.Ordinal) ? _folder.File(text["/data/".Length..])
        : Address().IsMatch(text) ? text[..text.IndexOf(':', StringComparison.Ordinal)] + ":0"
        : text;

    private static string[] ListOf(string dockerfile, string instruction)
    {
        var from = dockerfile.IndexOf(instruction + " [", StringComparison.Ordinal) + instruction.Length + 1;
        return JsonSerializer.Deserialize<string[]>(dockerfile[from..dockerfile.IndexOf('\n', from)])!;
    }

    private static IEnumerable<string> Texts(object list) => ((List<object>)list).Cast<string>();

    private static Dictionary<object, object> Parse(string file) =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(
            new MergingParser(new Parser(new StringReader(File.ReadAllText(file)))));

    private static async Task ScriptAsync(string name, params string[] arguments)
    {
        using var script = Process.Start(
            new ProcessStartInfo(Path.Combine(_deploy, name), arguments) { RedirectStandardError = true })!;
        var error = await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();
        Assert.True(script.ExitCode == 0, error);
    }

    private static async Task<int> HealthAsync(int port, string? certificate = null)
    {
        var start = new ProcessStartInfo(Path.Combine(_deploy, "healthy.sh"), [$"{port}"]);
        if (certificate is not null)
            start.Environment["AMOE_Https__Certificate"] = certificate;
        using var asks = Process.Start(start)!;
        await asks.WaitForExitAsync();
        return asks.ExitCode;
    }

    [GeneratedRegex(@"^[0-9.]+:\d+$")]
    private static partial Regex Address();

    [GeneratedRegex(@"^COPY --chmod=\d+ (deploy/\S+)", RegexOptions.Multiline)]
    private static partial Regex CopiedFromHere();
}
