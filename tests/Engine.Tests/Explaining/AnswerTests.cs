using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Tests.Domain;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>
/// What a reader asks first: the amounts paid, the amounts owed, who owes them, and why. The texts are the English
/// ones.
/// </summary>
public sealed class AnswerTests
{
    private const ulong Earlier = 500;
    private const ulong Claim = 501;

    private static readonly Command[] PaidThenCovered =
    [
        .. Say.IsAccepted("2023-10-02"),
        Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05", paid: 10_000)),
        Say.Receives("2023-11-25", Claim),
        Say.Orders("2023-12-01", Claim),
        Say.Confirms("2023-12-08", Claim),
        Say.HasOtherCoverage(from: "2023-11-01", known: "2024-03-15"),
    ];

    [Fact]
    public void The_head_of_a_claim_that_was_paid_and_is_owed_back_shows_its_balance()
    {
        var head = OfClaim(PaidThenCovered)[0];

        Assert.Contains("paid and owed back, amount payable 0.00 MAD", head, StringComparison.Ordinal);
        Assert.Contains("; paid 64.00 MAD; owed back by the student 64.00 MAD", head, StringComparison.Ordinal);
    }

    [Fact]
    public void The_head_of_a_third_party_claim_says_that_the_provider_owes()
    {
        var head = OfClaim(
        [
            .. Say.IsAccepted("2023-10-02"),
            Say.ProviderDeposits(
                "2023-11-20", Claim, Say.Care("2023-11-05", Act.Dialysis, paid: 10_000, reference: 10_000)),
            Say.Receives("2023-11-25", Claim),
            Say.Orders("2023-12-01", Claim),
            Say.Confirms("2023-12-08", Claim),
            Say.HasOtherCoverage(from: "2023-11-01", known: "2024-03-15"),
        ])[0];

        Assert.Contains("; paid 100.00 MAD; owed back by the provider 100.00 MAD", head, StringComparison.Ordinal);
    }

