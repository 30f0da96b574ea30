using System.Text.Json;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Figures;
using Amoe.Engine.Text;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Http;

/// <summary>How a host is at one moment, as its pages have it.</summary>
/// <param name="Validate">
/// Why it is not ready, or null when it is: a member of the cluster, and its lease renewed in time.
/// </param>
/// <param name="Part">Its part in the cluster; null before it has joined.</param>
internal sealed record HostState(string? Validate, HostPart? Part)
{
    /// <summary>Before it has joined, or while it joins again.</summary>
    public static readonly HostState Joining = new("it has not joined yet", null);

    public static HostState Of(HostPart part, bool isLeaving) => new(
        isLeaving ? "it hands its partitions over and leaves"
        : part.LeaseLost is { } lost ? lost
        : !part.IsLeaseHeld ? "its lease was not renewed in time: the database does not answer"
        : null,
        part);

    public PageState Page => new(Validate, Write);

    /// <summary>As one JSON object; docs/command-line.md says what its fields mean.</summary>
    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("ready", Validate is null);
        if (Validate is not null)
            json.WriteString("why_not", Validate);
        if (Part is not null)
            Write(json, Part);
        json.WriteNumber("process", Environment.ProcessId);
        json.WriteNumber("memory_bytes", Memory.NowBytes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HostPart part)
    {
        json.WriteNumber("host", part.Id);
        json.WriteString("member", part.Member);
        json.WriteNumber("format", part.Format);
        WriteScheme(json, part.Partitions, part.Engine, part.Commits);
    }

    /// <summary>What its partitions hold, inside an object that is begun.</summary>
    internal static void WriteScheme(
        Utf8JsonWriter json, IReadOnlyList<PartitionPart> partitions, RuntimeState engine, LatencyHistogram commits)
    {
        json.WriteNumber(
            "partitions_served", partitions.Count(partition => partition.State == PartitionService.Serving));
        json.WriteNumber(
            "partitions_recovering", partitions.Count(partition => partition.State == PartitionService.Recovering));
        json.WriteStartArray("partitions");
        foreach (var partition in partitions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", partition.Partition);
            json.WriteString("state", SnakeCase<PartitionService>.NameOf(partition.State));
            json.WriteNumber("incarnation", partition.Incarnation);
            json.WriteNumber("records", partition.Records);
            if (partition.Validate is not null)
                json.WriteString("why_not", partition.Validate);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("students", engine.Students);
        json.WriteNumber("open_claims", engine.OpenClaims);
        json.WriteNumber("quarantined", engine.Quarantined.Count);
        json.WriteNumber("commands", engine.Totals[Counter.Commands]);
        json.WriteNumber("events", engine.Totals[Counter.Events]);
        json.WriteNumber("declarations", engine.Totals[Counter.Declarations]);
        json.WriteNumber("active", engine.Totals[Counter.Active]);
        json.WriteNumber("claims", engine.Totals[Counter.Claims]);
        json.WriteNumber("paid_centimes", engine.Totals.Payments.PaidCentimes);
        json.WriteString("digest", Format.Digest(engine.Digest));
        json.WriteNumber("commits", commits.Count);
        json.WriteNumber("commit_p50_ms", commits.PercentileMs(500));
        json.WriteNumber("commit_p99_ms", commits.PercentileMs(990));
        json.WriteNumber("commit_max_ms", commits.PercentileMs(1000));
    }
}
