namespace Amoe.Simulator.People;

/// <summary>An invented person behind a student's index: what the engine never sees.</summary>
internal sealed record Person
{
    public string FirstName { get; init; } = "";

    public string LastName { get; init; } = "";

    public string FirstNameArabic { get; init; } = "";

    public string LastNameArabic { get; init; } = "";

    public bool Female { get; init; }

    public DateOnly BirthDate { get; init; }

    /// <summary>The number of the national identity card.</summary>
    public string Cin { get; init; } = "";

    /// <summary>The number of the school register.</summary>
    public string Massar { get; init; } = "";

    public string Email { get; init; } = "";

    /// <summary>The bank account, where one was declared.</summary>
    public string? Rib { get; init; }

    public string Address { get; init; } = "";

    public string AddressArabic { get; init; } = "";
}

/// <summary>An invented provider of care behind the number that a claim names.</summary>
internal sealed record Provider
{
    /// <summary>Such as <c>pharmacy</c>.</summary>
    public string Place { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>
    /// The number in the national register of professionals and establishments: nine digits; empty abroad.
    /// </summary>
    public string Inpe { get; init; } = "";

    public string City { get; init; } = "";

    public string Address { get; init; } = "";

    /// <summary>The account that third-party payments go to; empty abroad.</summary>
    public string Rib { get; init; } = "";

    /// <summary>The one who practises there, or answers for it.</summary>
    public Practitioner Practitioner { get; init; } = new();
}

/// <summary>An invented health professional.</summary>
internal sealed record Practitioner
{
    public string FirstName { get; init; } = "";

    public string LastName { get; init; } = "";

    /// <summary>Such as <c>cardiologist</c>; of a pharmacy <c>pharmacist</c>.</summary>
    public string Specialty { get; init; } = "";

    /// <summary>The number in the national register: nine digits; empty abroad.</summary>
    public string Inpe { get; init; } = "";
}

/// <summary>An invented medicine.</summary>
internal sealed record Medicine
{
    public string Name { get; init; } = "";

    /// <summary>The act by which the scheme reimburses it, or does not.</summary>
    public string Act { get; init; } = "";

    /// <summary>The price of a box, within the range that the scenario has for the act.</summary>
    public int PriceCentimes { get; init; }

    /// <summary>The public price of a box, from which the scheme reimburses (B2); 0 where it does not.</summary>
    public int ReferenceCentimes { get; init; }

    /// <summary>The public price of its generic (B2); 0 where there is none.</summary>
    public int GenericCentimes { get; init; }

    /// <summary>EAN-13, with Morocco's prefix.</summary>
    public string Barcode { get; init; } = "";
}

/// <summary>An institution behind the number that declarations name.</summary>
internal sealed record Institution
{
    public string Name { get; init; } = "";

    public string Category { get; init; } = "";

    public string City { get; init; } = "";

    public string Address { get; init; } = "";
}
