using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Rules;

/// <summary>
/// A rulebook with a slip is refused when it is loaded, in one line that names the file, the line and the cause.
/// </summary>
public sealed class RulebookErrorTests
{
    private const string Age = "  - id: E2.age_max_years\n";
    private const string AgeValue = "        value: 30\n        source: \"000, 003";

    [Theory]
    [InlineData(
        "unit: completed years", "unit: completed years\n    colour: red", "unknown key 'colour' in a parameter")]
    [InlineData("unit: completed years", "unit: days", "the unit of E2.age_max_years is 'completed years', not 'days'")]
    [InlineData("id: E2.age_max_years", "id: E2.age_limit", "unknown parameter 'E2.age_limit'")]
    [InlineData("[illness, pregnancy,", "[illness, illness,", "S3.excused_reasons names 'illness' twice")]
    [InlineData("[illness, pregnancy,", "[illness, boredom,", "unknown name 'boredom'")]
    [InlineData("[illness, pregnancy,", "[none, pregnancy,", "unknown name 'none'")]
    [InlineData("value: pauses", "value: stops", "S4.excused_spell must be 'pauses' or 'resets', not 'stops'")]
    [InlineData("value: 40000", "value: -1", "C2.contribution_centimes must be from 0 to 1000000, not -1")]
    [InlineData("value: 40000", "value: 40000000", "C2.contribution_centimes must be from 0 to 1000000, not 40000000")]
    [InlineData("value: 40000", "value: 400.00", "C2.contribution_centimes must be a whole number, not '400.00'")]
    [InlineData("value: 40000", "value: \"400\\n00\"", "must be a whole number, not '400 00'")]
    [InlineData("value: 40000", "value: [40000]", "C2.contribution_centimes must be a text that is not empty")]
    [InlineData("value: 40000", "amount: 40000", "unknown key 'amount' in a value of C2.contribution_centimes")]
    [InlineData(
        "{ default: 09-01 }", "{ default: 02-29 }",
        "T1.academic_year_start must be a day that every year has, as MM-dd, not '02-29'")]
    [InlineData("{ default: 09-01 }", "{ default: 07-31 }", "an academic year ends on the day it starts")]
    [InlineData("{ default: 09-01 }", "{ ofppt: 09-01 }", "T1.academic_year_start lacks 'default'")]
    [InlineData("base: letter_value", "base: letter", "'base' of B3.biology has an unknown name 'letter'")]
    [InlineData("base_centimes: 110,", "", "a sector of B3.biology lacks 'base_centimes'")]
    [InlineData(
        "base_centimes: 110", "base_centimes: -110",
        "'base_centimes' of B3.biology must be from 1 to 100000000, not -110")]
    [InlineData(
        "base_centimes: 110", "base_centimes: 100000001",
        "'base_centimes' of B3.biology must be from 1 to 100000000, not 100000001")]
    [InlineData(
        "base: stated, rate_basis_points: 7000", "base: stated, rate_basis_points: 10001",
        "'rate_basis_points' of B2.ordinary_medicine must be from 1 to 10000, not 10001")]
    [InlineData(
        "base: stated, rate_basis_points: 7000", "base: stated, base_centimes: 5, rate_basis_points: 7000",
        "B2.ordinary_medicine has 'base_centimes', which base 'stated' does not use")]
    [InlineData(
        "{ base: stated, rate_basis_points: 7000 }", "covered",
        "a sector of B2.ordinary_medicine is either 'not_covered' or has terms, not 'covered'")]
    [InlineData(
        "third_party: always", "third_party: sometimes",
        "'third_party' of B2.listed_costly_medicine has an unknown name 'sometimes'")]
    [InlineData(
        "        prior_approval: true", "        prior_approval: perhaps",
        "'prior_approval' of B5.physiotherapy must be true or false, not 'perhaps'")]
    [InlineData(
        "conditions: [ophthalmologist_consultation]", "conditions: [optician]",
        "'conditions' of B7.glasses has an unknown name 'optician'")]
    [InlineData(
        "public: { base: all_expenses, rate_basis_points: 10000 }", "morocco: not_covered",
        "B8.hospital_stay says 'morocco', which means private and public, and one of them too")]
    [InlineData("id: B3.biology", "id: B3.astrology", "unknown act 'B3.astrology'")]
    [InlineData("id: B3.biology", "id: biology", "unknown act 'biology'")]
    [InlineData("id: B3.biology", "id: B2.chronic_medicine", "act 'chronic_medicine' is there twice")]
    [InlineData(
        "01-11: Manifesto", "02-29: Manifesto",
        "a day of X3.fixed_holidays must be a day that every year has, as MM-dd, not '02-29'")]
    [InlineData(
        "01-11: Manifesto", "11 January: Manifesto",
        "a day of X3.fixed_holidays must be a day that every year has, as MM-dd, not '11 January'")]
    [InlineData("01-11: Manifesto", "01-01: Manifesto", "not YAML: ")]
    [InlineData(
        "01-11: Manifesto of Independence", "01-11:", "'01-11' of X3.fixed_holidays must be a text that is not empty")]
    [InlineData(
        "2017-06-26: Eid", "2017-06-31: Eid",
        "a date of X3.announced_holidays must be a date that exists, as yyyy-MM-dd, not '2017-06-31'")]
    [InlineData(
        "2017-06-26: Eid", "2016-06-26: Eid",
        "X3.announced_holidays names 2016-06-26, before the first day of the value, 2017-01-01")]
    public void What_is_unknown_or_absurd_is_refused(string original, string slip, string cause) =>
        Refuses(original, slip, cause);

