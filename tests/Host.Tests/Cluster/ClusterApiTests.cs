using System.Net;
using System.Text;
using System.Text.Json;
using Amoe.Host.Tests.Api;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Cluster;

/// <summary>The API on hosts of a cluster, real processes on a real database.</summary>
// Not beside the tests that hold hosts to seconds.
[Collection("hosts of a cluster")]
public sealed class ClusterApiTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<AmoeProcess> _processes = [];

    [PostgresFact]
    public async Task A_student_is_the_same_over_every_host_and_outlives_the_one_that_was_asked()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var (first, second) = (await StartAsync(database, "--partitions", "4"), await StartAsync(database));
        for (var student = 1; student <= 20; student++)
            Assert.Equal(
                "done",
                (await SendAsync(first, $"/v1/students/{student}/declare", Lines.Declare()))
                    .GetProperty("outcome")
                    .GetString());
        for (var student = 1; student <= 20; student++)
            Assert.Equal(
                "done",
                (await SendAsync(
                    second, $"/v1/students/{student}/forward_application", """{"reference":1,"desk":"onousc"}"""))
                        .GetProperty("outcome")
                        .GetString());

        first.Process.Kill();

        // Partitions move to the host that is left: it sends again for as long as that takes.
        for (var student = 1; student <= 20; student++)
        {
            Assert.Equal(
                "done",
                (await SendAsync(second, $"/v1/students/{student}/declare", Lines.Declare()))
                    .GetProperty("outcome")
                    .GetString());
            Assert.Equal(
                "forwarded",
                (await SendAsync(second, $"/v1/students/{student}")).GetProperty("application").GetString());
        }
    }

    [PostgresFact]
    public async Task What_a_year_sends_comes_to_the_same_on_three_hosts_one_of_which_is_killed()
    {
        var folder = _folder.File("commands");
        var simulated = await AmoeCommand.RunAsync(
            "simulate", "--scale", "0.001", "--journal", _folder.File("year.amoe"), "--emit", folder, "-o", "json");
        simulated.IsDone();
        var database = PrivatePostgres.Shared.NewDatabase();
        var hosts = new List<Served>();
        for (var number = 0; number < 3; number++)
            hosts.Add(await StartAsync(database, "--clock", "stream", "--partitions", "4"));

        var sending = StreamAsync(hosts[0], await File.ReadAllBytesAsync(Path.Combine(folder, "stream.ndjson")));
        await database.ReachesAsync(100_000);
        hosts[2].Process.Kill();
        var answers = await sending;

        Assert.DoesNotContain(
            answers,
            answer => answer.GetProperty("outcome").GetString() is "malformed" or "stale" or "unknown" or "overloaded");
        foreach (var host in hosts.Take(2))
        {
            host.Process.Terminate();
            Assert.Equal(0, (await host.Process.FinishAsync()).ExitCode);
        }

        var verified = await AmoeCommand.RunAsync("verify", "--journal", database.Url, "-o", "json");
        verified.IsDone();
        Assert.Equal(simulated.Digest, verified.Digest);
    }

    [PostgresFact]
    public async Task A_host_without_keys_has_its_pages_alone()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var host = await HostProcess.StartAsync(database, "--partitions", "4", "--metrics");
        using var client = new HttpClient { BaseAddress = new Uri(host.Endpoint) };
        await HostProcess.UntilAsync(
            async () =>
                (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)))
                    .Contains("amoe_direction=\"in\"} 8", StringComparison.Ordinal),
            "4 partitions of students and 4 of ledgers have come to the host");
        using var answer = await client.PostAsync(
            new Uri("/v1/students/1/declare", UriKind.Relative), new StringContent(Lines.Declare()));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        _folder.Dispose();
    }

    private async Task<Served> StartAsync(PrivateDatabase database, params string[] more)
    {
        var process = HostProcess.Start(database.Url, ["--development", "-o", "json", .. more]);
        _processes.Add(process);
        var line = JsonDocument.Parse(await process.LineAsync()).RootElement;
        var client = new HttpClient
        {
            BaseAddress = new Uri(line.GetProperty("endpoint").GetString()!),
            Timeout = TimeSpan.FromMinutes(4)
        };
        client.DefaultRequestHeaders.Authorization = new("Bearer", line.GetProperty("key").GetString());
        return new Served(process, client);
    }

    /// <summary>Sends a command, or asks, until there is an answer.</summary>
    private static async Task<JsonElement> SendAsync(Served host, string path, string? body = null)
    {
        var answer = default(JsonElement);
        await HostProcess.UntilAsync(
            async () =>
            {
                using var response = body is null
                    ? await host.Client.GetAsync(new Uri(path, UriKind.Relative))
                    : await host.Client.PostAsync(
                        new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
                answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
                return response.StatusCode != HttpStatusCode.ServiceUnavailable;
            },
            $"{path} is answered");
        return answer;
    }

    private static async Task<IReadOnlyList<JsonElement>> StreamAsync(Served host, byte[] lines)
    {
        using var response = await host.Client.PostAsync(
            new Uri("/v1/streams/mixed", UriKind.Relative), new ByteArrayContent(lines));
        var text = await response.Content.ReadAsStringAsync();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private sealed record Served(AmoeProcess Process, HttpClient Client);
}
