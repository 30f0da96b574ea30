using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amoe.Host.Identity;
using Amoe.Host.Telemetry;
using Amoe.Host.Tests.Api;

namespace Amoe.Host.Tests.Telemetry;

/// <summary>What a real host exports: its page for Prometheus, and what it sends to a collector.</summary>
public sealed partial class ExportTests : IDisposable
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Person =
        """{"cin":"AB123456","massar":"R130012345","first_name":"Salma","last_name":"Idrissi","birth_date":"2005-04-02"}""";

    private readonly TestFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly List<string> _secrets = ["AB123456", "R130012345", "Salma", "Idrissi", "2005-04-02"];

    [Fact]
    public async Task A_host_exports_metrics_traces_and_its_log_and_none_of_them_names_anyone()
    {
        await using var collector = await Collector.StartAsync();
        using var host = Start(collector.Address);
        var served = JsonDocument.Parse(await host.LineAsync()).RootElement;
        _client.BaseAddress = new Uri(served.GetProperty("endpoint").GetString()!);
        _secrets.Add(served.GetProperty("key").GetString()!);
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _secrets[^1]);
        var student = (await PostAsync("/v1/persons", Person)).GetProperty("student").GetUInt64();
        _secrets.Add(student.ToString(CultureInfo.InvariantCulture));
        await PostAsync($"/v1/students/{student}/declare", Lines.Declare());
        var lines = new StringContent(Lines.Declarations(3));
        using var answers = await _client.PostAsync(new Uri("/v1/streams/enrolment", UriKind.Relative), lines);

        var page = await _client.GetStringAsync(new Uri(HostTelemetry.MetricsPath, UriKind.Relative));
        host.Terminate();
        var ended = await host.FinishAsync();
        ended.IsDone();

        IsPageOfPrometheus(page);
        Assert.True(collector.Has("/v1/metrics", "amoe.commands.answered"));
        Assert.True(collector.Has("/v1/metrics", "amoe.commit.duration"));
        Assert.True(collector.Has("/v1/metrics", "dotnet.gc.collections"));
        Assert.True(collector.Has("/v1/traces", Convert.FromHexString(TraceId)), "the caller's trace does not go on");
        Assert.All(
            (string[])["POST /v1/students/{student}/{command}", "decide declare", "take stream enrolment", "open day"],
            span => Assert.True(collector.Has("/v1/traces", span), span));
        Assert.False(collector.Has("/v1/traces", "/metrics"));
        Assert.True(collector.Has("/v1/logs", "there was no journal"));
        var said = ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetInt32());
        Assert.Superset(new HashSet<int> { 10, 12 }, said.ToHashSet());
        Assert.All(_secrets, secret =>
        {
            Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, ended.Error, StringComparison.Ordinal);
            var bytes = Encoding.UTF8.GetBytes(secret);
            Assert.All(collector.Bodies, body => Assert.True(body.AsSpan().IndexOf(bytes) < 0, secret));
        });
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    private AmoeProcess Start(string collector)
    {
        var (vault, key) = (_folder.File("vault"), _folder.File("master.key"));
        using (var master = MasterKey.Create(key))
            IdentityVault.Create(vault, master, "test", TimeProvider.System);
        return AmoeProcess.Start(
            [
                "serve", "--journal", _folder.File("live.amoe"), "--http", "127.0.0.1:0",
                "--vault", vault, "--vault-key", key, "--metrics", "--log", "json", "-o", "json",
            ],
            null,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("NO_PROXY", "127.0.0.1"),

            // The page of Prometheus drops exponential histograms: it must not have them.
            ("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "base2_exponential_bucket_histogram"));
    }

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{TraceId}-b7ad6b7169203331-01");
        request.Headers.TryAddWithoutValidation("Amoe-Purpose", "a test");
        using var response = await _client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private static void IsPageOfPrometheus(string page)
    {
        var lines = page.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'));
        var samples = lines.Select(line => Sample().Match(line)).ToList();
        Assert.All(samples, sample => Assert.True(sample.Success));
        var ours = samples.Where(sample => NameOf(sample).StartsWith("amoe_", StringComparison.Ordinal)).ToList();

        // Names of what there is few of: neither a number nor a word of a person or a command.
        Assert.All(ours.SelectMany(LabelsOf), label => Assert.Matches(
            label.Name switch { "le" => @"^([0-9.]+|\+Inf)$", "otel_scope_name" => @"^Amoe\.", _ => "^[a-z_]+$" },
            label.Value));
        Assert.Equal(1, ValueOf(ours, "amoe_host_ready", null));
        Assert.Equal(4, ValueOf(ours, "amoe_commands_answered_total", "declare"));
        Assert.Equal(3, ValueOf(ours, "amoe_stream_lines_total", "done"));
        foreach (var histogram in (string[])["amoe_commit_duration_seconds", "http_server_request_duration_seconds"])
        {
            var buckets = samples.Where(sample => NameOf(sample) == $"{histogram}_bucket").ToList();
            Assert.True(buckets.Count > 10, $"{histogram} has {buckets.Count} buckets");
        }

        Assert.Contains(samples, sample => NameOf(sample) == "dotnet_gc_collections_total");
        var route = ("http_route", "/v1/students/{student}/{command}");
        Assert.Contains(samples, sample => LabelsOf(sample).Contains(route));
    }

    private static string NameOf(Match sample) => sample.Groups["name"].Value;

    private static decimal ValueOf(IEnumerable<Match> samples, string name, string? label) => samples
        .Where(sample => NameOf(sample) == name)
        .Where(sample => label is null || LabelsOf(sample).Any(has => has.Value == label))
        .Sum(sample => decimal.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));

    private static IEnumerable<(string Name, string Value)> LabelsOf(Match sample) => sample.Groups["label"].Captures
        .Zip(sample.Groups["text"].Captures, (label, text) => (label.Value, text.Value));

    [GeneratedRegex(
        """^(?<name>[a-z_]+)(\{((?<label>[a-z_]+)="(?<text>[^"]*)",?)+\})? (?<value>[-+.eE0-9]+|NaN|[-+]Inf)$""")]
    private static partial Regex Sample();
}
