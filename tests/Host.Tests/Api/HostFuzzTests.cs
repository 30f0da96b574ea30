using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Amoe.Host.Tests.Api;

/// <summary>
/// Any bytes over sockets to a live host, for some seconds, or ten minutes under AMOE_BREADTH=full. AMOE_SEED repeats
/// the attack that a failure names.
/// </summary>
/// <remarks>Alone in the process, because the memory is measured that the whole process holds.</remarks>
[Collection(AloneCollection.Name)]
[Trait("Breadth", "full")]
public sealed partial class HostFuzzTests : IDisposable
{
    private const int Attackers = 4;

    /// <summary>Connections that are opened and left, of each kind.</summary>
    private const int Left = 60;

    private const long MemoryGrowthPercent = 10;

    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(Breadth.Of(4, 60));
    private static readonly TimeSpan _attacked = TimeSpan.FromSeconds(Breadth.Of(6, 600));
    private static readonly int? _only = int.TryParse(Environment.GetEnvironmentVariable("AMOE_SEED"), out var seed)
        ? seed
        : null;

    private readonly TestFolder _folder = new();
    private readonly ConcurrentDictionary<string, bool> _decided = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ulong, bool> _framed = [];
    private int _number;

    [Fact]
    public async Task Whatever_bytes_come_the_host_answers_on_holds_nothing_half_and_grows_no_memory()
    {
        await using var api = await LiveApi.StartAsync(_folder.File("live.amoe"));
        var left = await LeaveAsync(api);
        var first = _only ?? Random.Shared.Next();
        await AttackAsync(api, first, _warmUp);
        var before = Memory();
        await AttackAsync(api, first, _attacked);
        var after = Memory();

        Assert.True(_number > 100, $"{_number} attacks were made");
        Assert.True(
            after < before * (100 + MemoryGrowthPercent) / 100,
            $"seed {first}: {before:N0} bytes were held after the warm-up, and {after:N0} after {_number} attacks");
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/v1/students/1/declare", Lines.Declare())).Status);
        var (known, accepted) = (0,
            new ConcurrentDictionary<string, bool>(_decided, StringComparer.Ordinal) { [DeclarationOf(1)] = true });
        await Parallel.ForEachAsync(_framed.Keys, async (student, _) =>
        {
            if ((await api.GetAsync($"/v1/students/{student}")).GetProperty("known").GetBoolean())
            {
                // A changed line may have named this student too: its declaration is one command then.
                Interlocked.Increment(ref known);
                accepted[DeclarationOf(student)] = true;
            }
        });
        Assert.True(
            known > 10 && _decided.Count > 100,
            $"seed {first}: {known} and {_decided.Count} commands came through: the attacks are too strong to find anything half done");
        var commands = (await api.GetAsync("/v1/state")).GetProperty("commands").GetInt32();
        Assert.True(
            accepted.Count == commands,
            $"seed {first}: the host has {commands} commands, and {accepted.Count} were accepted, {known} and {_decided.Count} of them by the attacks");
        foreach (var sender in left)
        {
            var answer = await sender.ReadToBreakAsync();
            Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
            sender.Dispose();
        }

        Assert.DoesNotContain(api.Log, line => line.Contains("fault of the program", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Opens connections that say nothing, half a head, or half a body. The last ones are returned: a body that does
    /// not come is cut.
    /// </summary>
    private static async Task<List<RawSender>> LeaveAsync(LiveApi api)
    {
        List<RawSender> withBody = [];
        for (var i = 0; i < Left; i++)
        {
            await RawSender.ConnectAsync(api.Port);
            var head = await RawSender.ConnectAsync(api.Port);
            await head.SendAsync("POST /v1/students/2/declare HTTP/1.1\r\nHost: am");
            var body = await RawSender.ConnectAsync(api.Port);
            var request = Attack.Request(
                "POST /v1/students/2/declare", $"{api.Client.DefaultRequestHeaders.Authorization}",
                System.Text.Encoding.UTF8.GetBytes(Lines.Declare()));
            await body.SendAsync(request.AsMemory(0, request.Length - 5));
            withBody.Add(body);
        }

        return withBody;
    }

    private Task AttackAsync(LiveApi api, int first, TimeSpan time)
    {
        var begun = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, Attackers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(begun) < time)
                await AttackAsync(api, first);
        })));
    }

    private async Task AttackAsync(LiveApi api, int first)
    {
        var number = Interlocked.Increment(ref _number);
        var seed = _only ?? unchecked(first + number);
        var attack = Attack.Of(seed, number, $"{api.Client.DefaultRequestHeaders.Authorization}");
        using var sender = await RawSender.ConnectAsync(api.Port);
        await sender.SendToBreakAsync(attack.Bytes);
        if (!attack.IsWhole)
            sender.EndSending();
        var answer = await sender.ReadToBreakAsync();
        try
        {
            CheckAnswers(answer);
            Count(attack, answer);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"AMOE_SEED={seed}, {attack.Kind}: {e.Message}\n{Shown(System.Text.Encoding.UTF8.GetString(attack.Bytes))}\nis answered\n{Shown(answer)}",
                e);
        }
    }

    /// <summary>
    /// No answer has a stack trace, and what the host cannot do now is a problem. What is no HTTP 1.1 the server
    /// answers itself, without a word.
    /// </summary>
    private static void CheckAnswers(string answer)
    {
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer, StringComparison.Ordinal);
        foreach (Match status in Statuses().Matches(answer))
        {
            var head = answer[status.Index..].Split("\r\n\r\n")[0];
            Assert.True(status.Groups[1].Value != "500", head);
            if (status.Groups[1].Value is "501" or "505")
                Assert.Contains("Content-Length: 0", head, StringComparison.OrdinalIgnoreCase);
            else if (status.Groups[1].Value[0] == '5')
                Assert.Contains("Content-Type: application/problem+json", head, StringComparison.OrdinalIgnoreCase);
        }
    }

    private void Count(Attack attack, string answer)
    {
        if (attack.Kind == AttackKind.Framing)
        {
            foreach (var student in attack.Students)
                _framed[student] = true;
            return;
        }

        Assert.Single(Statuses().Matches(answer));
        if (attack.Kind == AttackKind.Stream)
            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        foreach (var line in answer.Split('\n').Where(line => line.StartsWith('{')))
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("outcome", out var outcome)
                && outcome.GetString() is "done" or "refused")
                _decided[string.Join(
                    ' ',
                    ((string[])["student", "command", "reference", "claim", "attempt"]).Select(name =>
                        json.RootElement.TryGetProperty(name, out var value) ? value.GetRawText() : ""))] = true;
        }
    }

    private static string DeclarationOf(ulong student) => string.Join(' ', student, "\"declare\"", 1, "", "");

    /// <summary>What the process holds, in bytes, once what is no longer used is collected.</summary>
    private static long Memory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static string Shown(string text) =>
        text.Length > 4_000 ? $"{text[..4_000]}… ({text.Length} characters)" : text;

    [GeneratedRegex(@"^HTTP/1\.[01] (\d{3})", RegexOptions.Multiline)]
    private static partial Regex Statuses();
}

/// <summary>Tests that measure the process, and so run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
