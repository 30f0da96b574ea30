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
        Assert.Equal(4, examples.Count);
        foreach (var example in examples)
        {
            foreach (var one in CaseFiles.Read(
                "rule-cases.md",
                example.Contains("cases:\n", StringComparison.Ordinal) ? example : "cases:\n" + example))
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
    [InlineData(
        "- { on: 9999-11-10, what: claim }",
        "line 6: 'on' of claim must be from 1900-01-01 to 2100-12-31, not 9999-11-10")]
    [InlineData(
        "- { on: 2023-11-10, known: 9999-11-10, what: claim }",
        "line 6: 'known' of claim must be from 2000-01-01 to 2100-12-31, not 9999-11-10")]
    [InlineData(
        "- { on: 1999-11-10, what: report_other_coverage, coverage: cnss }",
        "line 6: 'on' of report_other_coverage must be from 2000-01-01 to 2100-12-31, not 1999-11-10")]
    [InlineData(
        "- { on: 2023-11-10, what: claim, care: 9999-11-09 }",
        "line 6: 'care' of claim must be from 1900-01-01 to 2100-12-31, not 9999-11-09")]
    [InlineData(
        "- { on: 2023-11-10, what: claim, gives: refused, rule: Z9 }",
        "line 6: 'rule' of claim has an unknown rule 'Z9'; known: E1, E2")]
    [InlineData(
        "- { on: 2023-11-10, what: claim, student: 2 }",
        "line 6: 'student' of claim is 2, and the case has 1: 'student' of the case lists several, as [{}, {}]")]
    [InlineData("- { on: 2023-11-10, what: claim, student: 0 }", "line 6: 'student' of claim must be ")]
    [InlineData(
        "- { on: 2023-11-10, what: claim, lines: [{ provider: 900 }] }", "line 6: unknown key 'provider' in a line")]
    public void What_happens_and_makes_no_sense_is_an_error_that_names_the_line(string step, string message) =>
        Refuses(Minimal + $"      {step}\n", message);

    [Theory]
    [InlineData(
        "- { entitlement: 2023-11-10 }",
        "line 7: what is expected has one of the keys entitled, not_entitled, certificate, claim, recorded, institution, provider")]
    [InlineData("- { not_entitled: 2023-11-10 }", "'not_entitled' lacks 'because'")]
    [InlineData("- { not_entitled: 2023-11-10, because: illness }", "has an unknown name 'illness'")]
    [InlineData(
        "- { not_entitled: 2023-11-10, because: over_age }",
        "line 7: 'because' of 'not_entitled' has an unknown name 'over_age'; known: never_entitled, care_before_right")]
    [InlineData(
        "- { claim: 1, reason: over_age }",
        "line 7: 'reason' of 'claim' has an unknown name 'over_age'; known: late_filing, never_entitled")]
    [InlineData(
        "- { claim: 1, reason: act_not_covered, rule: Z9 }",
        "line 7: 'rule' of 'claim' has an unknown rule 'Z9'; known: E1, E2")]
    [InlineData(
        "- { entitled: 9999-11-10 }",
        "line 7: 'entitled' of 'entitled' must be from 2000-01-01 to 2100-12-31, not 9999-11-10")]
    [InlineData(
        "- { entitled: 2023-11-10, known: 1999-11-10 }",
        "line 7: 'known' of 'entitled' must be from 2000-01-01 to 2100-12-31, not 1999-11-10")]
    [InlineData(
        "- { recorded: provider_overpaid, times: 0 }",
        "line 7: 'recorded' of 'recorded' has an unknown name 'provider_overpaid'; known: clock_missed")]
    [InlineData(
        "- { recorded: payment_made, with: { on: soon }, times: 0 }",
        "line 7: 'on' of 'with' of 'recorded' must be a date that exists, as yyyy-MM-dd, not 'soon'")]
    [InlineData(
        "- { recorded: payment_made, with: { amount: much }, times: 0 }",
        "line 7: 'amount' of 'with' of 'recorded' must be an amount in dirhams")]
    [InlineData(
        "- { recorded: payment_made, with: { payment: first }, times: 0 }",
        "line 7: 'payment' of 'with' of 'recorded' must be a whole number, not 'first'")]
    [InlineData(
        "- { recorded: exemption_decided, with: { granted: maybe }, times: 0 }",
        "line 7: 'granted' of 'with' of 'recorded' must be true or false, not 'maybe'")]
    [InlineData(
        "- { recorded: payment_ordered, with: { method: cheque }, times: 0 }",
        "line 7: 'method' of 'with' of 'recorded' has an unknown name 'cheque'; known: none, bank_transfer")]
    [InlineData(
        "- { recorded: payment_ordered, with: { method: [bank_transfer, postal_order] }, times: 0 }",
        "line 7: 'method' of 'with' of 'recorded' is one name, not a list")]
    [InlineData(
        "- { provider: 900 }",
        "line 7: 'provider' says none of ordered, in_transit, paid, owes, kept_back, set_off")]
    [InlineData("- { institution: 11, owes: 3 }", "line 7: unknown key 'owes' in 'institution'; known: institution, ")]
    [InlineData("- { provider: 900, owes: 0, student: 1 }", "line 7: unknown key 'student' in 'provider'")]
    [InlineData("- { entitled: 2023-11-10, student: 2 }", "line 7: 'student' of 'entitled' is 2, and the case has 1")]
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
    [InlineData(
        "rules: X7\n    accounts: false\n    expect: [{ provider: 900, owes: 0 }]",
        "line 5: an account is expected, and 'accounts' of the case is false")]
    [InlineData("rules: X7\n    accounts: none", "line 4: 'accounts' of a case must be true or false, not 'none'")]
    [InlineData("rules: E2\n    student: [{}, { age: 20 }]", "line 4: unknown key 'age' in 'student' of a case")]
    [InlineData(
        "rules: X4\n    drawn: [{ student: 2, claim: 1 }]",
        "line 4: 'student' of 'drawn' of a case is 2, and the case has 1")]
    [InlineData(
        "rules: X4\n    student: [{}, {}]\n    drawn: [{ student: 2, claim: 1 }]",
        "line 5: 'drawn' of a case names claim 1 of student 2, which is not deposited; deposited: none")]
    [InlineData("rules: X4\n    drawn: [2]", "line 4: 'drawn' of a case names claim 2, which is not deposited; deposited: none")]
    [InlineData(
        "rules: B1\n    parameters: { X2.late_filing_days: [{ from: 2023-10-01, value: 60 }, { from: 2023-10-01, value: 30 }] }",
        "line 4: the values of X2.late_filing_days must be in the order of their days: 2023-10-01 follows 2023-10-01")]
    [InlineData(
        "rules: B1\n    parameters: { X2.late_filing_days: { from: 9999-10-01, value: 60 } }",
        "line 4: 'from' of X2.late_filing_days must be from 1900-01-01 to 2100-12-31, not 9999-10-01")]
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

        var cases = CaseFiles.Read("mine.yaml", yaml);
        var results = cases.Select(one => CaseRunner.Run(one)).ToList();

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
            CaseFiles.Read(
                "mine.yaml",
                Minimal + "      - { on: 2023-11-10, what: order_payment }\n    expect: [{ entitled: 2023-11-10 }]\n"));

        var result = CaseRunner.Run(one);

        Assert.Equal(
            new Difference(6, "order_payment of 2023-11-10", "no refusal", "refused: claim_unknown (K6)"),
            Assert.Single(result.Differences));
    }

    [Fact]
    public void The_errors_of_the_page_are_as_it_says()
    {
        var rows = CaseFiles.Page().Split("\n| in | written | the cause |\n|---|---|---|\n")[1].Split("\n\n")[0].Split('\n');
        Assert.True(rows.Length > 10);
        foreach (var row in rows)
        {
            var (where, written, cause) = row.Trim('|').Split('|') is [var first, var second, var third]
                ? (first.Trim(), second.Trim().Trim('`'), third.Trim())
                : throw new FormatException(row);
            Refuses(
                where switch
                {
                    "`given`" => Minimal + $"      - {written}\n",
                    "`expect`" => Minimal + $"    expect:\n      - {written}\n",
                    _ => Minimal + $"    expect: [{{ entitled: 2023-11-10 }}]\n    {written}\n",
                },
                cause);
        }
    }

    private static void Refuses(string yaml, string message) =>
        Assert.Contains(
            message, Assert.Single(CaseReader.Read("mine.yaml", yaml, Rulebook.Embedded).Errors),
            StringComparison.Ordinal);
}
