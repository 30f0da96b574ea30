using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Amoe.Engine.Explaining;

namespace Amoe.Host.Reports.Html;

/// <summary>
/// Writes the sentences of the page in French, each with its key, and collects the words in all languages by which
/// page.js writes them again in another. A value is an element in its sentence, with its number as data.
/// </summary>
internal sealed class PageText(HtmlWriter html)
{
    /// <summary>The language of a page whose reader has none of the three, or no JavaScript.</summary>
    public const Language First = Language.Fr;

    private const string NoBreakSpace = "\u00a0";

    private static readonly Wording _wording = new(First);

    private static readonly NumberFormatInfo _numbers =
        new() { NumberDecimalSeparator = ",", NumberGroupSeparator = NoBreakSpace };

    // Arabic letters as they are; what could end a script is escaped.
    private static readonly JsonWriterOptions _json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>The sentences written so far, in French.</summary>
    public IEnumerable<string> Written => _keys.Select(Word);

    /// <summary>An element that holds a sentence.</summary>
    /// <param name="place">The value of another sentence that it is, or null.</param>
    public void Write(string element, Message message, string? place = null, string? id = null, string? role = null)
    {
        html.Open(
            element, ("id", id), ("class", role), ("data-place", place), ("data-words", Used(message.Key)));
        foreach (var (piece, isValue) in ReportWords.Pieces(Word(message.Key)))
        {
            if (isValue)
                Write(message.ValueOf(piece), piece);
            else
                html.Text(piece);
        }

        html.Close();
    }

    public void Write(string element, string key, string? id = null, string? role = null) =>
        Write(element, new Message(key), null, id, role);

    /// <summary>A key whose word page.js needs where no element of the page has it.</summary>
    public string Used(string key)
    {
        _keys.Add(key);
        return key;
    }

    /// <summary>A value, as an element that page.js writes again.</summary>
    public void Write(Argument value, string? place = null)
    {
        switch (value)
        {
            case Count count:
                Data("count", count.Number, 0, place);
                break;
            case Money money:
                Data("money", money.Centimes / 100m, 2, place, " MAD");
                break;
            case Percent percent:
                Data("percent", percent.BasisPoints / 100m, 1, place, " %");
                break;
            case Share share:
                Data("share", share.Value * 100, 3, place, " %");
                break;
            case Rounded rounded:
                Data($"decimals{rounded.Decimals}", rounded.Value, rounded.Decimals, place);
                break;
            case On on:
                html.Element("time", _wording.Of(on), ("data-place", place), ("datetime", Format.Date(on.Day)));
                break;
            case Code code:
                html.Element("code", code.Text, ("data-place", place), ("dir", "ltr"));
                break;
            case Name name:
                Write("span", new Message(name.Key), place);
                break;
            case Phrase phrase:
                Write("span", phrase.Message, place);
                break;
            default:
                throw new InvalidOperationException($"{value.GetType().Name} is in no sentence of the page");
        }
    }

    /// <summary>A number as French has it, without its unit.</summary>
    public static string Number(decimal value, int decimals) => value.ToString($"N{decimals}", _numbers);

    /// <summary>The words that the page uses, an object for each language.</summary>
    public string Words()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, _json))
        {
            json.WriteStartObject();
            foreach (var language in Languages.All)
            {
                json.WriteStartObject(Languages.CodeOf(language));
                foreach (var key in _keys)
                    json.WriteString(key, ReportWords.Of(language, key));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private void Data(string format, decimal value, int decimals, string? place, string unit = "") => html.Element(
        "data", Number(value, decimals) + unit.Replace(" ", NoBreakSpace, StringComparison.Ordinal),
        ("data-place", place), ("data-format", format), ("value", value.ToString(CultureInfo.InvariantCulture)));

    private static string Word(string key) => ReportWords.Of(First, key);
}
