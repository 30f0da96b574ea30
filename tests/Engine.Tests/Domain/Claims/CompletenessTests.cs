using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>The items of a complete file, act by act, and the return of an incomplete one (K4, K5).</summary>
public sealed class CompletenessTests
{
    private const ulong Sheet = 70;

    private const FileItems Student = FileItems.StudentName
        | FileItems.StudentCin
        | FileItems.StudentDatedSignature
        | FileItems.TotalExpense;

    private const FileItems Practitioner = FileItems.PractitionerIdentity
        | FileItems.PractitionerInpe
        | FileItems.PractitionerStamp
        | FileItems.PractitionerDatedSignature | FileItems.PractitionerFees;

    private const FileItems Prescriber = Practitioner & ~FileItems.PractitionerFees;

    private const FileItems Prescription = FileItems.PrescriptionStudentName
        | FileItems.PrescriptionDoctorName
        | FileItems.PrescriptionSpecialty
        | FileItems.PrescriptionDuration | FileItems.PrescriptionDate;

    private const FileItems Pharmacy = FileItems.PharmacistIdentity
        | FileItems.PharmacistStamp
        | FileItems.PharmacistDatedSignature
        | FileItems.PharmacistTotal | FileItems.BoxPrices | FileItems.BoxBarcodes;

    private const FileItems Dentist = FileItems.PractitionerIdentity
        | FileItems.PractitionerStamp
        | FileItems.PractitionerDatedSignature
        | FileItems.PractitionerFees | FileItems.DentistInpe | FileItems.DentistIce;

    private const FileItems Stay = FileItems.Invoice | FileItems.SupportingPapers;

    public static TheoryData<Act, FileItems> NeedsByAct()
    {
        var data = new TheoryData<Act, FileItems>();
        Add(
            Practitioner, Act.GeneralPractitioner, Act.Specialist, Act.Cardiologist, Act.Physiotherapy,
            Act.LaserOrRetinalAngiography);
        Add(
            Prescriber | Prescription | Pharmacy, Act.OrdinaryMedicine, Act.ChronicMedicine, Act.ListedCostlyMedicine,
            Act.NonReimbursableMedicine);
        Add(Prescriber | FileItems.LaboratoryInpe, Act.Biology, Act.Radiology);
        Add(Prescriber | FileItems.OpticianInpe, Act.Glasses);
        Add(
            Dentist, Act.DentalConsultation, Act.DentalCare, Act.DentalImaging, Act.LongBridge, Act.BridgeRenewal,
            Act.PartialDenture, Act.Orthodontics,
            Act.CrownOnImplant, Act.Veneer, Act.CeramoCeramicCrown, Act.EarlyProsthesisRenewal);
        Add(Prescriber | FileItems.Invoice, Act.MedicalDevice, Act.MedicalDeviceOnApproval, Act.ImplantDevice);
        Add(
            Stay, Act.HospitalStay, Act.Childbirth, Act.Dialysis, Act.KidneyTransplant, Act.CancerTreatment,
            Act.CareAbroad);
        return data;

        void Add(FileItems items, params Act[] acts)
        {
            foreach (var act in acts)
                data.Add(act, Student | items);
        }
    }

    [Fact]
    public void K5_the_needs_of_every_act_are_tested() =>
        Assert.Equal(
            Enum.GetValues<Act>().Where(act => act != Act.None), NeedsByAct().Select(row => (Act)row[0]).Order());

    [Theory]
    [MemberData(nameof(NeedsByAct))]
    public void K5_each_act_needs_its_items_and_an_empty_file_is_returned_with_all_of_them_named(
        Act act, FileItems needs) =>
        Deposited(FileItems.None, act).ThenReturned(needs);

    [Theory]
    [MemberData(nameof(NeedsByAct))]
    public void K5_each_item_missing_alone_returns_the_file_and_nothing_else_does(Act act, FileItems needs)
    {
        foreach (var item in Enum.GetValues<FileItems>().Where(item => item is not (FileItems.None or FileItems.All)))
        {
            var story = Deposited(FileItems.All & ~item, act);
            if (needs.HasFlag(item))
                story.ThenReturned(item);
            else
                story.ThenOutcome(Outcome.Done);
        }

        Deposited(needs, act).ThenOutcome(Outcome.Done);
    }

