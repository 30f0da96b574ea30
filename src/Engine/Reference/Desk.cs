namespace Amoe.Engine.Reference;

/// <summary>A place that takes claim files (K6).</summary>
/// <param name="Id">Stable: journals have it.</param>
/// <param name="Network">Whose desk it is.</param>
/// <param name="Name">What it is, in French; unique only with the town.</param>
/// <param name="Town">The town, in French.</param>
/// <param name="TownArabic">The town, in Arabic.</param>
/// <param name="NameArabic">What it is, as the leaflets print it.</param>
/// <param name="AddressArabic">The address, as the leaflets print it.</param>
public sealed record Desk(
    int Id, DeskNetwork Network, string Name, string Town, string TownArabic, string NameArabic, string AddressArabic);

/// <summary>The network that keeps a desk. The numbers are in the journal.</summary>
public enum DeskNetwork : byte
{
    None = 0,

    /// <summary>The fund itself, by post or at a regional office.</summary>
    Fund = 1,

    /// <summary>The universities' social office (P3).</summary>
    Onousc = 2,

    /// <summary>The vocational training office (P4).</summary>
    Ofppt = 3,
}

/// <summary>A public university and the site its students declare their coverage on (D2).</summary>
/// <param name="Id">Stable: journals have it.</param>
/// <param name="Name">Its name, in French.</param>
/// <param name="NameArabic">Its name, in Arabic.</param>
/// <param name="Town">The town of its presidency, in French.</param>
/// <param name="Site">The address of the site, as the leaflets print it.</param>
public sealed record University(int Id, string Name, string NameArabic, string Town, string Site);

/// <summary>Where a student declares other coverage or none (D1, D2). The numbers are in the journal.</summary>
public enum DeclarationChannel : byte
{
    None = 0,

    /// <summary>The university's own site: <see cref="University.Site"/>.</summary>
    UniversitySite = 1,

    /// <summary>The ministry of higher education's site.</summary>
    CmeEnssup = 2,

    /// <summary>OFPPT's site.</summary>
    InscriptionOfppt = 3,

    /// <summary>ANAM's site.</summary>
    CmeAnam = 4,
}
