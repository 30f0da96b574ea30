using System.Text.RegularExpressions;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using Amoe.Host.Reports;

namespace Amoe.Host.Tests.Reports.Html;

public sealed partial class ReportWordsTests
{
    [Fact]
    public void Each_language_has_the_same_words_with_the_same_values()
    {
        Assert.True(ReportWords.KeysOf(Language.En).Count > 80);
        foreach (var language in Languages.All)
        {
            Assert.Equal(ReportWords.KeysOf(Language.En), ReportWords.KeysOf(language));
            Assert.All(ReportWords.KeysOf(language), key =>
                Assert.Equal(Values(ReportWords.Of(Language.En, key)), Values(ReportWords.Of(language, key))));
        }
    }

    [Fact]
    public void Each_kind_that_a_table_of_months_can_have_has_its_word()
    {
        string[] keys =
        [
            .. SnakeCase<Act>.Names.Select(name => $"act.{name}"),
            .. SnakeCase<Category>.Names.Select(name => $"category.{name}"),
            .. SnakeCase<CoverageKind>.Names.Append("none").Select(name => $"coverage.{name}"),
            .. SnakeCase<SuspensionCause>.Names.Select(name => $"suspension.{name}"),
            .. SnakeCase<Reason>.Names.Select(name => $"reason.{name}"),
            .. SnakeCase<Clock>.Names.Select(name => $"clock.{name}"),
            "way.reimbursement", "way.third_party",
            "days.up_to_15", "days.16_to_30", "days.31_to_60", "days.61_to_90", "days.more_than_90",
        ];
        Assert.All(
            Languages.All, language => Assert.All(keys, key => Assert.NotEmpty(ReportWords.Of(language, key))));
    }

    [Fact]
    public void A_sentence_is_cut_at_its_values() => Assert.Equal(
        [("so far ", false), ("balance", true), (".", false)], ReportWords.Pieces("so far {balance}."));

    private static string[] Values(string text) =>
        [.. Value().Matches(text).Select(value => value.Value).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Value();
}
