using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests;
using Amoe.Host.Access;
using Amoe.Host.Http;
using Amoe.Host.Telemetry;
using Amoe.Host.Tests.Access;
using Amoe.Host.Tests.Api;

namespace Amoe.Host.Tests.Telemetry;

/// <summary>What the instruments of a live host say.</summary>
public sealed class InstrumentTests : IDisposable
{
    private const string Document = "docs/operations.md";
    private const string Begins = "<!-- instruments: made from the meters by InstrumentTests -->\n";
    private const string Ends = "<!-- end of instruments -->";

    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Commands_lines_and_streams_are_counted_by_what_became_of_them()
    {
        await using var api = await LiveApi.StartAsync(_folder.File("live.amoe"));
        using var readings = new Readings(api.Terminal);
        await api.PostAsync("/v1/students/16/declare", Lines.Declare());
        await api.PostAsync("/v1/students/17/transmit_application", """{"reference":1}""");
        var (declared, otherwise) = (Lines.DeclarationOf(18), Lines.DeclarationOf(18, institution: 4));
        await api.StreamAsync("enrolment", $"{declared}\nno command\n{otherwise}\n");
        await api.GetAsync("/v1/students/16");

        readings.Read();
        Assert.Equal(2, readings["amoe.commands.answered", "declare", "done"]);
        Assert.Equal(1, readings["amoe.commands.answered", "declare", "conflict"]);
        Assert.Equal(1, readings["amoe.commands.answered", "transmit_application", "refused"]);
        Assert.Equal(1, readings["amoe.commands.answered", "ask_student", "answered"]);
        Assert.Equal(1, readings["amoe.commands.refused", "not_forwarded"]);
        Assert.All(
            (string[])["done", "malformed", "conflict"],
            outcome => Assert.Equal(1, readings["amoe.stream.lines", outcome]));
        Assert.Equal(1, readings["amoe.streams.ended", "enrolment", "whole"]);
        Assert.Equal((0, 0), (readings["amoe.streams.running"], readings["amoe.commands.under_way"]));
        Assert.Equal((6, 0), (readings["amoe.partitions", "serving"], readings["amoe.partitions", "recovering"]));
        Assert.Equal((3, 4096), (readings["amoe.students"], readings["amoe.credit.limit"]));
        Assert.Equal((1, 0), (readings["amoe.host.ready"], readings["amoe.business_day.lag"]));
        Assert.True(readings["amoe.commit.duration"] > 0);
        Assert.True(readings["amoe.journal.written"] > 0);
        Assert.True(readings["amoe.streams.answers"] > 0);
        Assert.InRange(readings["amoe.turn.commands"], 3, 5);
    }

    [Fact]
    public async Task A_command_that_finds_its_partition_full_is_counted()
    {
        var scope = new object();
        using var meter = new EngineMeter(scope);
        using var readings = new Readings(scope);
        var rules = ShippedRulebooks.Find(ShippedRulebooks.Amended)!.Text;
        var begins = JournalIdentity.OfProduction(rules, new PartitionCounts(1, 1));
        using var journal = SqliteJournal.Create(_folder.File("full.amoe"), begins);
        var options = new EngineOptions { Threads = 1, MailboxMessagesMax = 1 };
        await using var runtime = await PartitionRuntime.StartAsync(
            journal, options, TimeProvider.System, _ => { }, meter: meter);
        var question = new AskStudent(new(16), 0, new DateOnly(2026, 1, 1));

        Assert.Equal(1, runtime.TryPostAll([question, question], new Ignored()));
        Assert.Equal(1, readings["amoe.credit.refused"]);
        Assert.Equal(2, readings["amoe.partitions.started"]);
    }

    [Fact]
    public async Task The_page_of_metrics_is_there_where_it_is_asked_for_and_as_closed_as_the_hosts_state()
    {
        var ((desk, deskKey), (auditor, auditorKey), (monitor, monitorKey)) =
            (TestKeys.New(Role.Desk), TestKeys.New(Role.Auditor), TestKeys.New(Role.Monitor));
        await TestKeys.WriteAsync(_folder.File("keys.json"), desk, auditor, monitor);
        await using (var without = await LiveApi.StartAsync(_folder.File("live.amoe"), keys: _folder.File("keys.json")))
            Assert.Equal(HttpStatusCode.NotFound, await GetAsync(without, auditorKey));

        var settings = new TelemetrySettings(HasPage: true);
        await using var api = await LiveApi.StartAsync(
            _folder.File("live.amoe"), keys: _folder.File("keys.json"), telemetry: settings);
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(api, null));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(api, deskKey));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(api, auditorKey));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(api, monitorKey));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(api, monitorKey, HostPages.State));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(api, monitorKey, "/v1/students/16"));
    }

    [Fact]
    public void The_table_in_the_document_is_that_of_the_meters()
    {
        var scope = new object();
        using var engine = new EngineMeter(scope);
        using var host = new HostMeter(scope);
        using var readings = new Readings(scope);
        var rows = from instrument in readings.Instruments
                   orderby instrument.Meter.Name, instrument.Name
                   select $"| `{instrument.Name}` | {KindOf(instrument)} | `{instrument.Unit}` | {instrument.Description} |\n";
        var text = Approved.Read(Document);
        var (begin, end) = (text.IndexOf(Begins, StringComparison.Ordinal),
            text.IndexOf(Ends, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"{Document} lacks «{Begins.TrimEnd()}» or «{Ends}»");
        var table = $"| instrument | kind | unit | |\n|---|---|---|---|\n{string.Concat(rows)}";
        Approved.Document(Document, text[..begin] + Begins + table + text[end..]);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<HttpStatusCode> GetAsync(
        LiveApi api, string? key, string path = HostTelemetry.MetricsPath)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var response = await api.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static string KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> or ObservableCounter<long> => "counter",
        ObservableGauge<long> => "gauge",
        Histogram<long> or Histogram<double> => "histogram",
        _ => throw new InvalidOperationException($"{instrument.GetType().Name} has no name in the document"),
    };

    private sealed class Ignored : Engine.Domain.IReplyTo
    {
        public void OnReply(Engine.Domain.StudentId student, in Engine.Domain.Reply reply)
        {
            // No one waits for it.
        }
    }
}
