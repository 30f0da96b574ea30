using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Reference;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>A claim file at its desk: deposited, returned, completed (K1-K6, E4).</summary>
internal sealed class Files(Scheme scheme, Sums sums)
{
    private const FileItems Practitioner = FileItems.PractitionerIdentity
        | FileItems.PractitionerInpe
        | FileItems.PractitionerStamp
        | FileItems.PractitionerDatedSignature;

    private const FileItems Pharmacist = FileItems.PharmacistIdentity
        | FileItems.PharmacistStamp
        | FileItems.PharmacistDatedSignature
        | FileItems.PharmacistTotal;

    private const FileItems Prescription = FileItems.PrescriptionStudentName
        | FileItems.PrescriptionDoctorName
        | FileItems.PrescriptionSpecialty
        | FileItems.PrescriptionDuration | FileItems.PrescriptionDate;

    public OracleReply Deposit(Person person, DepositClaim c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.StudentUnknown);
        if (person.Claims.ContainsKey(c.Claim))
            return OracleReply.Refused(Reason.ClaimAlreadyDeposited);
        if (!c.PatientIsStudent)
            return OracleReply.Refused(Reason.PatientNotStudent);
        if (c.Lines.Length is 0 or > 32)
            return OracleReply.Refused(Reason.TooManyLines);
        if (!person.Categories.Any(category => IsDeskOf(category, c.Way, c.Desk)))
            return OracleReply.Refused(Reason.WrongClaimDesk);
        if (c.Lines.Any(line => line.CareDate > c.Effective))
            return OracleReply.Refused(Reason.CareAfterDeposit);
        var claim = new ClaimFile(c);
        person.Claims.Add(c.Claim, claim);
        sums.Claims++;
        if (claim.IsThirdParty)
            sums.ThirdPartyClaims++;
        return Check(claim);
    }

    public OracleReply Complete(ClaimFile claim, CompleteClaim c)
    {
        if (claim.IsClosed)
            return OracleReply.Refused(Reason.ClaimClosed);
        if (claim.Missing == FileItems.None)
            return OracleReply.Refused(Reason.ClaimNotReturned);
        if (c.Lines.Length > 0
            && (c.Lines.Length != claim.Lines.Length
                || c.Lines.Zip(claim.Lines).Any(pair => !OnlyBrings(pair.First, pair.Second.Act))))
            return OracleReply.Refused(Reason.CompletionChangesLines);
        for (var i = 0; i < c.Lines.Length; i++)
            claim.Lines[i].Act = c.Lines[i];
        claim.Items |= c.Items;
        return Check(claim);
    }

    public bool IsTooLate(ClaimFile claim, in ClaimLine line)
    {
        var limit = scheme.LateFilingDays.On(line.CareDate);
        return limit > 0 && claim.DepositedOn.DayNumber - line.CareDate.DayNumber > limit;
    }

    private OracleReply Check(ClaimFile claim)
    {
        claim.Missing = Required(claim) & ~claim.Items;
        if (claim.Lines.Any(line => LacksPrice(line.Act)))
            claim.Missing |= FileItems.LinePrice;
        if (claim.Lines.Any(line => LacksDescription(line.Act)))
            claim.Missing |= FileItems.ProsthesisDescription;
        if (claim.Missing == FileItems.None)
            return OracleReply.Done;
        claim.Returns.Add(claim.Missing);
        sums.ClaimReturns++;
        return new OracleReply(Outcome.ClaimReturned, Reason.MissingItems);
    }

    /// <summary>Whether a line whose base is a tariff or price of the file lacks it (X1).</summary>
    private bool LacksPrice(in ClaimLine act) =>
        act.ReferenceCentimes == 0 && scheme.TermsOf(act.Act, act.Sector, act.CareDate)?.Base == Base.Stated;

    /// <summary>A bridge or denture: how many elements, and where (B6).</summary>
    private static bool LacksDescription(in ClaimLine act) =>
        Prostheses.KindOf(act.Act) != ProsthesisKind.None
            && (act.Prosthesis.Elements == 0 || act.Prosthesis.Teeth == 0);

    /// <summary>The line again with what was missing of it, and in nothing else another.</summary>
    private bool OnlyBrings(in ClaimLine brought, in ClaimLine known)
    {
        var expected = known;

        // With the public price comes the generic's (B2), with the elements their place (B6).
        if (LacksPrice(known))
            expected = expected with
            {
                ReferenceCentimes = brought.ReferenceCentimes,
                GenericCentimes = brought.GenericCentimes
            };
        if (LacksDescription(known))
            expected = expected with { Prosthesis = brought.Prosthesis };
        return brought == expected;
    }

    private static bool IsDeskOf(Category category, ClaimWay way, int desk)
    {
        if (!ReferenceData.HasDesk(desk))
            return false;
        var network = ReferenceData.Desk(desk).Network;
        if (way == ClaimWay.ThirdParty)
            return network == DeskNetwork.Fund;
        return category switch
        {
            Category.Ofppt => network == DeskNetwork.Ofppt,
            Category.PrivateVocational or Category.MinistryVocational => network == DeskNetwork.Fund,
            _ => network is DeskNetwork.Onousc or DeskNetwork.Fund,
        };
    }

    private static FileItems Required(ClaimFile claim)
    {
        if (claim.IsThirdParty)
            return FileItems.StudentCin | FileItems.RequestForCover | FileItems.Invoice | FileItems.SupportingPapers;
        var items = FileItems.StudentName
            | FileItems.StudentCin
            | FileItems.StudentDatedSignature
            | FileItems.TotalExpense;
        foreach (var line in claim.Lines)
            items |= Required(line.Act.Act);
        return items;
    }

    private static FileItems Required(Act act)
    {
        switch (act)
        {
            case Act.GeneralPractitioner or Act.Specialist or Act.Cardiologist or Act.Physiotherapy
                or Act.LaserOrRetinalAngiography:
                return Practitioner | FileItems.PractitionerFees;
            case Act.OrdinaryMedicine or Act.ChronicMedicine or Act.ListedCostlyMedicine or Act.NonReimbursableMedicine:
                return Practitioner | Pharmacist | Prescription | FileItems.BoxPrices | FileItems.BoxBarcodes;
            case Act.Biology or Act.Radiology:
                return Practitioner | FileItems.LaboratoryInpe;
            case Act.Glasses:
                return Practitioner | FileItems.OpticianInpe;
            case Act.MedicalDevice or Act.MedicalDeviceOnApproval or Act.ImplantDevice:
                return Practitioner | FileItems.Invoice;
            case Act.HospitalStay or Act.Childbirth or Act.Dialysis or Act.KidneyTransplant or Act.CancerTreatment
                or Act.CareAbroad:
                return FileItems.Invoice | FileItems.SupportingPapers;
            default:
                return Practitioner & ~FileItems.PractitionerInpe
                    | FileItems.PractitionerFees
                    | FileItems.DentistInpe
                    | FileItems.DentistIce;
        }
    }
}
