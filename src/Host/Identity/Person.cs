namespace Amoe.Host.Identity;

/// <summary>
/// Who a student is: checked and in normal form, so that two equal persons are equal records. It is personal data, so
/// its <see cref="ToString"/> has none of it.
/// </summary>
internal sealed record Person
{
    // The oldest person on record lived 122 years.
    private const int YearsMax = 125;

    private Person()
    {
    }

    public string? Cin { get; private init; }

    public string? Massar { get; private init; }

    public required string FirstName { get; init; }

    public required string LastName { get; init; }

    public string? FirstNameArabic { get; private init; }

    public string? LastNameArabic { get; private init; }

    public required DateOnly BirthDate { get; init; }

    public string? Email { get; private init; }

    public string? Rib { get; private init; }

    /// <summary>Checks and normalises what somebody wrote.</summary>
    /// <param name="today">No one is born after it.</param>
    /// <returns>Everything that is wrong, not only the first; empty when there is a person.</returns>
    public static IReadOnlyList<FieldError> Check(PersonFields fields, DateOnly today, out Person? person)
    {
        var form = new PersonForm();
        var cin = form.Cin("cin", fields.Cin);
        var massar = form.Massar("massar", fields.Massar);
        var (first, last) = (form.Required("first_name", form.Latin("first_name", fields.FirstName)),
            form.Required("last_name", form.Latin("last_name", fields.LastName)));
        var (firstArabic, lastArabic) = (form.Arabic("first_name_ar", fields.FirstNameArabic),
            form.Arabic("last_name_ar", fields.LastNameArabic));
        var (email, rib) = (form.Email("email", fields.Email), form.Rib("rib", fields.Rib));
        if (cin is null && massar is null)
            form.Add("cin", "there is neither a CIN nor a Massar number: give at least one");
        if (fields.BirthDate is not { } born)
            form.Add("birth_date", "it is missing: give it");
        else if (born > today || born.Year < today.Year - YearsMax)
            form.Add("birth_date", $"it is not within the last {YearsMax} years: check the year");
        person = form.Errors.Count > 0 ? null : Stored(cin, massar, first!, last!, fields.BirthDate!.Value) with
        {
            FirstNameArabic = firstArabic,
            LastNameArabic = lastArabic,
            Email = email,
            Rib = rib,
        };
        return form.Errors;
    }

    /// <summary>A person that was checked when the vault took it in.</summary>
    internal static Person Of(PersonFields stored) =>
        Stored(stored.Cin, stored.Massar, stored.FirstName!, stored.LastName!, stored.BirthDate!.Value) with
        {
            FirstNameArabic = stored.FirstNameArabic,
            LastNameArabic = stored.LastNameArabic,
            Email = stored.Email,
            Rib = stored.Rib,
        };

    /// <summary>True when everything but the two numbers is the same.</summary>
    internal bool IsSameApartFromNumbers(Person other) =>
        this with { Cin = null, Massar = null } == other with { Cin = null, Massar = null };

    public override string ToString() => nameof(Person);

    private static Person Stored(string? cin, string? massar, string first, string last, DateOnly born) =>
        new() { Cin = cin, Massar = massar, FirstName = first, LastName = last, BirthDate = born };
}
