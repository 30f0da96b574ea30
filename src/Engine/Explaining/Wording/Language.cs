using Amoe.Engine.Text;

namespace Amoe.Engine.Explaining;

/// <summary>The languages of explanations.</summary>
internal enum Language
{
    En,
    Fr,
    Ar,
}

/// <summary>The properties of a language.</summary>
internal static class Languages
{
    public static IEnumerable<Language> All => SnakeCase<Language>.Values;

    /// <summary>Its two letters, as in HTML's lang.</summary>
    public static string CodeOf(Language language) => SnakeCase<Language>.NameOf(language);

    public static bool TryParse(string code, out Language language) => SnakeCase<Language>.TryParse(code, out language);

    public static bool IsRightToLeft(Language language) => language == Language.Ar;

    /// <summary>As in HTML's dir.</summary>
    public static string DirectionOf(Language language) => IsRightToLeft(language) ? "rtl" : "ltr";
}
