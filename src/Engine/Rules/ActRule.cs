using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Rules;

/// <summary>The terms of one act during one period of the rulebook (B1-B8, B10, K2).</summary>
/// <param name="Act">The act.</param>
/// <param name="RuleId">The rule that has it, such as B3.</param>
/// <param name="Private">The terms in the private sector.</param>
/// <param name="Public">The terms in the public sector.</param>
/// <param name="Abroad">The terms outside Morocco.</param>
/// <param name="NeedsPriorApproval">Whether the medical control must have approved it before the care (B10).</param>
/// <param name="ThirdParty">Whether the fund may pay the provider for it (K2).</param>
/// <param name="Conditions">What else the scheme asks for.</param>
public sealed record ActRule(
    Act Act,
    string RuleId,
    SectorTerms Private,
    SectorTerms Public,
    SectorTerms Abroad,
    bool NeedsPriorApproval,
    ThirdParty ThirdParty,
    ActConditions Conditions)
{
    /// <summary>The terms in the sector where the care was given.</summary>
    public SectorTerms In(CareSector sector) => sector switch
    {
        CareSector.Private => Private,
        CareSector.Public => Public,
        CareSector.Abroad => Abroad,
        _ => throw new ArgumentOutOfRangeException(nameof(sector), sector, "not a sector of care"),
    };
}

/// <summary>
/// The amount paid for an act in one sector: min(paid, base) × rate (B11). The default value is an act the sector does
/// not cover.
/// </summary>
/// <param name="Covered">Whether anything is paid.</param>
/// <param name="Base">How the base is found.</param>
/// <param name="BaseCentimes">
/// The amount that belongs to <paramref name="Base"/>, in centimes; 0 where the base needs none.
/// </param>
/// <param name="RateBasisPoints">The share of the base that is paid, in basis points: 8000 is 80 %.</param>
public readonly record struct SectorTerms(bool Covered, BaseKind Base, long BaseCentimes, int RateBasisPoints);

/// <summary>How the base of a line is found.</summary>
public enum BaseKind : byte
{
    /// <summary>
    /// The reference amount stated on the claim line: the TNR of the act, or the PPV (of the generic where one exists).
    /// </summary>
    Stated = 0,

    /// <summary>The amount of the rulebook, once per unit of the line (a consultation, a session).</summary>
    Tariff = 1,

    /// <summary>The line's cotation times the value of the letter (B3: B80 × 1.10).</summary>
    LetterValue = 2,

    /// <summary>The amount of the rulebook, once for the line whatever its quantity.</summary>
    Flat = 3,

    /// <summary>The expenses.</summary>
    AllExpenses = 4,
}

/// <summary>Whether the fund pays the provider directly (K2) or the student first (K1).</summary>
public enum ThirdParty : byte
{
    /// <summary>Only reimbursement.</summary>
    Never = 0,

    /// <summary>Either way.</summary>
    Allowed = 1,

    /// <summary>Only third-party payment.</summary>
    Always = 2,
}

/// <summary>The conditions of an act beyond entitlement and prior approval.</summary>
[Flags]
public enum ActConditions : byte
{
    None = 0,

    /// <summary>An ophthalmologist's consultation comes first (B7, glasses).</summary>
    OphthalmologistConsultation = 1,

    /// <summary>A private clinic must be under contract with the fund (B8, hospital stay).</summary>
    ContractedClinicIfPrivate = 2,

    /// <summary>An ophthalmologist gives the care (B8, laser and retinal angiography).</summary>
    ByOphthalmologist = 4,

    /// <summary>
    /// The treatment is not available in Morocco, or the illness was sudden while abroad (B8, care abroad).
    /// </summary>
    AbroadReason = 8,
}