    [Theory]
    [InlineData("2023-02-30", "must be a date that exists, as yyyy-MM-dd, not '2023-02-30'")]
    [InlineData("1 January 2016", "must be a date that exists, as yyyy-MM-dd, not '1 January 2016'")]
    public void A_date_that_does_not_exist_is_refused(string date, string cause) =>
        Refuses("      - from: 2016-01-01\n" + AgeValue, $"      - from: {date}\n" + AgeValue, cause);

    [Theory]
    [InlineData("        until: 2015-12-31\n", "E2.age_max_years ends on 2015-12-31, before it begins on 2016-01-01")]
    [InlineData(
        "        until: 2020-12-31\n", "E2.age_max_years has no value after 2020-12-31: the last one must be open")]
    public void A_period_that_ends_too_early_is_refused(string until, string cause) =>
        Refuses(AgeValue, until + AgeValue, cause);

    [Theory]
    [InlineData(
        "        until: 2022-01-01\n", "2022-01-01", "the value from 2022-01-01 overlaps the one until 2022-01-01")]
    [InlineData(
        "        until: 2021-12-30\n", "2022-01-01", "has a gap: no value after 2021-12-30 and before 2022-01-01")]
    [InlineData("", "2016-01-01", "the value from 2016-01-01 overlaps the one from 2016-01-01")]
    [InlineData("", "2015-01-01", "the value from 2015-01-01 overlaps the one from 2016-01-01")]
    public void Periods_that_overlap_or_leave_a_gap_are_refused(string until, string nextFrom, string cause) =>
        Refuses(
            AgeValue, $"{until}        value: 30\n        source: first\n      - from: {nextFrom}\n" + AgeValue, cause);

    [Fact]
    public void A_parameter_that_begins_later_than_the_others_leaves_a_gap() => Refuses(
        "      - from: 2016-01-01\n" + AgeValue,
        "      - from: 2016-09-01\n" + AgeValue,
        "E2.age_max_years has a gap: no value from 2016-01-01, where the rulebook begins, and before 2016-09-01");

    [Fact]
    public void A_parameter_that_occurs_twice_is_refused()
    {
        var entry = Entry(Age);
        Refuses(entry, entry + entry, "parameter 'E2.age_max_years' is there twice");
    }

    [Fact]
    public void A_missing_parameter_is_refused() => Refuses(Entry(Age), "", "parameter 'E2.age_max_years' is missing");

