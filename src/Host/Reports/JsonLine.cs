using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Amoe.Host.Reports;

/// <summary>Writes one JSON object on one line.</summary>
internal static class JsonLine
{
    // Names in Arabic and French are written as they are: nothing here goes into a web page.
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, WriterOptions))
            write(json);
        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    /// <summary>Each breakdown as an array of its rows, under its name.</summary>
    public static void Write(Utf8JsonWriter json, IEnumerable<Breakdown> breakdowns)
    {
        foreach (var breakdown in breakdowns)
        {
            json.WriteStartArray(breakdown.Name);
            foreach (var row in breakdown.Rows)
            {
                json.WriteStartObject();
                json.WriteString("name", row.Name);
                if (row.Rule.Length > 0)
                    json.WriteString("rule", row.Rule);
                json.WriteNumber("count", row.Count);
                if (row.Of is { } of)
                    json.WriteNumber("of", of);
                if (row.Centimes is { } centimes)
                    json.WriteNumber("centimes", centimes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }
}
