using System.Text.Json;
using Amoe.Engine.Journal.Postgres;
using Amoe.Host.Http;

namespace Amoe.Host.Reports;

/// <summary>Hosts and partitions, for a program: one object on one line.</summary>
internal static class ClusterStatusJson
{
    public static void Write(TextWriter output, ClusterStatus status) =>
        JsonLine.Write(output, json => Write(json, status));

    private static void Write(Utf8JsonWriter json, ClusterStatus status)
    {
        json.WriteStartObject();
        json.WriteString("journal", status.Journal);
        json.WriteNumber("format", status.Format);
        json.WriteNumber("partitions_free", status.Free);
        json.WriteNumber("partitions_lost", status.Lost);
        json.WriteStartArray("hosts");
        foreach (var host in status.Hosts)
            Write(json, status, host, status.AnswerOf(host));
        json.WriteEndArray();
        json.WriteStartArray("partitions");
        for (var partition = 0; partition < status.Partitions; partition++)
            Write(json, status, partition);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ClusterStatus status, HostRow host, HostAnswer? answer)
    {
        json.WriteStartObject();
        json.WriteNumber("host", host.Id);
        json.WriteString("member", host.Member);
        json.WriteString("endpoint", host.Endpoint);
        json.WriteString("build", host.Program.Build);
        json.WriteNumber("format", host.Program.Format);
        json.WriteBoolean("live", host.Status.IsLive);
        json.WriteBoolean("evicted", host.Status.IsDead);
        json.WriteNumber("seconds_since_seen", decimal.Round((decimal)host.Status.Unseen.TotalSeconds, 1));
        json.WriteNumber("partitions", status.PartitionsOf(host).Count());
        json.WriteBoolean("answers", answer is not null);
        if (answer is not null)
        {
            json.WriteBoolean("ready", answer.IsReady);
            if (answer.Validate is not null)
                json.WriteString("why_not", answer.Validate);
            json.WriteNumber("partitions_recovering", answer.PartitionsRecovering);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ClusterStatus status, int partition)
    {
        json.WriteStartObject();
        json.WriteNumber("partition", partition);
        if (status.HolderOf(partition) is { } holder)
            json.WriteNumber("host", holder);
        json.WriteString("state", status.StateOf(partition));
        if (status.AnswerOf(partition) is { } answer)
        {
            json.WriteNumber("incarnation", answer.Incarnation);
            json.WriteNumber("records", answer.Records);
            if (answer.Validate is not null)
                json.WriteString("why_not", answer.Validate);
        }

        json.WriteEndObject();
    }
}