    // Journals keep rulebooks that are older than it: an excused spell reset the clock then.
    [Fact]
    public void A_rulebook_older_than_a_parameter_decides_as_it_did()
    {
        var older = Rulebook.Load(
            Rulebook.EmbeddedText.Replace(Entry("  - id: S4.excused_spell\n"), "", StringComparison.Ordinal),
            "older.yaml");
        Assert.False(older.On(new DateOnly(2024, 1, 1)).ExcusedSpellPauses);
        Assert.True(Rulebook.Embedded.On(new DateOnly(2016, 1, 1)).ExcusedSpellPauses);
    }

    [Fact]
    public void A_missing_act_is_refused() => Refuses(Entry("  - id: B6.veneer\n"), "", "act 'veneer' is missing");

    [Fact]
    public void A_missing_sector_is_refused() =>
        Refuses("        abroad: not_covered\n", "", "a value of B1.general_practitioner lacks 'abroad'");

    [Fact]
    public void A_missing_source_is_refused() =>
        Refuses("        source: \"004 Q27\"\n", "", "a value of D8.grace_months lacks 'source'");

    [Theory]
    [InlineData("", "line 1: empty")]
    [InlineData("parameters: [", "not YAML")]
    [InlineData("parameters: []\nacts: []\n", "line 1: parameters must be a list that is not empty")]
    [InlineData("- parameters\n", "line 1: the rulebook must be a mapping")]
    [InlineData("acts: []\nacts: []\n", "not YAML")]
    [InlineData("a: &x 1\nb: *x\n", "line 2: aliases are not allowed")]
    [InlineData("a: 1\n---\nb: 1\n", "line 1: unknown key 'a' in the rulebook")]
    public void A_text_that_is_no_rulebook_is_refused(string text, string cause) =>
        Contains(cause, Assert.Throws<RulebookException>(() => Rulebook.Load(text, "mine.yaml")));

    [Fact]
    public void A_text_nested_without_end_is_refused_before_it_exhausts_the_stack() =>
        Contains(
            "nested more than 16 deep",
            Assert.Throws<RulebookException>(() =>
                Rulebook.Load("parameters: " + new string('[', 200_000), "mine.yaml")));

    [Fact]
    public void The_line_named_is_the_line_of_the_slip()
    {
        var text = Replace("value: 40000", "value: many");
        var line = text[..text.IndexOf("value: many", StringComparison.Ordinal)].Count(character => character == '\n')
            + 1;
        var error = Assert.Throws<RulebookException>(() => Rulebook.Load(text, "mine.yaml"));
        Assert.Equal(
            $"mine.yaml, line {line}: C2.contribution_centimes must be a whole number, not 'many'", error.Message);
    }

    [Theory]
    [InlineData("[2027-03-10]")]
    [InlineData("{}")]
    [InlineData("no")]
    public void A_list_of_holidays_that_is_none_is_refused(string value)
    {
        var text =
            $"amends: amoe\nparameters:\n  - id: X3.announced_holidays\n    values:\n      - from: 2027-01-01\n        value: {value}\n        source: mine\n";
        var error = Assert.Throws<RulebookException>(() => Rulebook.Load(text, "mine.yaml"));
        Assert.Equal("mine.yaml, line 6: X3.announced_holidays must be a mapping that is not empty", error.Message);
    }

    private static void Refuses(string original, string slip, string cause) =>
        Contains(cause, Assert.Throws<RulebookException>(() => Rulebook.Load(Replace(original, slip), "mine.yaml")));

    private static void Contains(string cause, RulebookException error)
    {
        Assert.Matches(@"^mine\.yaml, line [0-9]+: [^\n]+$", error.Message);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The embedded rulebook with the first occurrence of a text replaced.</summary>
    private static string Replace(string original, string slip)
    {
        var at = Rulebook.EmbeddedText.IndexOf(original, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the embedded rulebook no longer has «{original}»");
        return string.Concat(
            Rulebook.EmbeddedText.AsSpan(0, at), slip, Rulebook.EmbeddedText.AsSpan(at + original.Length));
    }

    private static string Entry(string firstLine)
    {
        var text = Rulebook.EmbeddedText;
        var at = text.IndexOf(firstLine, StringComparison.Ordinal);
        return text[at..text.IndexOf("  - id:", at + firstLine.Length, StringComparison.Ordinal)];
    }
}
