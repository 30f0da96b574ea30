using System.Globalization;
using Amoe.Engine.Cases;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Cases;

/// <summary>What a case can say, and what it is compared with (docs/rule-cases.md).</summary>
public sealed class CaseRunTests
{
    private const string Head = "cases:\n  - case: x\n    rules: [X7]\n";

    [Fact]
    public void Every_error_of_a_file_is_reported_and_its_other_cases_run()
    {
        const string yaml = """
            cases:
              - case: three slips
                rules: [B1]
                given:
                  - { on: 2023-09-20, what: registred }
                  - { on: 2023-11-10, what: claim, act: dentist, paid: 80 }
                expect:
                  - { claim: 1, amount: lots }
              - case: nothing wrong
                rules: [B1]
                given:
                  - { on: 2023-09-20, what: registered }
                  - { on: 2023-11-10, what: claim }
                expect:
                  - { claim: 1, amount: 64.00 }
              - case: one slip in a table
                rules: [B1]
                given:
                  - { on: 2023-09-20, what: registered, born: $born, cycel: higher_education, gives: done }
                rows:
                  - { row: young, born: 2003-09-20 }
                  - { row: old, born: 1993-09-20 }

            """;

        var file = CaseReader.Read("mine.yaml", yaml, Rulebook.Embedded);

        Assert.Collection(
            file.Errors,
            error => Assert.StartsWith("mine.yaml, line 5: nothing is called 'registred'", error, StringComparison.Ordinal),
            error => Assert.StartsWith("mine.yaml, line 6: 'act' of claim has an unknown name", error, StringComparison.Ordinal),
            error => Assert.StartsWith("mine.yaml, line 8: 'amount' of 'claim' must be", error, StringComparison.Ordinal),
            error => Assert.StartsWith("mine.yaml, line 19: unknown key 'cycel'", error, StringComparison.Ordinal));
        var one = Assert.Single(file.Cases);
        Assert.Equal("nothing wrong", one.Name);
        Assert.True(CaseRunner.Run(one).Passed);
    }

    [Fact]
    public void A_case_can_have_as_many_claims_as_a_student()
    {
        var claims = string.Concat(Enumerable.Range(1, 60).Select(number => string.Create(
            CultureInfo.InvariantCulture, $"      - {{ on: 2023-11-10, what: claim, claim: {number} }}\n")));

        Passes("    given:\n      - { on: 2023-09-20, what: registered }\n"
            + claims + "    expect:\n      - { claim: 60, amount: 64.00, status: payable }\n");
    }

    [Fact]
    public void Four_claims_of_many_can_be_drawn_for_review()
    {
        var claims = string.Concat(Enumerable.Range(1, 20).Select(number => string.Create(
            CultureInfo.InvariantCulture,
            $"      - {{ on: 2023-11-10, what: claim, claim: {number}, gives: {(number <= 4 ? "claim_held" : "claim_payable")} }}\n")));

        Passes("    drawn: [1, 2, 3, 4]\n    given:\n      - { on: 2023-09-20, what: registered }\n" + claims);
    }

    [Fact]
    public void Paid_means_settled_where_the_whole_sum_is_set_off() => Passes("""
            given:
              - { on: 2023-09-20, what: registered }
              - { on: 2023-11-10, what: paid_claim, care: 2023-11-05 }
              - { on: 2023-11-01, known: 2023-11-20, what: report_other_coverage, coverage: cnss }
              - { on: 2023-11-30, known: 2023-11-30, what: end_other_coverage, coverage: cnss }
              - { on: 2023-12-10, what: claim, claim: 2, care: 2023-12-05 }
              - { on: 2023-12-20, what: paid, claim: 2 }
            expect:
              - { claim: 2, status: paid, paid: 64.00 }
              - { claim: 1, overpaid: 0 }
              - { recorded: payment_set_off, with: { claim: 2, amount: 64.00, debtor: 1 }, times: 1 }
              - { recorded: payment_ordered, with: { claim: 2 }, times: 0 }

        """);

    [Fact]
    public void That_nothing_is_missing_can_be_expected()
    {
        const string given = """
                given:
                  - { on: 2023-09-20, what: registered }
                  - { on: 2023-11-10, what: deposit_claim, without: $without, gives: $gives }
                expect:
                  - { claim: 1, missing: [] }
                rows:
                  - { row: complete, without: [], gives: done }
                  - { row: incomplete, without: student_cin, gives: claim_returned }

            """;

        var results = Run(given);

        Assert.Equal([true, false], results.Select(result => result.Passed));
        Assert.Equal(("nothing", "student_cin"), results[1].Differences.Select(one => (one.Expected, one.Got)).Single());
    }

    [Fact]
    public void A_parameter_can_change_several_times() => Passes("""
            parameters:
              C2.contribution_centimes: [{ from: 2023-09-01, value: 45000 }, { from: 2024-09-01, value: 50000 }]
            student: { category: private_higher_education }
            given:
              - { on: 2023-09-20, what: registered }
              - { on: 2023-09-21, what: receive_contribution, amount: 450.00, gives: done }
              - { on: 2024-09-20, what: registered }
              - { on: 2024-09-21, what: receive_contribution, amount: 500.00, gives: done }
            expect:
              - { recorded: application_accepted, with: { contribution: 450.00 }, times: 1 }
              - { recorded: application_accepted, with: { contribution: 500.00 }, times: 1 }
              - { recorded: contribution_held, times: 0 }

        """);

