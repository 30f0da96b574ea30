using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Live;
using Amoe.Host.Running;
using Amoe.Host.Telemetry;

namespace Amoe.Host.Tests.Api;

/// <summary>A live host in the process of the tests, on a journal and a port of its own.</summary>
internal sealed class LiveApi : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<(string Endpoint, string? Key)> _served = new(
        TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _log = new();
    private readonly HostTelemetry _telemetry;
    private Task _running = Task.CompletedTask;

    private LiveApi(TelemetrySettings settings, TimeProvider time)
    {
        Terminal = new Terminal(time, _log.Enqueue);
        _telemetry = new HostTelemetry(settings, Terminal);
    }

    /// <summary>The scope of its meters.</summary>
    public Terminal Terminal { get; }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };

    /// <summary>What it wrote for its operator so far, a line each.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    public int Port => Client.BaseAddress!.Port;

    /// <param name="journal">The journal's file, or its database: there it is a host of a cluster, unless it takes
    /// opening balances.</param>
    /// <param name="time">Its clock; the system's where none is said.</param>
    /// <param name="keys">A file of keys; where there is none, the client has the key for every call.</param>
    public static async Task<LiveApi> StartAsync(
        string journal, bool isClockOfStreams = false, string? keys = null, VaultPlace? vault = null,
        LiveSettings? settings = null, TimeProvider? time = null, TelemetrySettings? telemetry = null,
        bool isOpening = false)
    {
        var api = new LiveApi(telemetry ?? new TelemetrySettings(), time ?? TimeProvider.System);
        var begins = JournalIdentity.OfProduction(
            ShippedRulebooks.Find(ShippedRulebooks.Amended)!.Text, new PartitionCounts(4, 2));
        var (address, free) = (JournalAddress.Parse(journal), new IPEndPoint(IPAddress.Loopback, 0));
        var asked = new ApiRequest(keys, settings ?? new LiveSettings(), CatchesUp: false, isClockOfStreams)
        {
            IsOpening = isOpening,
        };
        if (address.IsPostgres && !isOpening)
        {
            var request = new ServeRequest(address, free, free, null, null, 2, begins) { Api = asked };
            api._running = Task.Run(() => new ServeRun(request, api._telemetry).RunAsync(
                (endpoint, _, key) => api._served.SetResult((endpoint, key)), api._stop.Token));
        }
        else
        {
            var request = new LiveRequest(address, free, asked, vault, 2, begins);
            api._running = Task.Run(() => new LiveRun(request, api._telemetry).RunAsync(
                (endpoint, key) => api._served.SetResult((endpoint, key)), api._stop.Token));
        }

        if (await Task.WhenAny(api._served.Task, api._running) == api._running)
            await api._running;
        var (endpoint, key) = await api._served.Task;
        api.Client.BaseAddress = new Uri(endpoint);
        if (key is not null)
            api.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return api;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(
        string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, path)
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Client.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async Task<JsonElement> GetAsync(string path) =>
        JsonDocument.Parse(await Client.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;

    /// <summary>Sends lines, and returns the lines of the answer and the stream's id.</summary>
    public async Task<(IReadOnlyList<JsonElement> Answers, string Id)> StreamAsync(string kind, HttpContent lines)
    {
        using var response = await Client.PostAsync(new Uri($"/v1/streams/{kind}", UriKind.Relative), lines);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        return ([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)], response.Headers.GetValues("Amoe-Stream").Single());
    }

    public Task<(IReadOnlyList<JsonElement> Answers, string Id)> StreamAsync(string kind, string lines) =>
        StreamAsync(kind, new StringContent(lines));

    /// <summary>Ends it as Ctrl-C does.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        _telemetry.Dispose();
        _stop.Dispose();
    }
}
