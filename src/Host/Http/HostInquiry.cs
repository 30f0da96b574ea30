using System.Text.Json;

namespace Amoe.Host.Http;

/// <summary>A host's report about itself.</summary>
internal sealed record HostAnswer(
    bool IsReady, string? Validate, int PartitionsServed, int PartitionsRecovering, decimal Commits,
    decimal CommitP50Ms, decimal CommitP99Ms, decimal CommitMaxMs,
    long MemoryBytes, IReadOnlyDictionary<int, PartitionAnswer> Partitions);

/// <summary>A host's report about one of its partitions.</summary>
internal sealed record PartitionAnswer(string State, long Incarnation, long Records, string? Validate);

/// <summary>Asks hosts how they are, over <see cref="HostPages.State"/>.</summary>
internal sealed class HostInquiry : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client = new(
        new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Patience })
    {
        Timeout = Patience
    };

    /// <summary>Null when it does not answer, or something else does.</summary>
    public async Task<HostAnswer?> AskAsync(string endpoint, CancellationToken cancellation)
    {
        try
        {
            using var json = JsonDocument.Parse(
                await _client.GetByteArrayAsync(new Uri(new Uri(endpoint), HostPages.State), cancellation));
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or KeyNotFoundException
            or InvalidOperationException or FormatException)
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
        json.GetProperty("ready").GetBoolean(), Text(json, "why_not"),
        (int)Number(json, "partitions_served"), (int)Number(json, "partitions_recovering"),
        Number(json, "commits"), Number(json, "commit_p50_ms"), Number(json, "commit_p99_ms"),
        Number(json, "commit_max_ms"),
        (long)Number(json, "memory_bytes"), Partitions(json));

    private static decimal Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetDecimal() : 0;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Dictionary<int, PartitionAnswer> Partitions(JsonElement json) =>
        !json.TryGetProperty("partitions", out var partitions) ? [] : partitions.EnumerateArray().ToDictionary(
            partition => partition.GetProperty("partition").GetInt32(),
            partition =>
                new PartitionAnswer(
                    partition.GetProperty("state").GetString()!, (long)Number(partition, "incarnation"),
                    (long)Number(partition, "records"), Text(partition, "why_not")));
}
