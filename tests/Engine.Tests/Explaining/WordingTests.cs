using Amoe.Engine.Explaining;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>
/// Values as each language writes them. In the expected Arabic texts ⟨ and ⟩ are the invisible isolates, and « is one
/// from left to right.
/// </summary>
public sealed class WordingTests
{
    private static readonly DateOnly FirstOfAugust = new(2024, 8, 1);
    private static readonly DateOnly LeapDay = new(2024, 2, 29);

    [Fact]
    public void Money_has_centimes_and_the_marks_of_the_language()
    {
        var money = new Money(123_450);
        Assert.Equal("1,234.50 MAD", Written(Language.En, money));
        Assert.Equal("1\u00a0234,50\u00a0DH", Written(Language.Fr, money));
        Assert.Equal("1.234,50 درهم", Written(Language.Ar, money));
        Assert.Equal("0,07\u00a0DH", Written(Language.Fr, new Money(7)));
    }

    [Fact]
    public void Dates_are_in_the_form_of_the_language_with_the_months_of_Morocco()
    {
        Assert.Equal("29 February 2024", Written(Language.En, new On(LeapDay)));
        Assert.Equal("29 février 2024", Written(Language.Fr, new On(LeapDay)));
        Assert.Equal("29 فبراير 2024", Written(Language.Ar, new On(LeapDay)));
        Assert.Equal("1 August 2024", Written(Language.En, new On(FirstOfAugust)));
        Assert.Equal("1er août 2024", Written(Language.Fr, new On(FirstOfAugust)));
        Assert.Equal("فاتح غشت 2024", Written(Language.Ar, new On(FirstOfAugust)));
        Assert.Equal("31 يوليوز", Written(Language.Ar, new DayOfYear(7, 31)));
    }

    [Theory]
    [InlineData(0, "صفر يوم", "0 jour", "0 days")]
    [InlineData(1, "يوم واحد", "1 jour", "1 day")]
    [InlineData(2, "يومان", "2 jours", "2 days")]
    [InlineData(7, "7 أيام", "7 jours", "7 days")]
    [InlineData(30, "30 يوما", "30 jours", "30 days")]
    [InlineData(100, "100 يوم", "100 jours", "100 days")]
    [InlineData(1_203, "1.203 أيام", "1\u00a0203 jours", "1,203 days")]
    public void Counts_take_the_plural_of_the_language(long number, string arabic, string french, string english)
    {
        var days = new Count(number, Unit.Day);
        Assert.Equal(
            (arabic, french, english),
            (Written(Language.Ar, days), Written(Language.Fr, days), Written(Language.En, days)));
    }

    [Fact]
    public void A_share_is_a_percentage_with_the_decimals_it_has()
    {
        Assert.Equal("80%", Written(Language.En, new Percent(8_000)));
        Assert.Equal("12,5\u00a0%", Written(Language.Fr, new Percent(1_250)));
    }

    [Fact]
    public void A_calculation_of_numbers_runs_from_left_to_right_in_Arabic_too()
    {
        var formula = new Formula(
            Sign.Least, new Amount(125.56m), Sign.And, new Amount(80.30m), Sign.End, Sign.Times, new Percent(7_000),
            Sign.Is, new Amount(56.21m));
        Assert.Equal("min(125.56; 80.30) × 70% = 56.21", Written(Language.En, formula));
        Assert.Equal("min(125,56; 80,30) × 70\u00a0% = 56,21", Written(Language.Fr, formula));
        Assert.Equal("«min(125,56; 80,30) × 70% = 56,21⟩", Isolated(formula));
    }

    [Fact]
    public void A_calculation_of_dates_follows_its_language()
    {
        var formula = new Formula(
            new On(LeapDay), Sign.Plus, new Count(6, Unit.Month), Sign.Is, new On(LeapDay.AddMonths(6)));
        Assert.Equal("29 February 2024 + 6 months = 29 August 2024", Written(Language.En, formula));
        Assert.Equal("⟨⟨29 فبراير 2024⟩ + ⟨6 أشهر⟩ = ⟨29 غشت 2024⟩⟩", Isolated(formula));
    }

