namespace Amoe.Engine.Vocabulary;

/// <summary>
/// The categories of D2: contribution, declaration channel and claim desk follow from them. The numbers are in the
/// journal.
/// </summary>
public enum Category : byte
{
    None = 0,

    /// <summary>Institutions of the public universities.</summary>
    PublicUniversity = 1,

    /// <summary>Public higher education outside universities, Al Quaraouiyine, CRMEF, BTS sections.</summary>
    PublicHigherEducation = 2,

    /// <summary>Public preparatory classes (CPGE).</summary>
    PublicPreparatory = 3,

    /// <summary>Public traditional education (enseignement atiq).</summary>
    PublicTraditional = 4,

    /// <summary>Al Akhawayn, private higher education, public-private partnership schools.</summary>
    PrivateHigherEducation = 5,

    /// <summary>Private preparatory classes, private BTS.</summary>
    PrivatePreparatory = 6,

    /// <summary>Private traditional education.</summary>
    PrivateTraditional = 7,

    /// <summary>OFPPT's trainees.</summary>
    Ofppt = 8,
    PrivateVocational = 9,

    /// <summary>Vocational training run by, or under the tutelage of, ministries.</summary>
    MinistryVocational = 10,
}
