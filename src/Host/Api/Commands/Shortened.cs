using System.Globalization;
using System.Text;

namespace Amoe.Host.Api.Commands;

/// <summary>
/// Makes what a sender wrote fit for an error: short, on one line, and without what a terminal would act on.
/// </summary>
internal static class Shortened
{
    /// <summary>Characters that are shown at most.</summary>
    public const int CharsMax = 40;

    // A character has at most four bytes.
    private const int BytesOfChar = 4;

    /// <summary>
    /// The first characters of UTF-8, with an ellipsis where there are more. Control and format characters are escaped:
    /// some of them reverse the direction of a line.
    /// </summary>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, (CharsMax + 1) * BytesOfChar)]);
        var shown = new StringBuilder();
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (count++ == CharsMax)
                return shown.Append('…').ToString();
            if (IsShown(rune))
                shown.Append(rune);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        }

        return shown.ToString();
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
