using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>What became of a registration.</summary>
internal enum RegistrationOutcome
{
    /// <summary>The person was not known, and has a new number.</summary>
    New,

    /// <summary>The same person with the same data was registered before.</summary>
    Known,

    /// <summary>Nothing was registered; the conflict says why.</summary>
    Conflict,
}

/// <summary>Why a person cannot be registered or corrected so.</summary>
internal enum NumberConflict
{
    None,

    /// <summary>The numbers are those of a known person whose other data differ: that is a correction.</summary>
    OtherData,

    /// <summary>The CIN is, or was, that of a person who has another Massar number.</summary>
    CinOfAnother,

    /// <summary>The Massar number is, or was, that of a person who has another CIN.</summary>
    MassarOfAnother,

    /// <summary>The CIN is one person's, and the Massar number another's.</summary>
    TwoPersons,
}

/// <param name="Student">
/// The person's number: new, or that of the known person. Absent where a number belongs to another person.
/// </param>
internal readonly record struct Registration(
    RegistrationOutcome Outcome, StudentId? Student, NumberConflict Conflict = NumberConflict.None);

/// <summary>What became of a correction.</summary>
internal enum CorrectionOutcome
{
    Corrected,

    /// <summary>The data were so already.</summary>
    Unchanged,

    /// <summary>There is no such person, or no longer.</summary>
    Unknown,

    CinOfAnother,

    MassarOfAnother,

    /// <summary>The person would have more numbers, former ones included, than a person can have.</summary>
    TooManyNumbers,
}

/// <summary>What becomes of the numbers that a correction replaces.</summary>
internal enum OldNumbers
{
    /// <summary>The person is found by them too.</summary>
    Kept,

    /// <summary>They were written by mistake, and may be another person's.</summary>
    Released,
}

/// <summary>What became of an erasure.</summary>
internal enum ErasureOutcome
{
    Erased,
    AlreadyErased,

    /// <summary>The number was never a person's.</summary>
    Unknown,
}

/// <summary>What a vault holds.</summary>
/// <param name="Vault">The vault's random id.</param>
/// <param name="Master">The id of the master key of <c>keys.db</c>.</param>
/// <param name="NextMaster">The id of the key to which a rotation is under way.</param>
/// <param name="Keys">
/// Persons' keys. There are more than persons after a crash, or beside an older <c>vault.db</c>; fewer beside an older
/// <c>keys.db</c>.
/// </param>
internal sealed record VaultStatus(
    string Vault, string Master, string? NextMaster, long Persons, long Keys, long Erased, AuditPosition Audit);