    [Fact]
    public void P6_the_pharmacist_is_asked_for_no_INPE_and_the_dentist_adds_the_ICE()
    {
        Assert.DoesNotContain(Enum.GetNames<FileItems>(), name => name == "PharmacistInpe");
        Deposited(
            FileItems.All & ~(FileItems.DentistIce | FileItems.DentistInpe | FileItems.PractitionerInpe),
            Act.DentalCare)
            .ThenReturned(FileItems.DentistIce | FileItems.DentistInpe);
    }

    [Fact]
    public void K5_a_sheet_of_several_acts_needs_what_each_of_them_needs() =>
        Deposited(FileItems.None, Act.GeneralPractitioner, Act.Biology, Act.Glasses)
            .ThenReturned(Student | Practitioner | FileItems.LaboratoryInpe | FileItems.OpticianInpe);

    [Fact]
    public void K5_a_dentist_does_not_replace_the_practitioner_of_another_act() =>
        Deposited(FileItems.All & ~FileItems.PractitionerInpe, Act.DentalCare, Act.Radiology)
            .ThenReturned(FileItems.PractitionerInpe);

    [Fact]
    public void K2_a_providers_file_has_the_request_for_cover_the_invoice_the_papers_and_the_CIN_alone() =>
        new Story().Given(IsAccepted("2023-10-05"))
            .When(
                ProviderDeposits("2023-11-20", Sheet, Care("2023-11-10", Act.HospitalStay, reference: 8_000)) with
                {
                    Items = FileItems.None
                })
            .ThenReturned(
                FileItems.StudentCin | FileItems.RequestForCover | FileItems.Invoice | FileItems.SupportingPapers);

    [Fact]
    public void K5_a_returned_file_is_completed_in_one_step()
    {
        var missing = FileItems.StudentDatedSignature | FileItems.PractitionerInpe;
        var story = Deposited(FileItems.All & ~missing, Act.GeneralPractitioner).ThenReturned(missing)
            .When(Completes("2023-12-01", Sheet, missing))
            .Then(new ClaimCompleted(Sheet, missing))
            .ThenOutcome(Outcome.Done);
        var claim = story.Claims[Sheet];
        Assert.Equal(
            (ClaimStatus.Deposited, FileItems.None, FileItems.All), (claim.Status, claim.Missing, claim.Items));
        story.When(Receives("2023-12-02", Sheet)).ThenOutcome(Outcome.ClaimPayable);
    }

    [Fact]
    public void K5_or_in_two_and_what_still_lacks_is_named_again()
    {
        var missing = FileItems.StudentDatedSignature | FileItems.PractitionerInpe | FileItems.TotalExpense;
        Deposited(FileItems.All & ~missing, Act.GeneralPractitioner).ThenReturned(missing)
            .When(Completes("2023-12-01", Sheet, FileItems.TotalExpense | FileItems.OpticianInpe))
            .Then(
                new ClaimCompleted(Sheet, FileItems.TotalExpense | FileItems.OpticianInpe),
                new ClaimReturned(Sheet, FileItems.StudentDatedSignature | FileItems.PractitionerInpe))
            .ThenOutcome(Outcome.ClaimReturned, Reason.MissingItems)
            .When(Receives("2023-12-02", Sheet)).ThenRefused(Reason.ClaimNotComplete)
            .When(
                Completes(
                    "2023-12-05", Sheet, FileItems.StudentDatedSignature | FileItems.PractitionerInpe, attempt: 1))
                    .ThenOutcome(Outcome.Done)
            .When(Receives("2023-12-06", Sheet)).ThenOutcome(Outcome.ClaimPayable);
    }

    [Fact]
    public void K5_a_file_completed_with_nothing_is_returned_as_it_was() =>
        Deposited(FileItems.All & ~FileItems.StudentCin, Act.GeneralPractitioner)
            .When(Completes("2023-12-01", Sheet, FileItems.None))
            .Then(new ClaimCompleted(Sheet, FileItems.None), new ClaimReturned(Sheet, FileItems.StudentCin));

    private static Story Deposited(FileItems items, params Act[] acts) => new Story().Given(IsAccepted("2023-10-05"))
        .When(
            Deposits("2023-11-20", Sheet, [.. acts.Select(act => Care("2023-11-10", act, reference: 8_000))]) with
            {
                Items = items
            });
}

file static class CompletenessStory
{
    public static Story ThenReturned(this Story story, FileItems missing)
    {
        Assert.Equal(new ClaimReturned(70, missing), story.Events[^1]);
        return story.ThenOutcome(Outcome.ClaimReturned, Reason.MissingItems);
    }
}
