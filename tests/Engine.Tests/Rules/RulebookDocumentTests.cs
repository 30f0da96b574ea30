using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Rules;

/// <summary>A rulebook is one or more documents, and an amendment a short one below them.</summary>
public sealed class RulebookDocumentTests
{
    private const string Raise = """
        amends: amoe
        parameters:
          - id: C2.contribution_centimes
            values:
              - from: 2027-09-01
                value: 50000
                source: a decree to come
        """;

    [Fact]
    public void The_rulebook_that_comes_with_the_program_is_the_documents_of_one_text() =>
        Assert.Equal(Describe(Rulebook.Embedded), Describe(Rulebook.Load(Rulebook.EmbeddedText, "mine.yaml")));

    [Fact]
    public void An_amendment_adds_later_periods_and_says_nothing_else()
    {
        var amended = Rulebook.Load(Raise, "mine.yaml");
        Assert.Equal(40_000, amended.On(new DateOnly(2027, 8, 31)).ContributionCentimes);
        Assert.Equal(50_000, amended.On(new DateOnly(2027, 9, 1)).ContributionCentimes);
        var difference = Assert.Single(RulebookDiff.Between(Rulebook.Embedded, amended));
        Assert.Equal(
            new RulebookDifference(
                ParameterIds.ContributionCentimes, "The flat contribution for one academic year",
                new DateOnly(2027, 9, 1), null, "40000", "50000"), difference);
    }

    [Fact]
    public void An_amendments_text_is_the_full_text_and_needs_no_other_from_then_on()
    {
        var amended = Rulebook.Load(Raise, "mine.yaml");
        Assert.StartsWith(Rulebook.EmbeddedText, amended.Text, StringComparison.Ordinal);
        Assert.EndsWith(Raise, amended.Text, StringComparison.Ordinal);
        var again = Rulebook.Load(amended.Text, "the journal's rulebook");
        Assert.Equal((amended.Text, Describe(amended)), (again.Text, Describe(again)));
    }

    [Fact]
    public void Two_amendments_can_follow_one_another()
    {
        var twice = Rulebook.Load(
            Raise + "\n---\n"
                + Raise.Replace("2027", "2028", StringComparison.Ordinal)
                    .Replace("50000", "60000", StringComparison.Ordinal), "mine.yaml");
        Assert.Equal(
            (50_000, 60_000),
            (twice.On(new DateOnly(2028, 8, 31)).ContributionCentimes,
                twice.On(new DateOnly(2028, 9, 1)).ContributionCentimes));
    }

    [Fact]
    public void An_amendment_may_begin_with_comments_and_with_the_sign_of_a_document() =>
        Assert.Equal(
            50_000,
            Rulebook.Load("# Mine.\n\n---\n# Of 2027.\n" + Raise, "mine.yaml")
                .On(new DateOnly(2027, 9, 1)).ContributionCentimes);

    [Theory]
    [InlineData(
        "from: 2027-09-01", "from: 2016-01-01",
        "mine.yaml, line 5: C2.contribution_centimes: the value from 2016-01-01 overlaps the one from 2016-01-01")]
    [InlineData(
        "value: 50000", "value: 5000000",
        "mine.yaml, line 6: C2.contribution_centimes must be from 0 to 1000000, not 5000000")]
    [InlineData(
        "    values:", "    unit: dirhams\n    values:",
        "mine.yaml, line 4: the unit of C2.contribution_centimes is 'centimes a year', not 'dirhams'")]
    [InlineData(
        "    values:", "    text: Another\n    values:",
        "mine.yaml, line 4: the text of C2.contribution_centimes is 'The flat contribution for one academic year', not 'Another'")]
    [InlineData(
        "id: C2.contribution_centimes", "id: C2.contribution",
        "mine.yaml, line 3: unknown parameter 'C2.contribution'")]
    [InlineData(
        "amends: amoe", "amends: unknown",
        "mine.yaml, line 1: only the rulebook 'amoe' is amended, by a text that begins with 'amends: amoe'")]
    [InlineData("amends: amoe", "", "mine.yaml, line 3: a parameter lacks 'text'")]
    [InlineData(
        "source: a decree to come", "until: 2029-12-31\n        source: a decree to come",
        "mine.yaml, line 5: C2.contribution_centimes has no value after 2029-12-31: the last one must be open")]
    public void A_slip_in_an_amendment_is_named_by_its_own_line(string original, string slip, string error)
    {
        Assert.Contains(original, Raise, StringComparison.Ordinal);
        Assert.StartsWith(
            error,
            Assert.Throws<RulebookException>(() =>
                Rulebook.Load(Raise.Replace(original, slip, StringComparison.Ordinal), "mine.yaml")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_amends_says_so_before_anything_else()
    {
        var late = Raise.Replace("amends: amoe\n", "", StringComparison.Ordinal) + "\namends: amoe\n";
        Assert.Contains(
            "only the rulebook 'amoe' is amended",
            Assert.Throws<RulebookException>(() => Rulebook.Load(late, "mine.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_act_keeps_its_id_in_a_later_document()
    {
        var moved = "amends: amoe\nacts:\n  - id: B9.specialist\n    values: []\n";
        Assert.Equal(
            "mine.yaml, line 3: act 'specialist' is there twice: it is B1.specialist already",
            Assert.Throws<RulebookException>(() => Rulebook.Load(moved, "mine.yaml")).Message);
    }

    [Fact]
    public void What_a_text_says_in_another_order_or_in_other_periods_is_no_difference()
    {
        var split = Rulebook.EmbeddedText.Replace(
            "        value: 40000\n",
            "        value: 40000\n        source: first\n      - from: 2020-01-01\n        value: 40000\n",
            StringComparison.Ordinal);
        Assert.Empty(RulebookDiff.Between(Rulebook.Embedded, Rulebook.Load(split, "mine.yaml")));
    }

    [Fact]
    public void A_difference_ends_where_the_values_meet_again()
    {
        var meanwhile = Rulebook.Load(
            Raise
                + "\n              - from: 2028-01-01\n                value: 40000\n                source: taken back\n".Replace(
                    "              ", "      ", StringComparison.Ordinal), "mine.yaml");
        var difference = Assert.Single(RulebookDiff.Between(meanwhile, Rulebook.Embedded));
        Assert.Equal(
            (new DateOnly(2027, 9, 1), new DateOnly(2027, 12, 31), "50000", "40000"),
            (difference.From, difference.Until!.Value, difference.First, difference.Second));
    }

    private static string Describe(Rulebook rulebook) => string.Join('\n', rulebook.Parameters);
}