    [Fact]
    public void What_was_known_on_a_day_is_asked_of_the_finished_history() => Passes("""
            given:
              - { on: 2023-09-20, what: registered }
              - { on: 2023-11-10, what: paid_claim }
              - { on: 2023-11-01, known: 2024-02-10, what: report_other_coverage, coverage: cnss }
            expect:
              - { claim: 1, amount: 64.00, overpaid: 0, known: 2024-02-09 }
              - { claim: 1, reason: suspended_for_other_coverage, overpaid: 64.00, known: 2024-02-10 }
              - { entitled: 2023-11-10, known: 2024-02-09 }
              - { not_entitled: 2023-11-10, because: suspended_for_other_coverage, known: 2024-02-10 }
              - { not_entitled: 2023-11-10, because: never_entitled, known: 2023-09-19 }
              - { recorded: overpayment_raised, times: 0, known: 2024-02-09 }
              - { recorded: overpayment_raised, times: 1, known: 2024-02-10 }

        """);

    [Theory]
    [InlineData("{ claim: 1, amount: 120.00, explained: 150.00 }", true)]
    [InlineData("{ claim: 1, amount: 120.00, explained: [150.00, B1] }", true)]
    [InlineData("{ claim: 1, amount: 120.00, explained: 175.00 }", false)]
    [InlineData("{ entitled: 2023-11-10, explained: 31 July 2024 }", true)]
    [InlineData("{ entitled: 2023-11-10, explained: 31 juillet 2024 }", true)]
    [InlineData("{ entitled: 2023-11-10, explained: 31 July 2023 }", false)]
    [InlineData("{ claim: 1, amount: 120.00, explained: 120.00, known: 2023-11-09 }", false)]
    public void An_expectation_can_say_what_the_explanation_contains(string expected, bool holds)
    {
        var result = Assert.Single(Run($$"""
                given:
                  - { on: 2023-09-20, what: registered }
                  - { on: 2023-11-10, what: claim, act: specialist, paid: 200.00 }
                expect:
                  - {{expected}}

            """));

        Assert.Equal(holds, result.Passed);
    }

    [Fact]
    public void A_case_that_passes_is_explained_where_that_is_asked()
    {
        var one = Assert.Single(CaseFiles.Read("mine.yaml", Head + """
                given:
                  - { on: 2023-09-20, what: registered }
                  - { on: 2023-11-10, what: claim }
                expect:
                  - { claim: 1, amount: 64.00 }
                  - { claim: 1, status: payable }
                  - { entitled: 2023-11-10 }

            """));

        Assert.Empty(CaseRunner.Run(one).Explanations);
        var result = CaseRunner.Run(one, explains: true);
        Assert.True(result.Passed);
        Assert.Equal(2, result.Explanations.Count);
    }

    [Fact]
    public void A_difference_of_an_account_names_the_account_and_the_history_has_what_it_booked()
    {
        var result = Assert.Single(Run("""
                given:
                  - { on: 2023-09-20, what: registered }
                  - { on: 2023-11-10, what: paid_claim, way: third_party, provider: 901, act: dialysis, paid: 850, reference: 850 }
                expect:
                  - { provider: 901, paid: 800.00, owes: 0 }

            """));

        Assert.Equal(new Difference(8, "provider 901, paid", "800.00", "850.00"), Assert.Single(result.Differences));
        Assert.Contains(result.History, entry => entry.Events.Any(e => e is ProviderBooked));
    }

    [Fact]
    public void A_difference_of_the_second_student_names_and_explains_that_student()
    {
        var result = Assert.Single(Run("""
                student: [{}, {}]
                given:
                  - { on: 2023-09-20, what: registered }
                  - { on: 2023-09-20, what: registered, student: 2 }
                  - { on: 2023-11-10, what: claim, student: 2, act: specialist, paid: 150, gives: claim_held }
                expect:
                  - { entitled: 2023-11-10 }
                  - { claim: 1, student: 2, amount: 64.00, explained: no such text }

            """));

        Assert.Equal(
            [
                new Difference(8, "claim of 2023-11-10 of student 2", "claim_held", "claim_payable"),
                new Difference(11, "student 2, claim 1, line 1, amount", "64.00", "120.00"),
                new Difference(
                    11, "the explanation of claim 1 of student 2", "a text with 'no such text'", "no such text"),
            ],
            result.Differences.Select(difference => difference with { About = null }));
        Assert.NotNull(result.Why);
    }

    [Fact]
    public void Every_student_of_a_case_is_another_one()
    {
        var one = Assert.Single(CaseFiles.Read("mine.yaml", Head + """
                student: [{}, {}, {}]
                drawn: [{ student: 2, claim: 1 }]
                given:
                  - { on: 2023-09-20, what: registered, student: 2 }
                  - { on: 2023-11-10, what: claim, student: 2, gives: claim_held }

            """));

        Assert.Equal(3, one.Students.Distinct().Count());
        Assert.Empty(CaseRunner.Run(one).Differences);
    }

    private static void Passes(string rest) => Assert.All(Run(rest), result => Assert.Empty(result.Differences));

    private static List<CaseResult> Run(string rest) =>
        [.. CaseFiles.Read("mine.yaml", Head + rest).Select(one => CaseRunner.Run(one))];
}
