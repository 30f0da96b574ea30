using System.Globalization;
using System.Text.Json;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Host.Reports;

/// <summary>The items out of service, for a program: one object on one line.</summary>
internal static class QuarantineJson
{
    public static void Write(TextWriter output, QuarantineList list) => JsonLine.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("journal", list.Journal);
        json.WriteString("asked", list.IsOfHosts ? "hosts" : "journal");
        json.WriteStartArray("students");
        foreach (var student in list.Students)
        {
            json.WriteStartObject();
            json.WriteNumber("student", student.Out.Student.Value);
            json.WriteNumber("partition", student.Out.Partition);
            json.WriteNumber("offset", student.Out.Offset);
            json.WriteString("day", Format.Date(student.Out.Day));
            Write(json, student.Out.Since, student.Host);
            json.WriteString("why", student.Out.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("partitions");
        foreach (var partition in list.Partitions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", partition.Out.Partition);
            Write(json, partition.Out.Since, partition.Host);
            json.WriteString("why", partition.Out.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("silent");
        foreach (var host in list.Silent)
        {
            json.WriteStartObject();
            json.WriteNumber("host", host.Id);
            json.WriteString("endpoint", host.Endpoint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Since when, and which host says so, where that is known.</summary>
    public static void Write(Utf8JsonWriter json, long? since, HostRow? host)
    {
        if (since is { } moment)
            json.WriteString(
                "since",
                DateTimeOffset.FromUnixTimeMilliseconds(moment)
                    .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        if (host is not null)
            json.WriteNumber("host", host.Id);
    }
}
