namespace Amoe.Engine.Explaining;

/// <summary>The plural forms of the Unicode CLDR.</summary>
internal enum PluralForm
{
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// <summary>Which form a whole number takes in a language, by the rules of the Unicode CLDR.</summary>
internal static class Plural
{
    private const long Million = 1_000_000;

    /// <param name="number">Not negative.</param>
    public static PluralForm Of(Language language, long number) => language switch
    {
        Language.Ar => Arabic(number),
        Language.Fr => number <= 1 ? PluralForm.One : number % Million == 0 ? PluralForm.Many : PluralForm.Other,
        _ => number == 1 ? PluralForm.One : PluralForm.Other,
    };

    /// <summary>The forms a language's catalogue must have.</summary>
    public static IReadOnlyList<PluralForm> FormsOf(Language language) => language switch
    {
        Language.Ar => Enum.GetValues<PluralForm>(),
        Language.Fr => [PluralForm.One, PluralForm.Many, PluralForm.Other],
        _ => [PluralForm.One, PluralForm.Other],
    };

    private static PluralForm Arabic(long number) => (number, number % 100) switch
    {
        (0, _) => PluralForm.Zero,
        (1, _) => PluralForm.One,
        (2, _) => PluralForm.Two,
        (_, >= 3 and <= 10) => PluralForm.Few,
        (_, >= 11) => PluralForm.Many,
        _ => PluralForm.Other,
    };
}
