using System.Globalization;
using System.Text;
using Amoe.Engine.Text;

namespace Amoe.Engine.Explaining;

/// <summary>
/// Writes messages in a language: money, dates and plurals in its forms. In a language from right to left, numbers, ids
/// and calculations are put between Unicode isolates, so that a terminal or a browser shows the line in its right
/// order.
/// </summary>
internal sealed class Wording(Language language)
{
    private const string NoBreakSpace = "\u00a0";

    private readonly Catalogue _catalogue = Catalogue.Of(language);

    public Language Language => language;

    /// <summary>The text of a message, its values in their places.</summary>
    public string Of(Message message)
    {
        var text = _catalogue[message.Key];
        var written = new StringBuilder(text.Length + 32);
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            if (open < 0)
            {
                written.Append(text, at, text.Length - at);
                break;
            }

            var close = text.IndexOf('}', open);
            var name = text[(open + 1)..close];
            written.Append(text, at, open - at).Append(Isolated(message.ValueOf(name)));
            at = close + 1;
        }

        return written.ToString();
    }

    public string Of(Argument argument) => argument switch
    {
        Money money => Filled(Keys.MoneyForm, "amount", Decimal(money.Centimes / 100m)),
        Amount amount => Decimal(amount.Dirhams),
        On on => Date(on.Day),
        DayOfYear day => Date(day),
        Count { Unit: Unit.None } count => Whole(count.Number),
        Count count =>
            Filled(
                $"unit.{SnakeCase<Unit>.NameOf(count.Unit)}.{SnakeCase<PluralForm>.NameOf(Plural.Of(language, count.Number))}",
                "n", Whole(count.Number)),
        Percent percent => Filled(Keys.PercentForm, "n", (percent.BasisPoints / 100m).ToString("0.##", Format())),
        Name name => _catalogue[name.Key],
        Names names => names.Items.Select(Isolated).DefaultIfEmpty("").Aggregate(Listed),
        Code code => code.Text,
        Source source => new SourceText(_catalogue).Of(source.Text),
        Sign sign => sign.Text,
        Phrase phrase => Of(phrase.Message),
        Phrases phrases => phrases.Items.Select(Of).Aggregate("", Listed),
        Formula formula => Of(formula),
        _ => throw new InvalidOperationException($"{argument.GetType().Name} cannot be written"),
    };

    /// <summary>The text of a key without values.</summary>
    public string Of(string key) => _catalogue[key];

    /// <summary>A value kept together in its own direction.</summary>
    public string Isolated(Argument argument)
    {
        var text = Of(argument);
        if (!Languages.IsRightToLeft(language) || argument is Name or Names or Phrase or Phrases)
            return text;
        var isLeftToRight =
            argument is Code or Amount or Percent or Count { Unit: Unit.None } or Formula { IsOfNumbers: true };
        return (isLeftToRight ? Bidi.LeftToRightIsolate : Bidi.FirstStrongIsolate) + text + Bidi.PopIsolate;
    }

    private string Listed(string first, string second) =>
        _catalogue[Keys.ListForm].Replace("{first}", first, StringComparison.Ordinal)
            .Replace("{second}", second, StringComparison.Ordinal);

    private string Of(Formula formula)
    {
        var written = new StringBuilder();
        foreach (var term in formula.Terms)
        {
            // A bracket and what separates have their place at a term, not between two.
            var isTight = written.Length == 0 || term == Sign.End || term == Sign.And || written[^1] == '(';
            written.Append(isTight ? "" : " ").Append(formula.IsOfNumbers || term is Sign ? Of(term) : Isolated(term));
        }

        return written.ToString();
    }

    private string Filled(string key, string name, string value) =>
        _catalogue[key].Replace($"{{{name}}}", value, StringComparison.Ordinal);

    private string Date(DateOnly day) =>
        Filled(Keys.DateForm, day.Day, day.Month).Replace(
            "{year}", day.Year.ToString("0000", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private string Date(DayOfYear day) => Filled(Keys.DayOfYearForm, day.Day, day.Month);

    private string Filled(string key, int day, int month) => _catalogue[key]
        .Replace(
            "{day}", day == 1 ? _catalogue[Keys.FirstOfMonth] : day.ToString(CultureInfo.InvariantCulture),
            StringComparison.Ordinal)
        .Replace("{month}", _catalogue[$"month.m{month}"], StringComparison.Ordinal);

    /// <summary>At least two decimals, as centimes are; more where a calculation has them.</summary>
    private string Decimal(decimal value) => value.ToString("#,0.00####", Format());

    private string Whole(long value) => value.ToString("#,0", Format());

    /// <summary>The marks of the language as it is written in Morocco.</summary>
    private NumberFormatInfo Format() => language switch
    {
        Language.Ar => new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." },
        Language.Fr => new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = NoBreakSpace },
        _ => NumberFormatInfo.InvariantInfo,
    };
}
