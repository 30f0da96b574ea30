using System.Text.Json;
using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Text;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Http;

/// <summary>How a host is at one moment.</summary>
/// <param name="WhyNot">Why it is not ready, or null when it is: joined, and its lease renewed in time.</param>
/// <param name="Engine">What its shards hold; null before it has joined.</param>
/// <param name="Commits">How long its transactions took.</param>
internal sealed record HostState(string? WhyNot, MemberState? Member, RuntimeState? Engine, LatencyHistogram? Commits)
{
    /// <summary>Before it has anything to do with the cluster.</summary>
    public static readonly HostState Starting = new("it is starting", null, null, null);

    /// <param name="lease">After so long without a beat others may take what it has.</param>
    public static HostState Of(ClusterNode node, TimeSpan lease)
    {
        var member = node.Member.State;
        var whyNot = member.IsLeaving ? "it is handing its shards over and leaves"
            : member.Trouble is { } trouble ? $"the store does not answer as it should: {trouble}"
            : member.Host == HostId.None ? "it has not joined yet"
            : member.SinceBeat > lease ? "its lease has run out"
            : null;
        return new HostState(whyNot, member, node.Inspect(), node.Runtime.Committers.Latency);
    }

    public PageState Page => new(WhyNot, Write);

    /// <summary>As one JSON object; docs/command-line.md says what its fields mean.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("ready", WhyNot is null);
        if (WhyNot is not null)
            json.WriteString("why_not", WhyNot);
        if (Member is not null)
            Write(json, Member);
        if (Engine is not null)
            Write(json, Engine);
        if (Commits is not null)
        {
            json.WriteNumber("commits", Commits.Count);
            json.WriteNumber("commit_p50_ms", Commits.PercentileMs(500));
            json.WriteNumber("commit_p99_ms", Commits.PercentileMs(990));
            json.WriteNumber("commit_max_ms", Commits.PercentileMs(1000));
        }

        json.WriteNumber("process", Environment.ProcessId);
        json.WriteNumber("memory_bytes", Memory.NowBytes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MemberState member)
    {
        json.WriteNumber("host", member.Host.Value);
        json.WriteString("endpoint", member.Endpoint);
        json.WriteNumber("format", member.Format);
        json.WriteBoolean("leaving", member.IsLeaving);
        if (member.SinceBeat is { } since)
            json.WriteNumber("since_beat_ms", (long)decimal.Truncate(Shown.Seconds(since) * 1000));
        json.WriteNumber("shards_served", member.Serving);
        json.WriteNumber("shards_recovering", member.Recovering);
        json.WriteNumber("shards_taken", member.Taken);
        json.WriteNumber("shards_released", member.Released);
        json.WriteNumber("shards_fenced", member.Fenced);
        json.WriteNumber("leases_lost", member.LeasesLost);
        json.WriteStartArray("shards");
        foreach (var shard in member.Shards)
        {
            json.WriteStartObject();
            json.WriteNumber("shard", shard.Shard);
            json.WriteNumber("epoch", shard.Epoch);
            json.WriteString("phase", SnakeCase<ShardPhase>.NameOf(shard.Phase));
            if (shard.Head is { } head)
                json.WriteNumber("head", head);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Of the shards it has: what other hosts have is theirs to say.</summary>
    private static void Write(Utf8JsonWriter json, RuntimeState engine)
    {
        json.WriteNumber("students", engine.Students);
        json.WriteNumber("open_claims", engine.OpenClaims);
        json.WriteNumber("quarantined", engine.Quarantined.Count);
        json.WriteNumber("commands", engine.Totals[Counter.Commands]);
        json.WriteNumber("events", engine.Totals[Counter.Events]);
        json.WriteNumber("declarations", engine.Totals[Counter.Declarations]);
        json.WriteNumber("active", engine.Totals[Counter.Active]);
        json.WriteNumber("claims", engine.Totals[Counter.Claims]);
        json.WriteNumber("paid_centimes", engine.Totals.Payments.PaidCentimes);
        json.WriteString("digest", Shown.Digest(engine.Digest));
    }
}
