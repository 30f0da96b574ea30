using System.Globalization;

namespace Amoe.Host.Identity;

/// <summary>
/// Checks the fields of one person and gathers what is wrong. A problem never repeats the value: it goes into answers
/// and logs.
/// </summary>
internal sealed class PersonForm
{
    public const int NameMax = 80;
    public const int EmailMax = 254;

    private const int EmailLocalMax = 64;
    private const int CinLettersMax = 2;
    private const int CinDigitsMax = 7;
    private const int MassarDigits = 9;
    private const int RibDigits = 24;
    private const int RibModulus = 97;

    // Spaces around a value and marks apart from their letters go away; more than this is not a value with spaces.
    private const int RawMax = 1_000;

    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    public void Add(string field, string problem) => _errors.Add(new FieldError(field, problem));

    /// <summary>The number of an identity card: a city's one or two letters, and up to seven digits.</summary>
    public string? Cin(string field, string? value)
    {
        if (Clean(field, value) is not { } text)
            return null;
        var cin = text.ToUpperInvariant();
        var letters = cin.TakeWhile(char.IsAsciiLetterUpper).Count();
        return letters is > 0 and <= CinLettersMax
            && IsDigits(cin.AsSpan(letters))
            && cin.Length - letters is > 0 and <= CinDigitsMax
            ? cin
            : Wrong(field, "a CIN is one or two letters and up to seven digits, without spaces, as AB123456");
    }

    /// <summary>The number in the register of schools: a letter and nine digits.</summary>
    public string? Massar(string field, string? value)
    {
        if (Clean(field, value) is not { } text)
            return null;
        var massar = text.ToUpperInvariant();
        return massar.Length == MassarDigits + 1 && char.IsAsciiLetterUpper(massar[0]) && IsDigits(massar.AsSpan(1))
            ? massar
            : Wrong(field, "a Massar number is a letter and nine digits, without spaces, as G123456789");
    }

    public string? Latin(string field, string? value) =>
        Name(
            field, value, IsLatin,
            "a name in Latin letters has letters, spaces, hyphens, apostrophes and full stops only");

    public string? Arabic(string field, string? value) =>
        Name(field, value, IsArabic, "a name in Arabic letters has letters, vowel marks, spaces and hyphens only");

    public string? Required(string field, string? checkedValue)
    {
        if (checkedValue is null && !_errors.Exists(error => error.Field == field))
            Add(field, "it is missing: give it");
        return checkedValue;
    }

    /// <summary>
    /// An address of electronic mail. The part after the sign is in lower case; the part before it is its owner's.
    /// </summary>
    public string? Email(string field, string? value)
    {
        if (Clean(field, value) is not { } text)
            return null;
        var at = text.LastIndexOf('@');
        var isAddress = at is > 0 and <= EmailLocalMax && text.Length <= EmailMax && IsDomain(text.AsSpan(at + 1))
            && text.All(c =>
                c is > ' ' and < '\u007F' and not ('<' or '>' or '"' or '(' or ')' or ',' or ';' or ':' or '\\'))
                    && !text.AsSpan(0, at).Contains('@');
        return isAddress
            ? string.Concat(text.AsSpan(0, at + 1), text[(at + 1)..].ToLowerInvariant())
            : Wrong(field, "it is not an address of electronic mail: write it as name@example.ma");
    }

    /// <summary>A bank account. The spaces between the groups in which it is printed go away.</summary>
    public string? Rib(string field, string? value)
    {
        if (Clean(field, value) is not { } text)
            return null;
        var rib = text.Replace(" ", "", StringComparison.Ordinal);
        if (rib.Length != RibDigits || !IsDigits(rib))
            return Wrong(field, $"a bank account has {RibDigits} digits");
        var remainder = 0;
        foreach (var digit in rib[..^2])
            remainder = (remainder * 10 + (digit - '0')) % RibModulus;
        remainder = remainder * 100 % RibModulus;
        var key = (rib[^2] - '0') * 10 + (rib[^1] - '0');
        return key == RibModulus - remainder
            ? rib
            : Wrong(field, "the account's key, its last two digits, does not agree with the others: check each digit");
    }

    private string? Name(string field, string? value, Func<char, bool> isAllowed, string rule)
    {
        if (Clean(field, value) is not { } text)
            return null;
        var name = Composition.Compose(
            string.Join(' ', text.Split((char[])[' ', '\u00A0'], StringSplitOptions.RemoveEmptyEntries)));
        if (name.Length > NameMax)
            return Wrong(field, $"it is longer than {NameMax} characters: shorten it as the identity card does");
        return name.All(isAllowed) && name.Any(char.IsLetter) ? name : Wrong(field, rule);
    }

    /// <summary>The value without spaces around it; null when there is none, or when no field may have it.</summary>
    private string? Clean(string field, string? value)
    {
        if (value is null)
            return null;
        if (value.Length > RawMax)
            return Wrong(field, $"it is longer than {RawMax} characters");
        foreach (var c in value)
        {
            if (IsInvisible(c))
                return Wrong(field, "it has a control, direction or other invisible character: remove it");
        }

        var text = value.Trim();
        return text.Length == 0 ? null : text;
    }

    private string? Wrong(string field, string problem)
    {
        Add(field, problem);
        return null;
    }

    /// <summary>
    /// Controls, marks of direction and joiners: two names that look alike would be two, or one would show as another.
    /// </summary>
    private static bool IsInvisible(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned;

    private static bool IsLatin(char c) => c is ' ' or '-' or '\'' or '’' or '.'
        || (c is < '\u02B0' or (>= '\u1E00' and < '\u1F00') && char.IsLetter(c));

    private static bool IsArabic(char c) => c is ' ' or '-' or (>= '\u064B' and <= '\u0655') or '\u0670'
        || (c is >= '\u0620' and <= '\u06D3' && char.IsLetter(c));

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        var labels = 0;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
                return false;
            foreach (var c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                    return false;
            }

            labels++;
        }

        return labels > 1;
    }
}
