namespace Amoe.Engine.Domain;

/// <summary>A field of a command that its refusal speaks of. The numbers are in the journal: never reuse one.</summary>
public enum CommandField : byte
{
    None = 0,
    CareDate = 1,
    Until = 2,
    BirthDate = 3,
    RightFrom = 4,
    Year = 5,
    Amount = 6,
    Payment = 7,
    ClaimDesk = 8,
    ApplicationDesk = 9,

    /// <summary>How many lines a file has.</summary>
    Lines = 10,
    Act = 11,

    /// <summary>The kind of fact that is to be taken back.</summary>
    Fact = 12,
    Institution = 13,
    Quantity = 14,
    Paid = 15,
    Reference = 16,
    Generic = 17,
    Elements = 18,
    Units = 19,
    Illness = 20,
}
