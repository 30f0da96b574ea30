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
    public static PersonNumber? Cin(string text)
    {
        Read(NumberKind.Cin, text, out var number);
        return number;
    }

    /// <returns>Null when the text is no Massar number: no person has it.</returns>
    public static PersonNumber? Massar(string text)
    {
        Read(NumberKind.Massar, text, out var number);
        return number;
    }

    /// <summary>Reads what somebody wrote.</summary>
    /// <returns>What is wrong with it; empty where there is a number.</returns>
    public static IReadOnlyList<FieldError> Read(NumberKind kind, string text, out PersonNumber? number)
    {
        var form = new PersonForm();
        var value = kind == NumberKind.Cin ? form.Cin("cin", text) : form.Massar("massar", text);
        number = value is null ? null : new PersonNumber(kind, value);
        if (number is null && form.Errors.Count == 0)
            form.Add(kind == NumberKind.Cin ? "cin" : "massar", "it is empty");
        return form.Errors;
    }

    /// <summary>The numbers that a person has now.</summary>
    internal static (PersonNumber? Cin, PersonNumber? Massar) Of(Person person) => (
        person.Cin is { } cin ? new PersonNumber(NumberKind.Cin, cin) : null,
        person.Massar is { } massar ? new PersonNumber(NumberKind.Massar, massar) : null);

    public override string ToString() => Kind.ToString();
}
