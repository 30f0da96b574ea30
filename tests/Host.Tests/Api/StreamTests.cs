using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Amoe.Host.Live;

namespace Amoe.Host.Tests.Api;

/// <summary>Streams of commands to a live host.</summary>
public sealed class StreamTests : IDisposable
{
    private const int Many = 50_000;

    private readonly TestFolder _folder = new();

    private string Journal => _folder.File("live.amoe");

    [Fact]
    public async Task Every_line_is_answered_in_its_order_and_a_broken_one_spoils_only_itself()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var tooLong = $$"""{"command":"declare","student":3{{new string(' ', 40_000)}}}""";
        var (answers, _) = await api.StreamAsync("enrolment", string.Join('\n',
            Lines.DeclarationOf(1), "no JSON at all", "", """{"command":"declair","student":2,"reference":1}""",
            tooLong,
            """{"command":"ask_student","student":1}""", """{"command":"receive_claim","student":1,"claim":7}""",
            """{"command":"transmit_application","student":1,"reference":9}""", Lines.DeclarationOf(1)));
        Assert.Equal(
            [
                "1 done", "2 malformed not_json", "3 malformed not_json", "4 malformed unknown_value",
                "5 malformed too_long", "6 malformed unknown_value", "7 malformed unknown_value",
                "8 refused not_forwarded", "9 done"
            ],
            answers.Select(Short));
        Assert.Contains(
            "send commands to claims to /v1/streams/claims", answers[6].GetProperty("text").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_body_is_a_body()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var (answers, _) = await api.StreamAsync("enrolment", Packed(Lines.Declarations(1_000)));
        Assert.Equal(Enumerable.Range(1, 1_000).Select(line => $"{line} done"), answers.Select(Short));
    }

