namespace Amoe.Host.Access;

/// <summary>
/// What a caller of the API is to the scheme. Key files and tokens have the names in snake_case: never rename one.
/// </summary>
internal enum Role : byte
{
    None = 0,

    /// <summary>
    /// An institution (P8): declares its students, forwards their files, collects their contributions.
    /// </summary>
    Institution = 1,

    /// <summary>A desk of ONOUSC, OFPPT or the fund (P3, P4): transmits applications and takes claim files.</summary>
    Desk = 2,

    /// <summary>A care provider (P6).</summary>
    Provider = 3,

    /// <summary>The fund's medical control (P7): decides exemptions, approvals and reviews.</summary>
    MedicalControl = 4,

    /// <summary>The fund (P1): receives, adjudicates and pays, and operates the host.</summary>
    Fund = 5,

    /// <summary>ANAM (P2): answers whether an applicant has other coverage.</summary>
    Anam = 6,

    /// <summary>Reads every decision and every audit, and changes nothing.</summary>
    Auditor = 7,

    /// <summary>One student.</summary>
    Student = 8,

    /// <summary>
    /// A program that watches hosts: reads what they hold and their metrics, and nothing of a student or claim.
    /// </summary>
    Monitor = 9,
}
