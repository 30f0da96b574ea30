namespace Amoe.Engine.Vocabulary;

/// <summary>
/// The course of the enrolment, as E1 distinguishes eligible ones. The numbers are in the journal.
/// </summary>
public enum Cycle : byte
{
    None = 0,

    /// <summary>Higher education or executive training that needs at least the baccalauréat.</summary>
    HigherEducation = 1,

    /// <summary>Preparatory classes (CPGE).</summary>
    PreparatoryClasses = 2,

    /// <summary>BTS sections.</summary>
    HigherTechnician = 3,

    /// <summary>The specialised-technician cycle.</summary>
    SpecialisedTechnician = 4,

    /// <summary>Vocational training, public, or private and licensed.</summary>
    Vocational = 5,

    /// <summary>Private vocational training without a licence: not eligible.</summary>
    UnlicensedVocational = 6,

    /// <summary>Traditional education, final stage: exempt from the age limit (E2).</summary>
    TraditionalFinalStage = 7,

    /// <summary>Traditional education before the final stage: not eligible.</summary>
    TraditionalEarlierStage = 8,

    /// <summary>A course that needs no baccalauréat: not eligible.</summary>
    BelowBaccalaureate = 9,
}