    [Fact]
    public async Task A_packed_body_that_breaks_off_says_so_behind_the_lines_that_came()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var packed = await Packed(Lines.Declarations(20_000)).ReadAsByteArrayAsync();
        var (answers, _) = await api.StreamAsync("enrolment", Packed(packed[..(packed.Length / 2)]));
        Assert.InRange(answers.Count, 2, 20_000);
        Assert.All(answers.SkipLast(1), answer => Assert.Equal("done", answer.GetProperty("outcome").GetString()));
        Assert.Equal(
            ("malformed", "broken"),
            (answers[^1].GetProperty("outcome").GetString(), answers[^1].GetProperty("code").GetString()));
        Assert.False(answers[^1].TryGetProperty("line", out _));
    }

    [Fact]
    public async Task A_sender_that_reads_nothing_while_it_sends_still_finishes()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        using var sender = await RawSender.ConnectAsync(api, "enrolment");
        var body = Lines.Declarations(Many);
        await sender.BeginAsync(body.Length);
        await sender.SendAsync(body);

        // All is sent: only now it begins to read.
        var text = await sender.ReadToEndAsync();
        Assert.Contains($"{{\"line\":{Many},", text, StringComparison.Ordinal);
        Assert.Equal(Many, text.Split("\"outcome\":\"done\"").Length - 1);
    }

    [Fact]
    public async Task The_answers_are_given_again_from_any_line_to_the_sender_alone()
    {
        var keys = _folder.File("keys.json");
        var (own, other) = (await KeyAsync(keys), await KeyAsync(keys));
        await using var api = await LiveApi.StartAsync(Journal, keys: keys);
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", own);
        var (answers, id) = await api.StreamAsync("enrolment", Lines.Declarations(3_000));
        var again = await api.Client.GetStringAsync(new Uri($"/v1/streams/{id}/answers?from=2999", UriKind.Relative));
        Assert.Equal(
            answers.Skip(2_998).Select(answer => answer.GetRawText()),
            again.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", other);
        using var refused = await api.Client.GetAsync(new Uri($"/v1/streams/{id}/answers", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task A_line_that_is_not_the_senders_to_send_is_forbidden_and_the_next_one_is_not()
    {
        var keys = _folder.File("keys.json");
        var own = await KeyAsync(keys);
        await using var api = await LiveApi.StartAsync(Journal, keys: keys);
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", own);
        var (answers, _) = await api.StreamAsync("enrolment", string.Join('\n',
            Lines.DeclarationOf(1), Lines.DeclarationOf(2, institution: 4),
            """{"command":"answer_from_anam","student":1,"reference":1}""",
            """{"command":"forward_application","student":1,"reference":1,"desk":"onousc"}""",
            """{"command":"forward_application","student":7,"reference":1,"desk":"onousc"}"""));
        Assert.Equal(
            ["1 done", "2 forbidden other_party", "3 forbidden role_not_allowed", "4 done", "5 forbidden not_yours"],
            answers.Select(Short));
    }

    [Theory]
    [InlineData("nothing", "", HttpStatusCode.NotFound)]
    [InlineData("enrolment", "br", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_stream_of_another_kind_or_encoding_is_refused(
        string kind, string encoding, HttpStatusCode status)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        using var content = new StringContent(Lines.Declarations(1));
        if (encoding.Length > 0)
            content.Headers.ContentEncoding.Add(encoding);
        using var response = await api.Client.PostAsync(new Uri($"/v1/streams/{kind}", UriKind.Relative), content);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_host_that_stops_answers_every_line_that_it_read_and_says_that_it_read_no_more()
    {
        var api = await LiveApi.StartAsync(Journal);
        using var sender = await RawSender.ConnectAsync(api, "enrolment");
        await sender.BeginAsync(int.MaxValue);
        await sender.SendAsync(Lines.Declarations(5_000));
        await sender.ReadUntilAsync("{\"line\":5000,");
        var stopping = api.StopAsync();
        var text = await sender.ReadToEndAsync();
        sender.Dispose();
        await stopping;
        await api.DisposeAsync();
        JsonElement[] answers = [.. text.Split('\n')
            .Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            ("malformed", "cut"),
            (answers[^1].GetProperty("outcome").GetString(), answers[^1].GetProperty("code").GetString()));
        Assert.Equal(
            Enumerable.Range(1, answers.Length - 1).Select(line => $"{line} done"), answers.SkipLast(1).Select(Short));

        await using var next = await LiveApi.StartAsync(Journal);
        Assert.Equal(answers.Length - 1, (await next.GetAsync("/v1/state")).GetProperty("commands").GetInt32());
    }

    [Fact]
    public async Task A_stream_with_more_answers_than_a_host_keeps_is_cut_and_those_that_it_has_stay_readable()
    {
        _folder.Write("appsettings.json", """{"Limits":{"AnswerMegabytes":1}}""");
        await using var api = await LiveApi.StartAsync(Journal, settings: LiveSettings.Read(_folder.Path));
        using var sender = await RawSender.ConnectAsync(api, "enrolment");

        // It does not end, and says nothing more: it is cut all the same.
        await sender.BeginAsync(int.MaxValue);
        await sender.SendToBreakAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("x\n", 20_000))));
        var text = await sender.ReadToBreakAsync();
        string[] lines = [.. text.Split('\n').Where(line => line.StartsWith('{'))];
        Assert.InRange(lines.Sum(line => line.Length + 1), 400_000, 500_000 + 1_000);
        Assert.Contains(
            "\"code\":\"cut\",\"text\":\"the host keeps no more answers of streams", lines[^1],
            StringComparison.Ordinal);
        Assert.All(lines.SkipLast(1).Index(), line =>
            Assert.StartsWith($"{{\"line\":{line.Index + 1},", line.Item, StringComparison.Ordinal));
        Assert.Contains(api.Log, line =>
            line.StartsWith(
            "a stream is cut: answers of streams have the 500.0 kB that are kept of them", StringComparison.Ordinal));

        var id = text.Split("Amoe-Stream: ")[1].Split('\r')[0];
        Assert.Equal(
            string.Concat(lines.Select(line => line + "\n")), await api.Client.GetStringAsync(
            new Uri($"/v1/streams/{id}/answers", UriKind.Relative)));

        // They make room for the next.
        Assert.Equal(
            "done", (await api.StreamAsync("enrolment", Lines.Declarations(1))).Answers.Single().GetProperty("outcome")
            .GetString());
    }

    [Fact]
    public async Task What_a_year_sends_comes_to_the_same_over_http()
    {
        var folder = _folder.File("commands");
        var simulated = await AmoeCommand.RunAsync(
            "simulate", "--scale", "0.002", "--journal", _folder.File("year.amoe"), "--emit", folder, "-o", "json");
        simulated.IsDone();
        await using var api = await LiveApi.StartAsync(Journal, isClockOfStreams: true);
        var lines = await File.ReadAllTextAsync(Path.Combine(folder, "stream.ndjson"));
        var (answers, _) = await api.StreamAsync("mixed", lines);
        Assert.Equal(lines.Count(character => character == '\n'), answers.Count);
        Assert.DoesNotContain(
            answers, answer => answer.GetProperty("outcome").GetString() is "malformed" or "stale" or "unknown");
        Assert.Equal(simulated.Digest, (await api.GetAsync("/v1/state")).GetProperty("digest").GetString());
    }

    public void Dispose() => _folder.Dispose();

    private static string Short(JsonElement answer) =>
        string.Join(
            ' ',
            new[]
            {
                $"{answer.GetProperty("line")}",
                Text(answer, "outcome"),
                Text(answer, "code"),
                Text(answer, "reason")
            }.Where(part => part is not null));

    private static string? Text(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static ByteArrayContent Packed(string lines)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest))
            packing.Write(Encoding.UTF8.GetBytes(lines));
        return Packed(packed.ToArray());
    }

    private static ByteArrayContent Packed(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static async Task<string> KeyAsync(string file)
    {
        var made = await AmoeCommand.RunAsync(
            "keys", "create", "--role", "institution", "--party", "3", "--keys", file, "-o", "json");
        made.IsDone();
        return made.Json.GetProperty("key").GetString()!;
    }
}
