using System.Text.Json;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Host.Reports;

/// <summary>Rules, and where rulebooks differ, for a program: one object on one line.</summary>
internal static class RulesJson
{
    public static void Write(
        TextWriter output, string rulebook, DateOnly? on,
        IReadOnlyList<ParameterPeriod> periods) => JsonLine.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("rulebook", rulebook);
        if (on is { } day)
            json.WriteString("on", Format.Date(day));
        json.WriteStartArray("values");
        foreach (var period in periods)
        {
            json.WriteStartObject();
            json.WriteString("id", period.Id);
            json.WriteString("rule", period.Rule);
            json.WriteString("text", period.Text);
            json.WriteString("unit", period.Unit);
            WriteDays(json, period.From, period.Until);
            json.WriteString("value", period.Value);
            json.WriteString("source", period.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static void Write(
        TextWriter output, string first, string second,
        IReadOnlyList<RulebookDifference> differences) => JsonLine.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("first", first);
        json.WriteString("second", second);
        json.WriteBoolean("equal", differences.Count == 0);
        json.WriteStartArray("differences");
        foreach (var difference in differences)
        {
            json.WriteStartObject();
            json.WriteString("id", difference.Id);
            json.WriteString("text", difference.Text);
            WriteDays(json, difference.From, difference.Until);
            json.WriteString("first", difference.First);
            json.WriteString("second", difference.Second);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static void Write(TextWriter output, string journal, AdoptedRulebook adopted) =>
        JsonLine.Write(output, json =>
        {
            json.WriteStartObject();
            json.WriteString("journal", journal);
            Write(json, adopted);
            json.WriteEndObject();
        });

    /// <summary>An adoption's fields, into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, AdoptedRulebook adopted)
    {
        json.WriteNumber("number", adopted.Number);
        json.WriteString("on", Format.Date(adopted.On));
        json.WriteString("sha256", adopted.Sha256);
    }

    private static void WriteDays(Utf8JsonWriter json, DateOnly from, DateOnly? until)
    {
        json.WriteString("from", Format.Date(from));
        json.WriteString("until", until is { } end ? Format.Date(end) : null);
    }
}
