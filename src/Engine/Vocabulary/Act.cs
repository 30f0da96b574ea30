namespace Amoe.Engine.Vocabulary;

/// <summary>
/// A kind of care as the benefits table tells them apart (B1-B8, B10). The numbers are in the journal: never reuse one.
/// What each is paid, and under which conditions, is in the rulebook under the snake-case of its name.
/// </summary>
public enum Act : byte
{
    None = 0,
    GeneralPractitioner = 1,
    Specialist = 2,
    Cardiologist = 3,
    OrdinaryMedicine = 4,
    ChronicMedicine = 5,

    /// <summary>One of the 118 listed costly medicines, prescribed for chronic or costly illness (B2, K2).</summary>
    ListedCostlyMedicine = 6,
    NonReimbursableMedicine = 7,
    Biology = 8,
    Radiology = 9,
    Physiotherapy = 10,
    DentalConsultation = 11,
    DentalCare = 12,
    DentalImaging = 13,

    /// <summary>Ceramo-metal bridge; how long it is, its line says.</summary>
    LongBridge = 14,

    /// <summary>Renewal of a ceramo-metal bridge after five years.</summary>
    BridgeRenewal = 15,

    /// <summary>Partial denture (stellite); how many teeth it has, its line says.</summary>
    PartialDenture = 16,
    Orthodontics = 17,
    CrownOnImplant = 18,
    Veneer = 19,
    CeramoCeramicCrown = 20,

    /// <summary>Renewal of a fixed or removable prosthesis before five years.</summary>
    EarlyProsthesisRenewal = 21,
    Glasses = 22,
    MedicalDevice = 23,

    /// <summary>A medical device of those that need prior approval.</summary>
    MedicalDeviceOnApproval = 24,
    ImplantDevice = 25,
    HospitalStay = 26,
    Childbirth = 27,
    Dialysis = 28,
    KidneyTransplant = 29,
    CancerTreatment = 30,

    /// <summary>Laser session or retinal angiography by an ophthalmologist.</summary>
    LaserOrRetinalAngiography = 31,
    CareAbroad = 32,
}
