using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

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

    /// <summary>Every paper: the file of a claim that lacks nothing but what its lines say.</summary>
    All = (1 << 27) - 1,

    // What lines say: a file has it where they do, never by a paper.

    /// <summary>The reference tariff or public price of each line that is paid by it.</summary>
    LinePrice = 1 << 27,

    /// <summary>Elements, and teeth or jaw, of each bridge or denture (B6).</summary>
    ProsthesisDescription = 1 << 28,
}

/// <summary>What a complete file has in its lines, of either way: prices and descriptions (K5, B2, B6).</summary>
[Rule("K5")]
internal static class LineItems
{
    private const FileItems OfLines = FileItems.LinePrice | FileItems.ProsthesisDescription;

    /// <summary>What is missing of a file with these papers and lines.</summary>
    public static FileItems Missing(FileItems missingPapers, ReadOnlySpan<ClaimLine> lines, Rulebook rules)
    {
        var missing = missingPapers & ~OfLines;
        foreach (ref readonly var line in lines)
            missing |= MissingOf(line, rules);
        return missing;
    }

    /// <summary>
    /// True when lines brought anew are those the file has, but for the prices and descriptions that were missing.
    /// </summary>
    public static bool OnlyComplete(ReadOnlySpan<ClaimLine> lines, ReadOnlySpan<ClaimLine> brought, Rulebook rules)
    {
        if (brought.Length != lines.Length)
            return false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (brought[i] == lines[i])
                continue;
            var missing = MissingOf(lines[i], rules);
            var completed = lines[i];
            if (missing.HasFlag(FileItems.LinePrice))
                completed = completed with
                {
                    ReferenceCentimes = brought[i].ReferenceCentimes,
                    GenericCentimes = brought[i].GenericCentimes
                };
            if (missing.HasFlag(FileItems.ProsthesisDescription))
                completed = completed with { Prosthesis = brought[i].Prosthesis };
            if (brought[i] != completed)
                return false;
        }

        return true;
    }

    private static FileItems MissingOf(in ClaimLine line, Rulebook rules)
    {
        var isDescribed = !Repeats.IsProsthesis(line.Act)
            || (line.Prosthesis.Elements > 0 && line.Prosthesis.Teeth != 0);
        return (isDescribed
            ? FileItems.None
            : FileItems.ProsthesisDescription) | (Adjudication.LacksPrice(line, rules)
                ? FileItems.LinePrice
                : FileItems.None);
    }
}

/// <summary>
/// Which items a complete file has: the table of docs/interpretation.md, from its lines and the way it is paid.
/// </summary>
[Rule("K4", "K5", "K2")]
internal static class RequiredItems
{
    private const FileItems Sheet = FileItems.StudentName
        | FileItems.StudentCin
        | FileItems.StudentDatedSignature
        | FileItems.TotalExpense;

    private const FileItems ThirdPartyPapers = FileItems.StudentCin
        | FileItems.RequestForCover
        | FileItems.Invoice
        | FileItems.SupportingPapers;

    // Who prescribed what somebody else supplied: no fees of his are in it.
    private const FileItems Prescriber = FileItems.PractitionerIdentity
        | FileItems.PractitionerInpe
        | FileItems.PractitionerStamp
        | FileItems.PractitionerDatedSignature;

    private const FileItems Practitioner = Prescriber | FileItems.PractitionerFees;

    // He signs as the practitioner; his numbers have places of their own on the dental sheet.
    private const FileItems Dentist = (Practitioner & ~FileItems.PractitionerInpe)
        | FileItems.DentistInpe
        | FileItems.DentistIce;

    private const FileItems Pharmacy = FileItems.PharmacistIdentity
        | FileItems.PharmacistStamp
        | FileItems.PharmacistDatedSignature
        | FileItems.PharmacistTotal | FileItems.BoxPrices | FileItems.BoxBarcodes;

    private const FileItems Prescription = FileItems.PrescriptionStudentName | FileItems.PrescriptionDoctorName
        | FileItems.PrescriptionSpecialty | FileItems.PrescriptionDuration | FileItems.PrescriptionDate;

    /// <summary>
    /// What the file must have. A third-party file is the provider's: the student shows only his CIN (K2).
    /// </summary>
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
        Act.GeneralPractitioner or Act.Specialist or Act.Cardiologist or Act.Physiotherapy
            or Act.LaserOrRetinalAngiography
            => Practitioner,
        Act.OrdinaryMedicine or Act.ChronicMedicine or Act.ListedCostlyMedicine or Act.NonReimbursableMedicine
            => Prescriber | Pharmacy | Prescription,
        Act.Biology or Act.Radiology => Prescriber | FileItems.LaboratoryInpe,
        Act.Glasses => Prescriber | FileItems.OpticianInpe,
        Act.DentalConsultation or Act.DentalCare or Act.DentalImaging or Act.LongBridge or Act.BridgeRenewal
            or Act.PartialDenture
            or Act.Orthodontics or Act.CrownOnImplant or Act.Veneer or Act.CeramoCeramicCrown
            or Act.EarlyProsthesisRenewal
            => Dentist,
        Act.MedicalDevice or Act.MedicalDeviceOnApproval or Act.ImplantDevice => Prescriber | FileItems.Invoice,
        Act.HospitalStay or Act.Childbirth or Act.Dialysis or Act.KidneyTransplant or Act.CancerTreatment
            or Act.CareAbroad
            => FileItems.Invoice | FileItems.SupportingPapers,
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, "not an act of the benefits table"),
    };
}
