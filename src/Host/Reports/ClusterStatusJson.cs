using System.Text.Json;
using Amoe.Engine.Journal.Ownership;
using Amoe.Host.Http;

namespace Amoe.Host.Reports;

/// <summary>Hosts and shards, for a program: one object on one line.</summary>
internal static class ClusterStatusJson
{
    public static void Write(TextWriter output, ClusterStatus status) => JsonLine.Write(output, json => Write(json, status));

    private static void Write(Utf8JsonWriter json, ClusterStatus status)
    {
        json.WriteStartObject();
        json.WriteString("journal", status.Journal);
        json.WriteNumber("shards_free", status.Free);
        json.WriteNumber("shards_lost", status.Lost);
        json.WriteStartArray("hosts");
        foreach (var host in status.View.Hosts)
            Write(json, status, host, status.AnswerOf(host));
        json.WriteEndArray();
        json.WriteStartArray("shards");
        foreach (var shard in status.View.Shards)
            Write(json, status, shard);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ClusterStatus status, HostEntry host, HostAnswer? answer)
    {
        json.WriteStartObject();
        json.WriteNumber("host", host.Id.Value);
        json.WriteString("endpoint", host.Endpoint);
        json.WriteNumber("format", host.Format);
        json.WriteBoolean("leaving", host.IsLeaving);
        json.WriteNumber("shards", status.ShardsOf(host).Count());
        json.WriteBoolean("answers", answer is not null);
        if (answer is not null)
        {
            json.WriteBoolean("ready", answer.IsReady);
            if (answer.WhyNot is not null)
                json.WriteString("why_not", answer.WhyNot);
            json.WriteNumber("shards_recovering", answer.ShardsRecovering);
            json.WriteNumber("records_behind", status.Behind(host)!.Value);
            if (answer.SinceBeatMs is { } since)
                json.WriteNumber("since_beat_ms", since);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ClusterStatus status, in ShardEntry shard)
    {
        json.WriteStartObject();
        json.WriteNumber("shard", shard.Shard);
        if (shard.Owner != HostId.None)
            json.WriteNumber("host", shard.Owner.Value);
        json.WriteNumber("epoch", shard.Epoch);
        json.WriteNumber("head", shard.Head);
        json.WriteNumber("format", shard.Format);
        json.WriteString("state", status.StateOf(shard));
        json.WriteEndObject();
    }
}
