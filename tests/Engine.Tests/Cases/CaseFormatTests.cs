using Amoe.Engine.Cases;
using Amoe.Engine.Domain;
using Amoe.Engine.Rules;
using Amoe.Engine.Text;

namespace Amoe.Engine.Tests.Cases;

/// <summary>What a case file may contain, and how each error in it is reported (docs/rule-cases.md).</summary>
public sealed class CaseFormatTests
{
    private const string Minimal =
        "cases:\n  - case: x\n    rules: [B1]\n    given:\n      - { on: 2023-09-20, what: registered }\n";

    [Fact]
    public void The_schema_for_editors_knows_what_the_reader_knows()
    {
        var schema = CaseSchema.Make(out var idle);

        Assert.Empty(idle);
        Approved.Document("docs/rule-cases.schema.json", schema);
    }

    [Fact]
    public void Every_case_file_names_the_schema_on_its_first_line() =>
        Assert.All(
            CaseFiles.Texts(),
            file =>
                Assert.StartsWith(
                    "# yaml-language-server: $schema=../../docs/rule-cases.schema.json\n", file.Text,
                    StringComparison.Ordinal));

    [Fact]
    public void Every_command_can_happen_in_a_case_by_its_name()
    {
        var commands = SnakeCase<CommandKind>.Values.Where(kind =>
            kind is >= CommandKind.CarryOverRegistration and < CommandKind.AskEntitlement)
                .Select(SnakeCase<CommandKind>.NameOf);
        Assert.All(commands, name => Assert.True(StepCatalog.Has(name), name));
    }

