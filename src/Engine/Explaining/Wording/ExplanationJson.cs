using System.Globalization;
using System.Text.Json;

namespace Amoe.Engine.Explaining;

/// <summary>An explanation as JSON: each node with its text, and its key and values for a program.</summary>
internal static class ExplanationJson
{
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>The fields of an explanation, into an object that is begun and ended by the caller.</summary>
    public static void Write(Utf8JsonWriter json, Explanation explanation, Language language)
    {
        json.WriteString("lang", Languages.CodeOf(language));
        json.WriteString("dir", Languages.DirectionOf(language));
        var wording = new Wording(language);
        json.WriteStartArray("summary");
        foreach (var line in explanation.Summary.Prepend(explanation with { Because = [], Parameters = [] }))
            Write(json, line, wording);
        json.WriteEndArray();
        json.WritePropertyName("explanation");
        Write(json, explanation, wording);
    }

    private static void Write(Utf8JsonWriter json, Explanation explanation, Wording wording)
    {
        json.WriteStartObject();
        json.WriteString("key", explanation.Message.Key);
        json.WriteString("text", wording.Of(explanation.Message));
        if (explanation.Rule.Length > 0)
        {
            json.WriteStartObject("rule");
            json.WriteString("id", explanation.Rule);
            json.WriteString("text", wording.Of("rule." + explanation.Rule));
            json.WriteEndObject();
        }

        WriteValues(json, explanation.Message, wording);
        if (explanation.Parameters.Count > 0)
        {
            json.WriteStartArray("parameters");
            foreach (var use in explanation.Parameters)
                Write(json, use, wording);
            json.WriteEndArray();
        }

        if (explanation.Because.Count > 0)
        {
            json.WriteStartArray("because");
            foreach (var ground in explanation.Because)
                Write(json, ground, wording);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter json, Message message, Wording wording)
    {
        json.WriteStartObject("values");
        foreach (var (name, value) in message.Arguments)
        {
            json.WritePropertyName(name);
            Write(json, value, wording);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ParameterUse use, Wording wording)
    {
        json.WriteStartObject();
        json.WriteString("id", use.Period.Id);
        json.WriteString("text", wording.Of(ExplanationText.MessageOf(use)));
        json.WriteString("what", wording.Of(use.What));
        json.WriteString("value", use.Period.Value);
        json.WriteString("value_text", wording.Of(use.Value));
        json.WriteString("read_on", Date(use.ReadOn));
        json.WriteString("from", Date(use.Period.From));
        if (use.Period.Until is { } until)
            json.WriteString("until", Date(until));
        json.WriteString("source", use.Period.Source);
        json.WriteString("source_text", wording.Of(new Source(use.Period.Source)));
        json.WriteEndObject();
    }

    /// <summary>
    /// A value as a program wants it: centimes, ISO dates, basis points, names of the catalogue's keys.
    /// </summary>
    private static void Write(Utf8JsonWriter json, Argument argument, Wording wording)
    {
        switch (argument)
        {
            case Money money:
                json.WriteStartObject();
                json.WriteNumber("centimes", money.Centimes);
                break;
            case Amount amount:
                json.WriteStartObject();
                json.WriteNumber("dirhams", amount.Dirhams);
                break;
            case On on:
                json.WriteStartObject();
                json.WriteString("date", Date(on.Day));
                break;
            case Count count:
                json.WriteStartObject();
                json.WriteNumber("count", count.Number);
                break;
            case Percent percent:
                json.WriteStartObject();
                json.WriteNumber("basis_points", percent.BasisPoints);
                break;
            case Name name:
                json.WriteStartObject();
                json.WriteString("name", name.Key);
                break;
            case Code code:
                json.WriteStartObject();
                json.WriteString("code", code.Text);
                break;
            case Phrases phrases:
                json.WriteStartObject();
                json.WriteStartArray("phrases");
                foreach (var phrase in phrases.Items)
                {
                    json.WriteStartObject();
                    json.WriteString("key", phrase.Key);
                    json.WriteString("text", wording.Of(phrase));
                    WriteValues(json, phrase, wording);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStartObject();
                break;
        }

        json.WriteString("text", wording.Of(argument));
        json.WriteEndObject();
    }

    private static string Date(DateOnly day) => day.ToString(DateFormat, CultureInfo.InvariantCulture);
}
