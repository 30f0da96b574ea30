using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>A claim file at a desk: whose it is, which desk, and what it is about (D2, E4, K2, K3, K6).</summary>
public sealed class AdmissionTests
{
    private const ulong Sheet = 70;

    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    [Fact]
    public void K1_K6_a_complete_file_at_its_desk_is_deposited_as_stated()
    {
        var line = Care("2023-11-10");
        var story = Insured().When(Deposits("2023-11-20", Sheet, line))
            .Then(
                new ClaimDeposited(
                    Sheet, ClaimWay.Reimbursement, OnouscDesk, 0, FileItems.All, Day("2023-11-20"), [line]))
            .ThenOutcome(Outcome.Done);
        Assert.Equal(ClaimStatus.Deposited, story.Claims[Sheet].Status);
    }

    [Theory]
    [InlineData(Category.PublicUniversity, true, true, false)]
    [InlineData(Category.PublicHigherEducation, true, true, false)]
    [InlineData(Category.PublicPreparatory, true, true, false)]
    [InlineData(Category.PublicTraditional, true, true, false)]
    [InlineData(Category.PrivateHigherEducation, true, true, false)]
    [InlineData(Category.PrivatePreparatory, true, true, false)]
    [InlineData(Category.PrivateTraditional, true, true, false)]
    [InlineData(Category.Ofppt, false, false, true)]
    [InlineData(Category.PrivateVocational, true, false, false)]
    [InlineData(Category.MinistryVocational, true, false, false)]
    public void D2_K6_the_desk_follows_from_the_category(Category category, bool fund, bool onousc, bool ofppt)
    {
        foreach (var desk in ReferenceData.Desks)
        {
            var story = new Story().Given(IsAccepted("2023-10-05", Public() with { Category = category }))
                .When(Deposits("2023-11-20", Sheet, Care("2023-11-10")) with { Desk = desk.Id });
            var right = desk.Network switch { DeskNetwork.Fund => fund, DeskNetwork.Onousc => onousc, _ => ofppt };
            _ = right ? story.ThenOutcome(Outcome.Done) : story.ThenRefused(Reason.WrongClaimDesk);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_000)]
    public void K6_a_desk_that_does_not_exist_takes_nothing(int desk) => Insured()
        .When(Deposits("2023-11-20", Sheet, Care("2023-11-10")) with { Desk = desk }).ThenRefused(Reason.WrongClaimDesk)
        .When(ProviderDeposits("2023-11-20", Sheet, Care("2023-11-10")) with { Desk = desk })
        .ThenRefused(Reason.WrongClaimDesk);

    [Fact]
    public void K2_a_provider_sends_its_file_to_the_fund_and_to_no_other_desk_whatever_the_students_category()
    {
        foreach (var category in Enum.GetValues<Category>().Where(category => category != Category.None))
        {
            foreach (var desk in ReferenceData.Desks)
            {
                var story = new Story().Given(IsAccepted("2023-10-05", Public() with { Category = category }))
                    .When(ProviderDeposits("2023-11-20", Sheet, Care("2023-11-10")) with { Desk = desk.Id });
                _ = desk.Id == ReferenceData.FundDeskId
                    ? story.ThenOutcome(Outcome.Done)
                    : story.ThenRefused(Reason.WrongClaimDesk);
            }
        }
    }

    [Fact]
    public void E4_the_student_alone_is_covered() => Insured()
        .When(Deposits("2023-11-20", Sheet, Care("2023-11-10")) with { PatientIsStudent = false })
        .ThenRefused(Reason.PatientNotStudent);

    [Fact]
    public void K3_care_cannot_come_after_its_deposit_on_any_line() => Insured()
        .When(Deposits("2023-11-20", Sheet, Care("2023-11-20"), Care("2023-11-21")))
        .ThenRefused(Reason.CareAfterDeposit)
        .When(Deposits("2023-11-20", Sheet, Care("2023-11-20"), Care("2023-11-19"))).ThenOutcome(Outcome.Done);

    [Fact]
    public void K3_a_student_unknown_to_the_fund_cannot_claim() => new Story()
        .When(Deposits("2023-11-20", Sheet, Care("2023-11-10"))).ThenRefused(Reason.StudentUnknown);

    [Fact]
    public void K3_one_who_was_never_entitled_can_deposit_and_is_refused_line_by_line()
    {
        var story = new Story().Given(Declares("2023-09-10", coverage: CoverageKind.Cnss))
            .Given(Deposits("2023-11-20", Sheet, Care("2023-11-10")), Receives("2023-11-25", Sheet))
            .ThenOutcome(Outcome.ClaimNothingPayable);
        Assert.Equal([new LineOutcome(Reason.NeverEntitled, 0)], story.Claims[Sheet].Outcomes);
    }

    [Fact]
    public void K5_a_sheet_carries_one_act_at_least_and_thirty_two_at_most() => Insured()
        .When(Deposits("2023-11-20", Sheet)).ThenRefused(Reason.TooManyLines)
        .When(Deposits("2023-11-20", Sheet, Acts(33))).ThenRefused(Reason.TooManyLines)
        .When(Deposits("2023-11-20", Sheet, Acts(32))).ThenOutcome(Outcome.Done)
        .When(Deposits("2023-11-20", 71, Acts(1))).ThenOutcome(Outcome.Done);

    [Fact]
    public void K6_a_sheet_is_deposited_once() => Insured()
        .Given(Deposits("2023-11-20", Sheet, Care("2023-11-10")))
        .When(Deposits("2023-11-21", Sheet, Care("2023-11-10"))).ThenRefused(Reason.ClaimAlreadyDeposited);

    private static ClaimLine[] Acts(int count) => [.. Enumerable.Repeat(Care("2023-11-10"), count)];
}