    [Fact]
    public void The_examples_of_the_page_come_out_as_they_say()
    {
        const string begin = "```yaml\n";
        var examples = CaseFiles.Page()
            .Split(begin)[1..]
            .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])
            .ToList();
        Assert.Equal(2, examples.Count);
        foreach (var example in examples)
        {
            foreach (var one in CaseReader.Read(
                "rule-cases.md",
                example.Contains("cases:\n", StringComparison.Ordinal) ? example : "cases:\n" + example,
                Rulebook.Embedded))
                Assert.Empty(CaseRunner.Run(one).Differences);
        }
    }

    [Fact]
    public void The_page_names_all_that_can_happen_and_be_expected()
    {
        var page = CaseFiles.Page();
        Assert.All(
            StepCatalog.All.Select(step => step.What).Concat(CaseReader.CaseKeys),
            name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
        Assert.All(
            ExpectationReader.All.SelectMany(one => one.Keys.Append(one.Key)),
            key => Assert.Contains(key, page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "- { on: 2023-11-10, what: visit }",
        "line 6: nothing is called 'visit'; known: carry_over_registration, declare")]
    [InlineData(
        "- { on: 2023-11-10, what: claim, acts: veneer }",
        "line 6: unknown key 'acts' in claim; known: on, what, known")]
    [InlineData(
        "- { on: 2023-11-10, what: claim, act: dentist }",
        "line 6: 'act' of claim has an unknown name 'dentist'; known: general_practitioner")]
    [InlineData("- { on: 2023-11-10, what: claim, act: veneer }", "line 6: claim lacks 'paid'")]
    [InlineData(
        "- { on: 2023-11-10, what: claim, paid: 1.005 }",
        "must be an amount in dirhams, with two decimals at most, not '1.005'")]
    [InlineData(
        "- { on: 2023-11-31, what: claim }",
        "'on' of claim must be a date that exists, as yyyy-MM-dd, not '2023-11-31'")]
    [InlineData(
        "- { on: 2023-09-19, what: claim }",
        "line 6: claim becomes known on 2023-09-19, before the step above it (2023-09-20)")]
    [InlineData("- { on: 2023-11-10, what: claim, gives: refuzed }", "has an unknown name 'refuzed'; known: ")]
    [InlineData(
        "- { on: 2023-11-10, what: registered, again: true }", "'again' of registered is for what is one command")]
    [InlineData("- { on: 2023-11-10, what: order_payment, again: true }", "is for what happened before")]
    [InlineData("- { on: 2023-11-10, what: claim, lines: [{}], act: veneer }", "belongs to one of the 'lines'")]
    [InlineData(
        "- { on: 2023-11-10, what: deposit_claim, has: invoice, without: student_cin }",
        "says what the file has and what it is without: one of them")]
    [InlineData("- { on: 2023-11-10, what: claim, paid: $amount }", "no row gives 'amount'")]
    public void What_happens_and_makes_no_sense_is_an_error_that_names_the_line(string step, string message) =>
        Refuses(Minimal + $"      {step}\n", message);

    [Theory]
    [InlineData(
        "- { entitlement: 2023-11-10 }",
        "line 7: what is expected has one of the keys entitled, not_entitled, certificate, claim, recorded")]
    [InlineData("- { not_entitled: 2023-11-10 }", "'not_entitled' lacks 'because'")]
    [InlineData("- { not_entitled: 2023-11-10, because: illness }", "has an unknown name 'illness'")]
    [InlineData("- { claim: 1, line: 2 }", "has neither an 'amount' nor a 'reason'")]
    [InlineData("- { claim: 1, amount: 1, lines: [{ amount: 1 }] }", "the keys of one line do not stand beside")]
    [InlineData("- { recorded: nothing_at_all }", "has an unknown name 'nothing_at_all'")]
    [InlineData("- { recorded: payment_made, with: { sum: 3 } }", "unknown key 'sum' in 'with' of 'recorded'; known: ")]
    public void What_is_expected_and_makes_no_sense_is_an_error_that_names_the_line(string expected, string message) =>
        Refuses(Minimal + $"    expect:\n      {expected}\n", message);

    [Theory]
    [InlineData("rules: [B13]", "line 3: 'rules' of a case has an unknown rule 'B13'; known: E1")]
    [InlineData("rules: B1\n    parameters: { X2.late_days: 3 }", "unknown parameter 'X2.late_days'")]
    [InlineData(
        "rules: B1\n    parameters: { X2.late_filing_days: many }",
        "X2.late_filing_days must be a whole number, not 'many'")]
    [InlineData(
        "rules: B1\n    rows:\n      - { row: one, amount: 3 }",
        "the row gives 'amount' and nothing in the case says $amount")]
    [InlineData("rules: B1\n    rows:\n      - { amount: 3 }", "a row lacks 'row', its name")]
    [InlineData("rules: B1\n    when: now", "unknown key 'when' in a case")]
    public void A_case_that_makes_no_sense_is_an_error_that_names_the_line(string rest, string message) =>
        Refuses(
            $"cases:\n  - case: x\n    {rest}\n    given:\n      - {{ on: 2023-09-20, what: registered, gives: done }}\n",
            message);

    [Fact]
    public void A_case_that_expects_nothing_is_an_error() => Refuses(Minimal, "a case expects nothing");

    [Fact]
    public void Two_cases_of_the_same_words_are_an_error() =>
        Refuses(
            Minimal + "    expect: [{ entitled: 2023-09-20 }]\n" + Minimal[7..]
                + "    expect: [{ entitled: 2023-09-20 }]\n", "line 7: 'x' is there twice");

    [Fact]
    public void A_row_that_gives_nothing_under_a_name_leaves_it_out()
    {
        const string yaml = """
            cases:
              - case: what is paid
                rules: B1
                given:
                  - { on: 2023-09-20, what: registered }
                  - { on: 2023-11-10, what: claim, act: $act, paid: 250.00 }
                expect:
                  - { claim: 1, amount: $amount, reason: $reason }
                rows:
                  - { row: a specialist, act: specialist, amount: 120.00 }
                  - { row: a veneer, act: veneer, reason: act_not_covered }
                  - { row: wrong, act: cardiologist, amount: 120.00 }

            """;

        var cases = CaseReader.Read("mine.yaml", yaml, Rulebook.Embedded);
        var results = cases.Select(CaseRunner.Run).ToList();

        Assert.Equal(
            ["what is paid: a specialist", "what is paid: a veneer", "what is paid: wrong"],
            cases.Select(one => one.Name));
        Assert.Equal([10, 11, 12], cases.Select(one => one.Line));
        Assert.Equal([true, true, false], results.Select(result => result.Passed));
        Assert.Equal(
            new Difference(8, "claim 1, line 1, amount", "120.00", "200.00"),
            Assert.Single(results[2].Differences) with { About = null });
        Assert.NotNull(results[2].Why);
        Assert.NotEmpty(results[2].History);
    }

    [Fact]
    public void A_step_that_is_refused_without_saying_so_is_a_difference()
    {
        var one = Assert.Single(
            CaseReader.Read(
                "mine.yaml",
                Minimal + "      - { on: 2023-11-10, what: order_payment }\n    expect: [{ entitled: 2023-11-10 }]\n",
                Rulebook.Embedded));

        var result = CaseRunner.Run(one);

        Assert.Equal(
            new Difference(6, "order_payment of 2023-11-10", "no refusal", "refused: claim_unknown (K6)"),
            Assert.Single(result.Differences));
    }

    private static void Refuses(string yaml, string message) =>
        Assert.Contains(
            message, Assert.Throws<CaseException>(() => CaseReader.Read("mine.yaml", yaml, Rulebook.Embedded)).Message,
            StringComparison.Ordinal);
}
