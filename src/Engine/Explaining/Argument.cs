using Amoe.Engine.Text;

namespace Amoe.Engine.Explaining;

/// <summary>A value in an explanation, with its type: how it is written is a matter of the language.</summary>
internal abstract record Argument;

/// <summary>An amount of money.</summary>
internal sealed record Money(long Centimes) : Argument;

/// <summary>
/// Dirhams in the middle of a calculation, before they are rounded to centimes: more decimals than money has, and no
/// currency.
/// </summary>
internal sealed record Amount(decimal Dirhams) : Argument;

/// <summary>A day.</summary>
internal sealed record On(DateOnly Day) : Argument;

/// <summary>A day of every year, such as the last one of the academic year.</summary>
internal sealed record DayOfYear(int Month, int Day) : Argument;

/// <summary>So many of something: the language has plural forms for it.</summary>
internal sealed record Count(long Number, Unit Unit) : Argument;

/// <summary>A share, in basis points: 8000 is 80 %.</summary>
internal sealed record Percent(int BasisPoints) : Argument;

/// <summary>Something the catalogues have a word for.</summary>
internal sealed record Name(string Key) : Argument
{
    /// <summary>The word of a member; journals of earlier versions may have one that has left since.</summary>
    public static Name Of<T>(string group, T member)
        where T : struct, Enum =>
            new(Enum.IsDefined(member) ? $"{group}.{SnakeCase<T>.NameOf(member)}" : Keys.NoLongerUsed);
}

/// <summary>Several, as a list.</summary>
internal sealed record Names(IReadOnlyList<Argument> Items) : Argument;

/// <summary>A text that is the same in every language: a number that names something, an id, a source.</summary>
internal sealed record Code(string Text) : Argument
{
    public static Code Of(ulong number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static Code Of(long number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>The source of a rulebook's value, as the rulebook has it.</summary>
internal sealed record Source(string Text) : Argument;

/// <summary>A message inside another.</summary>
internal sealed record Phrase(Message Message) : Argument;

/// <summary>
/// Messages that go on with a sentence, each behind the separator of the language: there may be none.
/// </summary>
internal sealed record Phrases(IReadOnlyList<Message> Items) : Argument;

/// <summary>A calculation: values, and the signs between them.</summary>
internal sealed record Formula(params Argument[] Terms) : Argument
{
    /// <summary>True when it has no word in it: then it is written from left to right in every language.</summary>
    public bool IsOfNumbers =>
        Array.TrueForAll(Terms, term => term is Amount or Percent or Sign or Count { Unit: Unit.None });
}

/// <summary>A sign of a calculation, the same in every language.</summary>
internal sealed record Sign(string Text) : Argument
{
    public static readonly Sign Times = new("×");
    public static readonly Sign Over = new("/");
    public static readonly Sign Plus = new("+");
    public static readonly Sign Minus = new("−");
    public static readonly Sign Is = new("=");
    public static readonly Sign IsAbout = new("≈");
    public static readonly Sign Least = new("min(");
    public static readonly Sign And = new(";");
    public static readonly Sign End = new(")");
}

/// <summary>The things counted: each has its plural forms in every catalogue.</summary>
internal enum Unit
{
    /// <summary>A bare number.</summary>
    None,
    Day,
    WorkingHour,
    WorkingDay,
    Month,
    Year,
    Line,
    UnitOfCare,
}