    [Fact]
    public void Latin_runs_of_an_Arabic_text_are_between_isolates_and_a_value_in_its_own()
    {
        var message = new Message(Keys.ItemMissing, ("item", new Name("item.dentist_ice")));
        Assert.Equal("ناقص: الرمز الموحد للمقاولة «ICE⟩ لطبيب الأسنان", Seen(new Wording(Language.Ar).Of(message)));
        Assert.Equal("«S3⟩", Isolated(new Code("S3")));
        Assert.Equal("S3", new Wording(Language.Fr).Isolated(new Code("S3")));
    }

    [Fact]
    public void Amounts_before_rounding_show_the_decimals_they_have()
    {
        Assert.Equal("23.331", Written(Language.En, new Amount(23.331m)));
        Assert.Equal("23.00", Written(Language.En, new Amount(23m)));
    }

    [Fact]
    public void A_value_that_a_text_wants_and_is_not_given_is_a_fault() =>
        Assert.Throws<InvalidOperationException>(() => new Wording(Language.En).Of(new Message(Keys.ItemMissing)));

    [Fact]
    public void Every_act_has_its_word_in_every_language()
    {
        foreach (var language in Languages.All)
            Assert.All(
                Enum.GetValues<Act>().Where(act => act != Act.None),
                act => Assert.NotEmpty(Written(language, Name.Of("act", act))));
    }

    [Theory]
    [InlineData("004 Q25", "guide of the fund, question 25", "guide du fonds, question 25", "دليل الصندوق، السؤال 25")]
    [InlineData("001, 004 Q10, Q30: flat 50 MAD", "leaflet on the fund's services, guide of the fund, questions 10, 30: flat 50 MAD",
        "dépliant des prestations du fonds ; guide du fonds, questions 10, 30",
        "مطوية خدمات الصندوق؛ دليل الصندوق، الأسئلة 10, 30")]
    [InlineData("000, 004 Q25; assumed: calendar months", "slides of the university, guide of the fund, question 25; assumed: calendar months",
        "diaporama de l'université ; guide du fonds, question 25 ; hypothèse",
        "عرض الجامعة؛ دليل الصندوق، السؤال 25؛ افتراض")]
    [InlineData(
        "law 116-12 (000)", "law 116-12 (slides of the university)", "loi 116-12 ; diaporama de l'université",
        "القانون 116-12؛ عرض الجامعة")]
    [InlineData(
        "assumed: 004 Q21 gives no delay", "assumed: guide of the fund, question 21 gives no delay", "hypothèse",
        "افتراض")]
    [InlineData(
        "circulaire n° 12 du fonds", "circulaire n° 12 du fonds", "circulaire n° 12 du fonds",
        "circulaire n° 12 du fonds")]
    public void A_source_names_the_leaflets_in_the_language_of_the_reader(
        string source, string en, string fr, string ar) =>
        Assert.Equal(
            (en, fr, ar),
            (Written(Language.En, new Source(source)), Written(Language.Fr, new Source(source)),
                Seen(Written(Language.Ar, new Source(source)))));

    [Fact]
    public void A_source_of_the_rulebook_that_cites_a_leaflet_or_assumes_is_not_left_in_English()
    {
        string[] sources = [.. Rulebook.Embedded.Parameters.Select(period => period.Source)
            .Where(source =>
                source.StartsWith("00", StringComparison.Ordinal)
                    || source.Contains("assumed", StringComparison.Ordinal))];

        Assert.NotEmpty(sources);
        Assert.All(
            sources,
            source =>
                Assert.DoesNotMatch(
                    @"\b(the|assumed|leaflets?|law|of)\b|00[0-4]", Written(Language.Fr, new Source(source))));
        Assert.All(sources, source => Assert.DoesNotMatch("[A-Za-z]", Written(Language.Ar, new Source(source))));
    }

    private static string Written(Language language, Argument argument) => new Wording(language).Of(argument);

    private static string Isolated(Argument argument) => Seen(new Wording(Language.Ar).Isolated(argument));

    private static string Seen(string text) =>
        text.Replace('\u2066', '«').Replace('\u2068', '⟨').Replace('\u2069', '⟩');
}
