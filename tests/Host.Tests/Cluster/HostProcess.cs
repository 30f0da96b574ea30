using System.Net;
using System.Text.Json;
using Amoe.Host.Http;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Cluster;

/// <summary>The real <c>serve</c> on ports of its own.</summary>
internal sealed class HostProcess : IDisposable
{
    /// <summary>Those who are asked need the processor more than who asks.</summary>
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(50);

    private static readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    private HostProcess(AmoeProcess process, string endpoint, string? key) =>
        (Process, Endpoint, Key) = (process, endpoint, key);

    public AmoeProcess Process { get; }

    /// <summary>Where its pages are.</summary>
    public string Endpoint { get; }

    /// <summary>The key that it made, where it says so in JSON.</summary>
    public string? Key { get; }

    public static async Task<HostProcess> StartAsync(PrivateDatabase database, params string[] more)
    {
        var process = Start(database.Url, more);
        var line = await process.LineAsync();
        if (!line.StartsWith('{'))
            return new HostProcess(process, line.Split(' ')[^1], null);
        var said = JsonDocument.Parse(line).RootElement;
        return new HostProcess(
            process, said.GetProperty("endpoint").GetString()!,
            said.TryGetProperty("key", out var key) ? key.GetString() : null);
    }

    /// <summary>The journal's address, which holds a password, goes by the environment.</summary>
    public static AmoeProcess Start(string journal, params string[] more) =>
        AmoeProcess.Start(["serve", "--listen", "127.0.0.1:0", .. more], null, ("AMOE_JOURNAL", journal));

    public async Task<HttpStatusCode> ReadyAsync()
    {
        using var response = await _client.GetAsync(new Uri(Endpoint + HostPages.Ready));
        return response.StatusCode;
    }

    /// <summary>
    /// Waits until it is ready: on a busy machine it may be out of touch with its database for a moment.
    /// </summary>
    public Task IsReadyAsync() =>
        UntilAsync(async () => await ReadyAsync() == HttpStatusCode.OK, $"{Endpoint} is ready");

    public async Task<JsonElement> StateAsync() =>
        JsonDocument.Parse(await _client.GetStringAsync(new Uri(Endpoint + HostPages.State))).RootElement;

    /// <summary>Waits until it serves so many partitions.</summary>
    public Task ServesAsync(int partitions) =>
        UntilAsync(async () => await ServedAsync() == partitions, $"{Endpoint} serves {partitions} partitions");

    /// <summary>How many partitions it serves; 0 while it joins.</summary>
    public async Task<int> ServedAsync() =>
        (await StateAsync()).TryGetProperty("partitions_served", out var served) ? served.GetInt32() : 0;

    /// <param name="lookEvery">50 ms where a test does not say.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? lookEvery = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"it did not come about that {what}");
            await Task.Delay(lookEvery ?? _lookEvery);
        }
    }

    public void Dispose() => Process.Dispose();
}