    [Fact]
    public void The_head_of_a_claim_says_what_is_in_transit_and_what_is_still_to_be_paid()
    {
        var ordered = PaidThenCovered[..^2];
        Assert.Contains(
            "payment ordered, amount payable 64.00 MAD; in transit 64.00 MAD", OfClaim(ordered)[0],
            StringComparison.Ordinal);
        Assert.Contains(
            "payable, amount payable 64.00 MAD; still to be paid 64.00 MAD", OfClaim(ordered[..^1])[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_that_is_not_priced_has_no_amount()
    {
        var head =
            OfClaim([.. Say.IsAccepted("2023-10-02"), Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05"))])[0];

        Assert.EndsWith(": deposited, not priced yet", head, StringComparison.Ordinal);
    }

    [Fact]
    public void A_payment_that_was_set_off_and_a_recovery_are_shown_apart_from_what_was_paid()
    {
        Command[] story =
        [
            .. Say.IsAccepted("2023-10-02"),
            Say.Deposits("2023-11-20", Earlier, Say.Care("2023-11-05", Act.Cardiologist, paid: 25_000)),
            Say.Receives("2023-11-25", Earlier),
            Say.Orders("2023-12-01", Earlier),
            Say.Confirms("2023-12-08", Earlier),
            Say.HasOtherCoverage(from: "2023-11-01", known: "2024-01-15"),
            Say.LosesOtherCoverage(lastDay: "2023-11-30", known: "2024-01-20"),
            Say.Deposits(
                "2024-02-01", Claim,
                Say.Care("2024-01-25", Act.Glasses, paid: 90_000, circumstances: Circumstances.Ophthalmologist)),
            Say.Receives("2024-02-05", Claim),
            Say.Orders("2024-02-10", Claim),
            Say.Confirms("2024-02-15", Claim),
        ];

        Assert.Contains(
            "amount payable 800.00 MAD; paid 600.00 MAD; kept back for another claim 200.00 MAD", OfClaim(story)[0],
            StringComparison.Ordinal);
        var claims = OfStudent("2024-05-01", story);
        Assert.Contains(
            claims,
            line =>
                line.Contains($"Claim {Earlier},", StringComparison.Ordinal)
                    && line.EndsWith("paid 200.00 MAD; recovered 200.00 MAD", StringComparison.Ordinal));
    }

    [Fact]
    public void The_student_page_has_the_sums_owed_on_either_side()
    {
        var lines = OfStudent("2024-05-01",
        [
            .. PaidThenCovered,
            Say.LosesOtherCoverage(lastDay: "2023-11-30", known: "2024-03-20"),
            Say.Deposits("2024-04-01", 502, Say.Care("2024-03-25", Act.Specialist, paid: 20_000)),
            Say.Receives("2024-04-05", 502),
        ]);

        AssertOnce(lines, "owed back by the student: 64.00 MAD (claim 501)");
        AssertOnce(lines, "still to be paid to the student: 120.00 MAD (claim 502)");
    }

    [Fact]
    public void The_student_page_has_the_contributions_held_in_its_balance()
    {
        var lines = OfStudent("2023-10-20",
        [
            Say.Declares("2023-10-02", Say.Private()),
            Say.Forwards("2023-10-02"),
            Say.Pays("2023-10-03"),
            Say.Transmits("2023-10-04"),
            Say.AnamFinds("2023-10-12", CoverageKind.ArmedForces),
        ]);

        AssertOnce(lines, "contributions that opened no right, held: 400.00 MAD");
    }

    [Fact]
    public void A_contribution_that_the_fund_waits_for_is_in_the_balance()
    {
        Command[] accepted = Say.IsAccepted("2023-10-02", Say.Private());

        AssertOnce(
            OfStudent("2023-10-20", accepted),
            "contribution of 2023-2024 owed, due on 1 November 2023: 400.00 MAD (C2)");
        AssertOnce(
            OfStudent("2023-10-20", [.. accepted, Say.Pays("2023-10-05")]),
            "contribution of 2023-2024 paid to the institution, which has not transferred it to the fund: 400.00 MAD (C3)");
        AssertOnce(
            OfStudent("2023-10-20", [.. accepted, Say.FundReceives("2023-10-05")]), "nothing is owed on either side");
    }

    [Fact]
    public void A_student_without_any_claim_owes_nothing() =>
        AssertOnce(OfStudent("2023-10-20", Say.IsAccepted("2023-10-02")), "nothing is owed on either side");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Judged_again_without_a_change_every_line_is_said_to_be_as_it_was_and_why(bool appealed)
    {
        Command[] again = appealed
            ? [Say.Appeals("2024-01-20", Claim), Say.DecidesAppeal("2024-02-10", Claim, granted: true)]
            : [Say.Reopens("2024-02-10", Claim)];
        var lines = OfClaim(
        [
            .. Say.IsAccepted("2023-10-02"),
            Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05"), Say.Care("2023-11-08", Act.Veneer, paid: 50_000)),
            Say.Receives("2023-11-25", Claim),
            .. again,
        ]);

        var from = lines.FindIndex(line =>
            line.Contains("each line was judged again and is as it was", StringComparison.Ordinal));
        Assert.True(from > 0, string.Join('\n', lines));
        Assert.Contains(
            lines[from..],
            line =>
                line.Contains("line 1: general practitioner", StringComparison.Ordinal)
                    && line.Contains("64.00 MAD", StringComparison.Ordinal));
        Assert.Contains(
            lines[from..],
            line =>
                line.Contains("line 2: veneer", StringComparison.Ordinal)
                    && line.Contains("refused: the act is not covered", StringComparison.Ordinal));
        Assert.Contains(lines[from..], line => line.Contains("veneer = not covered", StringComparison.Ordinal));
    }

    [Fact]
    public void A_student_who_declares_other_coverage_does_not_read_that_a_contribution_is_owed()
    {
        var lines = OfStudent("2024-10-20",
        [
            .. Say.IsAccepted("2023-10-02", Say.Private()),
            Say.Pays("2023-10-03"),
            Say.FundReceives("2023-10-20"),
            Say.Declares("2024-10-02", Say.Private(), CoverageKind.Cnss, year: 2024),
        ]);

        var from = lines.FindIndex(line => line.Contains("Contribution for 2024-2025", StringComparison.Ordinal));
        Assert.Contains(
            "nothing is owed for 2024-2025: no right and no application of that year", lines[from + 1],
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            lines[from..(from + 3)], line => line.Contains("owed in this category", StringComparison.Ordinal));
    }

    [Fact]
    public void A_grace_that_the_next_right_cut_ends_where_it_was_cut()
    {
        var lines = OfStudent(
            "2024-08-15", [.. Say.IsAccepted("2023-10-02"), .. Say.IsAccepted("2024-10-05", year: 2024)]);

        Assert.DoesNotContain(
            lines[..6],
            line =>
                line.Contains("in grace until", StringComparison.Ordinal)
                    && line.Contains("2023-2024", StringComparison.Ordinal));
        Assert.Contains(
            lines,
            line =>
                line.Contains(
                    "ended on 31 August 2024: the right of 2024-2025 took over on 1 September 2024",
                    StringComparison.Ordinal));
    }

    [Fact]
    public void Claims_are_listed_by_date()
    {
        var lines = OfStudent("2024-05-01",
        [
            .. Say.IsAccepted("2023-10-02"),
            Say.Deposits("2023-11-10", 900, Say.Care("2023-11-05")),
            Say.Deposits("2023-11-20", 100, Say.Care("2023-11-06")) with
            {
                Desk = Amoe.Engine.Reference.ReferenceData.Desks.First(desk =>
                    desk.Network == Amoe.Engine.Reference.DeskNetwork.Ofppt).Id
            },
            Say.Deposits("2023-12-01", 300, Say.Care("2023-11-07")),
        ]);

        var numbers = lines.Where(line => line.Contains("laim ", StringComparison.Ordinal))
            .Select(line =>
                new[] { 900, 100, 300 }.FirstOrDefault(number =>
                    line.Contains($"laim {number}", StringComparison.Ordinal)));
        Assert.Equal([900, 100, 300], numbers.Where(number => number != 0));
    }

    [Fact]
    public void The_patients_share_is_on_each_line_and_in_all()
    {
        var lines = OfClaim(
        [
            .. Say.IsAccepted("2023-10-02"),
            Say.Deposits(
                "2023-11-20", Claim, Say.Care("2023-11-05", paid: 10_000),
                Say.Care("2023-11-08", Act.Veneer, paid: 50_000)),
            Say.Receives("2023-11-25", Claim),
        ]);

        AssertOnce(lines, "borne by the patient: 36.00 MAD (100.00 − 64.00 = 36.00)");
        AssertOnce(lines, "borne by the patient: 500.00 MAD (500.00 − 0.00 = 500.00)");
        Assert.Contains(
            lines, line => line.Contains("borne by the patient on all lines: 536.00 MAD", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_claimed_twice_is_borne_once()
    {
        var lines = OfClaim(
        [
            .. Say.IsAccepted("2023-10-02"),
            Say.Deposits(
                "2023-11-20", Claim, Say.Care("2023-11-05", paid: 10_000),
                Say.Care("2023-11-05", paid: 10_000)) with { Provider = 900 },
            Say.Receives("2023-11-25", Claim),
        ]);

        Assert.Contains(
            lines, line => line.Contains("borne by the patient on all lines: 36.00 MAD", StringComparison.Ordinal));
    }

    [Fact]
    public void A_short_form_comes_before_the_long_one()
    {
        var claim = OfClaim(PaidThenCovered);
        Assert.Equal(
            [
                "", "  line 1: suspended: other coverage (S2)", "  borne by the patient on all lines: 100.00 MAD (B11)",
                ""
            ], [claim[0][..0], .. claim[1..4]]);
        Assert.StartsWith("  - 20 November 2023: deposited", claim[4], StringComparison.Ordinal);

        var student = OfStudent("2023-12-01", PaidThenCovered);
        var end = student.IndexOf("");
        Assert.InRange(end, 3, 8);
        Assert.Contains(
            "On 1 December 2023 the student is not entitled to benefits: suspended: other coverage", student[1],
            StringComparison.Ordinal);
        Assert.Contains(
            student[..end], line => line.Contains("owed back by the student: 64.00 MAD", StringComparison.Ordinal));
    }

    private static void AssertOnce(List<string> lines, string text)
    {
        // The short form says it too.
        var tree = lines[(lines.IndexOf("") + 1)..];
        Assert.True(
            tree.Count(line => line.Contains(text, StringComparison.Ordinal)) == 1,
            $"«{text}» not once in:\n{string.Join('\n', tree)}");
    }

    private static List<string> OfClaim(Command[] story)
    {
        using var journal = Recorded.Journal("2024-06-01", story);
        return [.. ExplanationText.Lines(
            Explainer.Claim(new Explainer(journal).Read(Say.Student), Claim), Language.En)];
    }

    private static List<string> OfStudent(string on, Command[] story)
    {
        using var journal = Recorded.Journal("2024-10-30", story);
        return [.. ExplanationText.Lines(
            Explainer.Student(new Explainer(journal).Read(Say.Student), Say.Day(on)), Language.En)];
    }
}
