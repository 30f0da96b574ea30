namespace Amoe.Host.Identity;

/// <summary>
/// A person as somebody wrote it down: nothing is checked. It is personal data, so its <see cref="ToString"/> has none
/// of it.
/// </summary>
internal sealed record PersonFields
{
    /// <summary>
    /// The number of the national identity card. A minor may have none, and then has a Massar number.
    /// </summary>
    public string? Cin { get; init; }

    /// <summary>The number in the register of schools.</summary>
    public string? Massar { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? FirstNameArabic { get; init; }

    public string? LastNameArabic { get; init; }

    public DateOnly? BirthDate { get; init; }

    public string? Email { get; init; }

    /// <summary>The bank account: 24 digits, the last two of which are the key of the others.</summary>
    public string? Rib { get; init; }

    public override string ToString() => nameof(PersonFields);
}

/// <summary>What is wrong with one field.</summary>
/// <param name="Field">The field's name in JSON, such as <c>birth_date</c>.</param>
/// <param name="Problem">What is wrong and what to do. It never repeats the value, which is personal data.</param>
internal readonly record struct FieldError(string Field, string Problem);
