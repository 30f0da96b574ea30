using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amoe.Host.Access;
using Amoe.Host.Api.Streams;
using Amoe.Host.Tests.Access;

namespace Amoe.Host.Tests.Api;

/// <summary>Attacks on a live host that are made for one weakness each.</summary>
[Collection(AloneCollection.Name)]
public sealed partial class AttackTests : IDisposable
{
    private const ulong Seen = 21;
    private const ulong Hidden = 22;
    private const int ThrowAwayStreams = StreamStore.KeptMax + 1;

    private readonly TestFolder _folder = new();

    private string Journal => _folder.File("live.amoe");

    // What a proxy before the host takes for one request, the host must not take for two.
    [Theory]
    [InlineData("Content-Length: {0}\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n{1}")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: {0}\r\n", "0\r\n\r\n{1}")]
    [InlineData("Content-Length: {0}\r\nTransfer-Encoding: \tchunked\r\n", "0\r\n\r\n{1}")]
    [InlineData("Content-Length: {0}\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n{1}")]
    [InlineData("Content-Length: {0}\r\nContent-Length: 2\r\n", "{{}}{1}")]
    [InlineData("Content-Length: 2\r\nContent-Length: {0}\r\n", "{{}}{1}")]
    [InlineData("Content-Length: 2, {0}\r\n", "{{}}{1}")]
    [InlineData("Content-Length : {0}\r\n", "{1}")]
    [InlineData(" Content-Length: {0}\r\n", "{1}")]
    [InlineData("Transfer-Encoding: chunked\r\n", "2;\nxx\r\n{{}}\r\n0\r\n\r\n{1}")]
    [InlineData("Transfer-Encoding: chunked\r\n", "2\n{{}}\n0\n\n{1}")]
    public async Task A_request_hidden_in_another_is_not_taken(string lengths, string shape)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var authorization = $"{api.Client.DefaultRequestHeaders.Authorization}";
        var body = Encoding.UTF8.GetBytes(Lines.Declare());
        var hidden = Encoding.UTF8.GetString(
            Attack.Request($"POST /v1/students/{Hidden}/declare", authorization, body));
        var content = Of(shape, "", hidden);
        using var sender = await RawSender.ConnectAsync(api.Port);
        await sender.SendToBreakAsync(
            Encoding.UTF8.GetBytes(
                $"POST /v1/students/{Seen}/declare HTTP/1.1\r\nHost: amoe\r\nAuthorization: {authorization}\r\n{Of(lengths, $"{content.Length}", "")}\r\n{content}{Attack.Last}"));
        var answer = await sender.ReadToBreakAsync();
        Assert.Matches("^HTTP/1.1 (400|501) ", answer);
        Assert.Single(Statuses().Matches(answer));
        Assert.DoesNotContain("malformed", answer, StringComparison.Ordinal);
        Assert.False((await api.GetAsync($"/v1/students/{Hidden}")).GetProperty("known").GetBoolean());

        static string Of(string format, string length, string hidden) =>
            string.Format(System.Globalization.CultureInfo.InvariantCulture, format, length, hidden);
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFF")]
    [InlineData("-1")]
    [InlineData("g")]
    public async Task A_chunk_whose_length_is_no_number_is_the_senders_fault(string length)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        foreach (var path in (string[])["/v1/students/21/declare", "/v1/streams/enrolment"])
        {
            using var sender = await RawSender.ConnectAsync(api.Port);
            await sender.SendAsync(
                $"POST {path} HTTP/1.1\r\nHost: amoe\r\nAuthorization: {api.Client.DefaultRequestHeaders.Authorization}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{length}\r\n{{}}\r\n0\r\n\r\n");
            Assert.Matches(
                path.Contains("streams", StringComparison.Ordinal) ? "\"code\":\"broken\"" : "^HTTP/1.1 400 ",
                await sender.ReadToBreakAsync());
        }

        Assert.DoesNotContain(api.Log, line => line.Contains("fault of the program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_is_too_long_with_the_same_type_however_much_too_long()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        foreach (var bytes in (int[])[33_000, 70_000, 300_000])
        {
            var (status, problem) = await api.PostAsync("/v1/students/16/declare", new string(' ', bytes));
            Assert.Equal(
                (HttpStatusCode.RequestEntityTooLarge, "/problems/too_long"),
                (status, problem.GetProperty("type").GetString()));
        }
    }

    [Fact]
    [Trait("Breadth", "full")]
    public async Task A_line_of_gigabytes_that_was_packed_small_costs_no_memory_and_the_next_line_is_taken()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        await api.StreamAsync("enrolment", Packed([.. Encoding.UTF8.GetBytes(Lines.DeclarationOf(1))]));
        var member = Attack.Packed([.. Enumerable.Repeat((byte)' ', 16 << 20)]);
        byte[] bomb = [
            .. Enumerable.Repeat(member, Breadth.Of(128, 1_024)).SelectMany(one => one),
            .. Attack.Packed(Encoding.UTF8.GetBytes($"\n{Lines.DeclarationOf(2)}\n"))
        ];
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var (answers, _) = await api.StreamAsync("enrolment", Gzip(bomb));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(
            ["too_long", "done"],
            answers.Select(answer =>
                answer.GetProperty(answer.GetProperty("line").GetInt32() == 1 ? "code" : "outcome").GetString()));
        Assert.True(allocated < 64 << 20, $"{allocated:N0} bytes were allocated for a body of {bomb.Length:N0}");
    }

    [Fact]
    public async Task A_stream_of_nothing_but_faults_is_ended_before_its_answers_fill_the_disk()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var (answers, _) = await api.StreamAsync(
            "enrolment", Gzip(Attack.Packed([.. Enumerable.Repeat((byte)'\n', 16 << 20)])));
        Assert.Equal("too_many_faults", answers[^1].GetProperty("code").GetString());
        Assert.Equal(
            Enumerable.Range(1, CommandStream.FaultsMax + 1),
            answers.SkipLast(1).Select(answer => answer.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task A_stream_with_as_many_commands_as_faults_is_taken_to_its_end()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        const int Pairs = CommandStream.FaultsMax + 1_000;
        var line = Lines.DeclarationOf(1) + "\n\n";
        var (answers, _) = await api.StreamAsync(
            "enrolment", Packed([.. Enumerable.Repeat(Encoding.UTF8.GetBytes(line), Pairs).SelectMany(one => one)]));
        Assert.Equal(Pairs, answers.Count(answer => answer.GetProperty("outcome").GetString() == "done"));
        Assert.Equal(2 * Pairs, answers[^1].GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task A_caller_with_as_many_streams_as_it_may_have_is_answered_503_and_another_is_not()
    {
        var (one, other) = (TestKeys.New(Role.Institution, party: Lines.Institution),
            TestKeys.New(Role.Institution, party: 4));
        await TestKeys.WriteAsync(_folder.File("keys.json"), one.Key, other.Key);
        await using var api = await LiveApi.StartAsync(Journal, keys: _folder.File("keys.json"));
        List<RawSender> senders = [];
        var line = Lines.DeclarationOf(1);
        for (var i = 0; i < StreamStore.RunningOfOneMax; i++)
        {
            var sender = await RawSender.ConnectAsync(api.Port, one.Text, "enrolment");
            await sender.BeginAsync(line.Length + 1);
            await sender.SendAsync(line[..^1]);
            await sender.ReadUntilAsync("Amoe-Stream");
            senders.Add(sender);
        }

        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", one.Text);
        var refused = await api.PostAsync("/v1/streams/enrolment", "");
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "/problems/overloaded"),
            (refused.Status, refused.Body.GetProperty("type").GetString()));
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", other.Text);
        await api.StreamAsync("enrolment", "");

        // One that ends makes room.
        await senders[0].SendAsync(line[^1..] + "\n");
        Assert.Contains("\"outcome\":\"done\"", await senders[0].ReadToEndAsync(), StringComparison.Ordinal);
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", one.Text);
        await api.StreamAsync("enrolment", "");
        senders.ForEach(sender => sender.Dispose());
    }

    [Fact]
    public async Task A_caller_that_reads_late_has_all_its_answers_though_many_streams_have_ended_since()
    {
        const int Many = 50_000;
        await using var api = await LiveApi.StartAsync(Journal);
        using var sender = await RawSender.ConnectAsync(api, "enrolment");
        var body = Lines.Declarations(Many);
        await sender.BeginAsync(body.Length);
        await sender.SendAsync(body);
        var head = await sender.ReadUntilAsync("\r\n\r\n");
        var id = Id().Match(head).Groups[1].Value;

        // It has ended where its last answer can be read by another call.
        Assert.Contains(
            $"\"line\":{Many}",
            await api.Client.GetStringAsync(new Uri($"/v1/streams/{id}/answers?from={Many}", UriKind.Relative)),
            StringComparison.Ordinal);
        for (var i = 0; i < ThrowAwayStreams; i++)
            await api.StreamAsync("enrolment", "");
        using (var gone = await api.Client.GetAsync(new Uri($"/v1/streams/{id}/answers", UriKind.Relative)))
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains($"{{\"line\":{Many},", await sender.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(api.Log, line => line.Contains("fault of the program", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HEAD", "/health/live", 200, null)]
    [InlineData("HEAD", "/health/ready", 200, null)]
    [InlineData("POST", "/health/live", 405, "GET, HEAD")]
    [InlineData("HEAD", "/v1/students/16", 405, "GET")]
    [InlineData("DELETE", "/v1/students/16", 405, "GET")]
    [InlineData("GET", "/v1/students/16/declare", 405, "POST")]
    [InlineData("BREW", "/v1/streams/enrolment", 405, "POST")]
    [InlineData("POST", "/v1/state", 405, "GET")]
    [InlineData("GET", "/v1/nothing", 404, null)]
    public async Task Another_method_is_405_with_those_that_there_are_and_another_address_is_404(
        string method, string path, int status, string? allow)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        using var response = await api.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(
            (status, allow),
            ((int)response.StatusCode,
                response.Content.Headers.Allow.Count == 0
                    ? null
                    : string.Join(", ", response.Content.Headers.Allow.Order())));
        if (status >= 400)
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(method == "HEAD", (await response.Content.ReadAsStringAsync()).Length == 0);
    }

    [Fact]
    public async Task Requests_without_waiting_for_answers_are_answered_in_their_order()
    {
        const int Students = 200;
        await using var api = await LiveApi.StartAsync(Journal);
        using var sender = await RawSender.ConnectAsync(api.Port);
        var body = Encoding.UTF8.GetBytes(Lines.Declare());
        var bytes = Enumerable.Range(1, Students).SelectMany(student => Attack.Request(
            $"POST /v1/students/{student}/declare", $"{api.Client.DefaultRequestHeaders.Authorization}", body,
            student == Students ? "Connection: close\r\n" : "")).ToArray();
        var sending = sender.SendAsync(bytes);
        var answers = (await sender.ReadToEndAsync())
            .Split('\n')
            .Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line).RootElement);
        await sending;
        Assert.Equal(
            Enumerable.Range(1, Students).Select(student => ((ulong)student, "done")),
            answers.Select(answer =>
                (answer.GetProperty("student").GetUInt64(), answer.GetProperty("outcome").GetString()!)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_on_which_a_stream_has_ended_takes_the_next_request(bool isPacked)
    {
        await using var api = await LiveApi.StartAsync(Journal);
        using var sender = await RawSender.ConnectAsync(api.Port);
        var lines = Encoding.UTF8.GetBytes(Lines.DeclarationOf(1) + "\n");
        await sender.SendAsync(Attack.Request(
            "POST /v1/streams/enrolment", $"{api.Client.DefaultRequestHeaders.Authorization}",
            isPacked ? Attack.Packed(lines) : lines, isPacked ? "Content-Encoding: gzip\r\n" : ""));
        await sender.ReadUntilAsync("\r\n0\r\n\r\n");
        await sender.SendAsync(Attack.Last);
        Assert.Equal(2, Statuses().Count(await sender.ReadToEndAsync()));
    }

    public void Dispose() => _folder.Dispose();

    private static ByteArrayContent Packed(byte[] lines) => Gzip(Attack.Packed(lines));

    private static ByteArrayContent Gzip(byte[] packed)
    {
        var content = new ByteArrayContent(packed);
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    [GeneratedRegex(@"^HTTP/1\.[01] (\d{3})", RegexOptions.Multiline)]
    private static partial Regex Statuses();

    [GeneratedRegex(@"Amoe-Stream: (\w+)")]
    private static partial Regex Id();
}
