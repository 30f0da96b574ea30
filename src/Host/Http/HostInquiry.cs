using System.Text.Json;

namespace Amoe.Host.Http;

/// <summary>What a host says of itself when it is asked.</summary>
/// <param name="Heads">Records decided, by shard, of those it serves.</param>
internal sealed record HostAnswer(
    bool IsReady, string? WhyNot, int ShardsServed, int ShardsRecovering, decimal Commits, decimal CommitP50Ms, decimal CommitP99Ms, decimal CommitMaxMs, long MemoryBytes,
    long? SinceBeatMs, IReadOnlyDictionary<int, long> Heads);

/// <summary>Asks hosts how they are, over <see cref="HostPages.State"/>.</summary>
internal sealed class HostInquiry : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Patience }) { Timeout = Patience };

    /// <summary>Null when it does not answer, or something else does.</summary>
    public async Task<HostAnswer?> AskAsync(string endpoint, CancellationToken cancellation)
    {
        try
        {
            using var json = JsonDocument.Parse(await _client.GetByteArrayAsync(new Uri(new Uri(endpoint), HostPages.State), cancellation));
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>A host that is starting says little: what is left out is nothing yet.</summary>
    private static HostAnswer Read(JsonElement json) => new(
        json.GetProperty("ready").GetBoolean(), json.TryGetProperty("why_not", out var why) ? why.GetString() : null,
        (int)Number(json, "shards_served"), (int)Number(json, "shards_recovering"),
        Number(json, "commits"), Number(json, "commit_p50_ms"), Number(json, "commit_p99_ms"), Number(json, "commit_max_ms"),
        (long)Number(json, "memory_bytes"), json.TryGetProperty("since_beat_ms", out var since) ? since.GetInt64() : null, Heads(json));

    private static decimal Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetDecimal() : 0;

    private static Dictionary<int, long> Heads(JsonElement json) =>
        !json.TryGetProperty("shards", out var shards) ? [] : shards.EnumerateArray()
            .Where(shard => shard.TryGetProperty("head", out _))
            .ToDictionary(shard => shard.GetProperty("shard").GetInt32(), shard => shard.GetProperty("head").GetInt64());
}
