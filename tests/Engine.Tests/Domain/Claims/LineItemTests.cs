using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>
/// Prices and descriptions belong to a complete file (K5, B2, B6): they are brought with the lines, and nothing else of
/// a line changes.
/// </summary>
public sealed class LineItemTests
{
    private const ulong Sheet = 70;
    private static readonly ClaimLine Scan = Care("2023-11-10", Act.Radiology, 100_000);
    private static readonly ClaimLine Consultation = Care("2023-11-10");
    private static readonly ClaimLine Denture = Care("2023-11-10", Act.PartialDenture, 100_000) with
    {
        Prosthesis = default
    };

    [Fact]
    public void K5_a_price_that_is_missing_returns_the_file_and_comes_with_the_lines()
    {
        ClaimLine[] priced = [Consultation, Scan with { ReferenceCentimes = 90_000 }];
        var story = Deposited(Consultation, Scan);
        Returned(story, FileItems.LinePrice);
        story.When(Completes("2023-11-25", Sheet, FileItems.None, lines: priced))
            .ThenOutcome(Outcome.Done)
            .Then(new ClaimCompleted(Sheet, FileItems.None, priced))
            .When(Receives("2023-11-26", Sheet)).ThenOutcome(Outcome.ClaimPayable);
        Assert.Equal([new(Reason.None, 6_400), new(Reason.None, 72_000)], story.Claims[Sheet].Outcomes);
    }

    [Fact]
    public void K5_K2_a_providers_bill_states_its_prices_too() =>
        Returned(
            Insured().When(ProviderDeposits("2023-11-20", Sheet, Care("2023-11-10", Act.Dialysis))),
            FileItems.LinePrice);

    [Fact]
    public void K5_what_is_not_covered_needs_no_price() => Insured()
        .When(
            Deposits(
                "2023-11-20", Sheet, Care("2023-11-10", Act.Veneer),
                Care("2023-11-10", Act.CareAbroad, sector: CareSector.Public))).ThenOutcome(Outcome.Done);

    [Fact]
    public void K5_B6_price_and_description_are_brought_one_after_the_other()
    {
        var described = Denture with { Prosthesis = new Prosthesis(3, Prosthesis.Tooth(14)) };
        var story = Deposited(Denture);
        Returned(story, FileItems.LinePrice | FileItems.ProsthesisDescription);
        Returned(story.When(Completes("2023-11-25", Sheet, FileItems.None, 1, [described])), FileItems.LinePrice);
        story.When(Completes("2023-11-26", Sheet, FileItems.None, 2, [described with { ReferenceCentimes = 80_000 }]))
            .ThenOutcome(Outcome.Done);
    }

    [Fact]
    public void K5_papers_bring_no_price() =>
        Returned(Deposited(Scan).When(Completes("2023-11-25", Sheet, FileItems.All)), FileItems.LinePrice);

    [Fact]
    public void K5_a_completion_that_changes_more_of_a_line_is_refused()
    {
        var story = Deposited(Consultation, Scan);
        ClaimLine[][] changed =
        [
            [Scan with { ReferenceCentimes = 90_000 }],
            [Consultation, Scan with { ReferenceCentimes = 90_000, PaidCentimes = 90_000 }],
            [Consultation with { ReferenceCentimes = 1 }, Scan with { ReferenceCentimes = 90_000 }],
            [Consultation, Scan with { ReferenceCentimes = 90_000, Prosthesis = new Prosthesis(1, 1) }],
            [Consultation with { Act = Act.Specialist }, Scan],
        ];
        byte attempt = 1;
        foreach (var lines in changed)
            story.When(Completes("2023-11-25", Sheet, FileItems.None, attempt++, lines))
                .ThenRefused(Reason.CompletionChangesLines);
        Assert.Equal([Consultation, Scan], story.Claims[Sheet].Lines);
    }

    [Theory]
    [InlineData(9_000, 6_300)]
    [InlineData(0, 8_400)]
    public void B2_a_medicine_is_paid_on_the_price_of_its_generic_where_there_is_one(uint generic, uint amount)
    {
        var story = Insured().Given(
            Deposits(
                "2023-11-20", Sheet,
                Care("2023-11-10", Act.OrdinaryMedicine, 12_000, 12_000) with { GenericCentimes = generic }),
            Receives("2023-11-21", Sheet));
        Assert.Equal([new(Reason.None, amount)], story.Claims[Sheet].Outcomes);
    }

    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    private static Story Deposited(params ClaimLine[] lines) => Insured().When(Deposits("2023-11-20", Sheet, lines));

    private static void Returned(Story story, FileItems missing)
    {
        story.ThenOutcome(Outcome.ClaimReturned, Reason.MissingItems);
        Assert.Equal(missing, story.Claims[Sheet].Missing);
    }
}
