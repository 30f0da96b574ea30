using System.Text;
using System.Text.Json;

namespace Amoe.Host.Tests.Api;

/// <summary>A host that is killed with SIGKILL in the middle of a stream, and started again on its journal.</summary>
public sealed class StreamKillTests : IDisposable
{
    private const int Kills = 3;
    private const int Pieces = Kills + 1;
    private const int LinesOfPiece = 4_000;
    private const int AllLines = Pieces * LinesOfPiece;

    /// <summary>Each is declared, and has something transmitted that is refused: refusals are decisions too.</summary>
    private const int Students = AllLines / 2;

    private static readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    private readonly TestFolder _folder = new();

    private string Journal => _folder.File("live.amoe");

    [Fact]
    public async Task Every_line_that_was_answered_before_a_kill_has_its_answer_after_it_and_none_is_decided_twice()
    {
        var seed = Random.Shared.Next();
        var (random, lines, read) = (new Random(seed), AllOfLines(), new Dictionary<int, string>());
        var body = string.Concat(lines);
        for (var kill = 1; kill <= Kills; kill++)
        {
            // Each sender comes a piece further than the one before, and as far as into a line, so that each kill meets
            // lines that were never decided, or are not durable.
            var sent = kill * LinesOfPiece;
            var at = random.Next(sent - LinesOfPiece + 1, sent + 1);
            using var host = await HostAsync();
            using var sender = await RawSender.ConnectAsync(host.Port, host.Key, "enrolment");
            await sender.BeginAsync(body.Length);
            var sending = sender.SendToBreakAsync(
                Encoding.UTF8.GetBytes(string.Concat(lines.Take(sent)) + lines[sent][..20]));
            await sender.ReadUntilAsync($"{{\"line\":{at},");
            host.Process.Kill();
            await sending;
            var answers = Answers(await sender.ReadToBreakAsync());
            Assert.InRange(answers.Count, at, sent);
            AssertSame(read, answers, $"seed {seed}, kill {kill}");
        }

        using (var host = await HostAsync())
        {
            using var sender = await RawSender.ConnectAsync(host.Port, host.Key, "enrolment");
            await sender.BeginAsync(body.Length);
            await sender.SendAsync(body);
            var answers = Answers(await sender.ReadToEndAsync());
            AssertSame(read, answers, $"seed {seed}, after the last kill");
            Assert.Equal(Enumerable.Range(1, AllLines), answers.Keys.Order());
            Assert.All(
                answers.Values,
                answer =>
                    Assert.Contains(
                        JsonDocument.Parse(answer).RootElement.GetProperty("outcome").GetString(),
                        (string[])["done", "refused"]));
            var state = await StateAsync(host);
            Assert.Equal(
                (AllLines, Students, Students),
                (Number(state, "commands"), Number(state, "students"), Number(state, "declarations")));
            host.Process.Terminate();
            (await host.Process.FinishAsync()).IsDone();
        }

        (await AmoeCommand.RunAsync("verify", "--journal", Journal)).IsDone();
    }

    public void Dispose() => _folder.Dispose();

    private static string[] AllOfLines() => [.. Enumerable.Range(1, Students).SelectMany(student => (string[])
    [
        Lines.DeclarationOf((ulong)student) + "\n",
        $$"""{"command":"transmit_application","student":{{student}},"reference":9}""" + "\n",
    ])];

    /// <summary>The whole lines of an answer, by the line that they answer.</summary>
    private static Dictionary<int, string> Answers(string text) => text.Split('\n').SkipLast(1)
        .Where(line => line.StartsWith("{\"line\":", StringComparison.Ordinal))
        .ToDictionary(line => JsonDocument.Parse(line).RootElement.GetProperty("line").GetInt32());

    private static void AssertSame(Dictionary<int, string> read, Dictionary<int, string> answers, string when)
    {
        foreach (var (line, answer) in answers)
        {
            if (read.TryGetValue(line, out var first))
                Assert.True(first == answer, $"{when}: line {line} was answered {first} and then {answer}");
            else
                read.Add(line, answer);
        }
    }

    private async Task<KilledHost> HostAsync()
    {
        var process = AmoeProcess.Start(
            ["serve", "--journal", Journal, "--http", "127.0.0.1:0", "-o", "json"], temporaryFolder: _folder.Path);
        var serving = JsonDocument.Parse(await process.LineAsync()).RootElement;
        return new KilledHost(
            process, new Uri(serving.GetProperty("endpoint").GetString()!), serving.GetProperty("key").GetString()!);
    }

    private static async Task<JsonElement> StateAsync(KilledHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Endpoint, "/v1/state"));
        request.Headers.Authorization = new("Bearer", host.Key);
        using var response = await _client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private static int Number(JsonElement state, string name) => state.GetProperty(name).GetInt32();

    private sealed record KilledHost(AmoeProcess Process, Uri Endpoint, string Key) : IDisposable
    {
        public int Port => Endpoint.Port;

        public void Dispose() => Process.Dispose();
    }
}
