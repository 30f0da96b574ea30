namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// Other basic coverage, in the student's own right or as a dependant (E3). The numbers are in the journal.
/// </summary>
public enum CoverageKind : byte
{
    None = 0,

    /// <summary>CNOPS, later CMAM.</summary>
    Cnops = 1,
    Cnss = 2,
    Ramed = 3,

    /// <summary>The Royal Armed Forces' mutual.</summary>
    ArmedForces = 4,

    /// <summary>
    /// The schemes of article 114 of law 65-00: internal funds, mutuals, the institution's own insurance.
    /// </summary>
    Article114 = 5,
    OtherScheme = 6,
}

/// <summary>
/// Whose insurance a coverage is (E3): in the student's own right, or as whose dependant. The numbers are in the
/// journal.
/// </summary>
public enum CoverageHolder : byte
{
    /// <summary>Not said.</summary>
    None = 0,
    Own = 1,
    Father = 2,
    Mother = 3,
    Spouse = 4,
    Other = 5,
}

/// <summary>Whose word a statement of other coverage is. The numbers are in the journal.</summary>
public enum CoverageSource : byte
{
    None = 0,
    Student = 1,
    Anam = 2,

    /// <summary>
    /// Inferred from an acceptance: ANAM answered that there is no other coverage, without a word about this one (S4).
    /// </summary>
    Inferred = 3,
}

/// <summary>
/// One other coverage: a scheme, and whose insurance it is (S2). A holder that is not said counts as one.
/// </summary>
public readonly record struct CoverageName(CoverageKind Kind, CoverageHolder Holder);
