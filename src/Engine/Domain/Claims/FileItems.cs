using Amoe.Engine.Domain.Benefits;

namespace Amoe.Engine.Domain.Claims;

/// <summary>What a complete file has (K4, K5). The numbers are in the journal.</summary>
[Flags]
public enum FileItems : uint
{
    None = 0,
    StudentName = 1 << 0,
    StudentCin = 1 << 1,
    StudentDatedSignature = 1 << 2,
    TotalExpense = 1 << 3,
    PractitionerIdentity = 1 << 4,
    PractitionerInpe = 1 << 5,
    PractitionerStamp = 1 << 6,
    PractitionerDatedSignature = 1 << 7,
    PractitionerFees = 1 << 8,
    PharmacistIdentity = 1 << 9,
    PharmacistStamp = 1 << 10,
    PharmacistDatedSignature = 1 << 11,
    PharmacistTotal = 1 << 12,
    PrescriptionStudentName = 1 << 13,
    PrescriptionDoctorName = 1 << 14,
    PrescriptionSpecialty = 1 << 15,
    PrescriptionDuration = 1 << 16,
    PrescriptionDate = 1 << 17,
    BoxPrices = 1 << 18,

    /// <summary>Each box's barcode, or the whole box where it has none.</summary>
    BoxBarcodes = 1 << 19,
    LaboratoryInpe = 1 << 20,
    OpticianInpe = 1 << 21,
    DentistInpe = 1 << 22,
    DentistIce = 1 << 23,
    RequestForCover = 1 << 24,
    Invoice = 1 << 25,
    SupportingPapers = 1 << 26,

    /// <summary>Everything: the file of a claim that lacks nothing.</summary>
    All = (1 << 27) - 1,
}

/// <summary>Which items a file needs, from its lines and the way it is paid (K4, K5, K2).</summary>
internal static class RequiredItems
{
    private const FileItems Sheet = FileItems.StudentName | FileItems.StudentCin | FileItems.StudentDatedSignature | FileItems.TotalExpense;

    private const FileItems Practitioner = FileItems.PractitionerIdentity | FileItems.PractitionerInpe | FileItems.PractitionerStamp
        | FileItems.PractitionerDatedSignature | FileItems.PractitionerFees;

    private const FileItems Pharmacist = FileItems.PharmacistIdentity | FileItems.PharmacistStamp | FileItems.PharmacistDatedSignature
        | FileItems.PharmacistTotal | FileItems.BoxPrices | FileItems.BoxBarcodes;

    private const FileItems Prescription = FileItems.PrescriptionStudentName | FileItems.PrescriptionDoctorName
        | FileItems.PrescriptionSpecialty | FileItems.PrescriptionDuration | FileItems.PrescriptionDate;

    private const FileItems ThirdPartyPapers = FileItems.StudentCin | FileItems.RequestForCover | FileItems.Invoice | FileItems.SupportingPapers;

    /// <summary>What the file must have. A third-party file is the provider's: the student shows only his CIN (K2).</summary>
    public static FileItems Of(ReadOnlySpan<ClaimLine> lines, ClaimWay way)
    {
        if (way == ClaimWay.ThirdParty)
            return ThirdPartyPapers;
        var required = Sheet;
        foreach (var line in lines)
            required |= Of(line.Act);
        return required;
    }

    private static FileItems Of(Act act) => act switch
    {
        Act.OrdinaryMedicine or Act.ChronicMedicine or Act.ListedCostlyMedicine or Act.NonReimbursableMedicine
            => Practitioner | Pharmacist | Prescription,
        Act.Biology or Act.Radiology => Prescription | FileItems.LaboratoryInpe,
        Act.Glasses => Prescription | FileItems.OpticianInpe,
        Act.DentalConsultation or Act.DentalCare or Act.DentalImaging or Act.LongBridge or Act.BridgeRenewal or Act.PartialDenture
            or Act.Orthodontics or Act.CrownOnImplant or Act.Veneer or Act.CeramoCeramicCrown or Act.EarlyProsthesisRenewal
            => (Practitioner & ~FileItems.PractitionerInpe) | FileItems.DentistInpe | FileItems.DentistIce,
        Act.MedicalDevice or Act.MedicalDeviceOnApproval or Act.ImplantDevice => Prescription | FileItems.Invoice,
        Act.HospitalStay or Act.Childbirth or Act.Dialysis or Act.KidneyTransplant or Act.CancerTreatment or Act.CareAbroad
            => FileItems.Invoice | FileItems.SupportingPapers,
        _ => Practitioner,
    };
}
