namespace Amoe.Host.Identity;

/// <summary>Which register a number is of.</summary>
internal enum NumberKind
{
    Cin,
    Massar,
}

/// <summary>
/// A CIN or Massar number in normal form. It is personal data, so its <see cref="ToString"/> has only its kind.
/// </summary>
internal readonly record struct PersonNumber
{
    /// <summary>Characters of the longest number.</summary>
    public const int LengthMax = 16;

    private PersonNumber(NumberKind kind, string value) => (Kind, Value) = (kind, value);

    public NumberKind Kind { get; }

    public string Value { get; }

    /// <returns>Null when the text is no CIN: no person has it.</returns>
    public static PersonNumber? Cin(string text) => new PersonForm().Cin("cin", text) is { } cin ? new PersonNumber(NumberKind.Cin, cin) : null;

    /// <returns>Null when the text is no Massar number: no person has it.</returns>
    public static PersonNumber? Massar(string text) => new PersonForm().Massar("massar", text) is { } massar ? new PersonNumber(NumberKind.Massar, massar) : null;

    /// <summary>The numbers that a person has now.</summary>
    internal static (PersonNumber? Cin, PersonNumber? Massar) Of(Person person) => (
        person.Cin is { } cin ? new PersonNumber(NumberKind.Cin, cin) : null,
        person.Massar is { } massar ? new PersonNumber(NumberKind.Massar, massar) : null);

    public override string ToString() => Kind.ToString();
}
