using Amoe.Engine.Explaining;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>The plural forms of the Unicode CLDR, whole numbers.</summary>
public sealed class PluralTests
{
    [Theory]
    [InlineData(0, "zero")]
    [InlineData(1, "one")]
    [InlineData(2, "two")]
    [InlineData(3, "few")]
    [InlineData(10, "few")]
    [InlineData(11, "many")]
    [InlineData(26, "many")]
    [InlineData(99, "many")]
    [InlineData(100, "other")]
    [InlineData(102, "other")]
    [InlineData(103, "few")]
    [InlineData(110, "few")]
    [InlineData(111, "many")]
    [InlineData(1_000, "other")]
    [InlineData(1_001, "other")]
    [InlineData(1_011, "many")]
    public void Arabic_has_six(long number, string form) => Assert.Equal(form, Form(Language.Ar, number));

    [Theory]
    [InlineData(0, "one")]
    [InlineData(1, "one")]
    [InlineData(2, "other")]
    [InlineData(999_999, "other")]
    [InlineData(1_000_000, "many")]
    [InlineData(1_000_001, "other")]
    [InlineData(3_000_000, "many")]
    public void French_has_nought_in_the_singular_and_a_form_of_its_own_for_millions(long number, string form) =>
        Assert.Equal(form, Form(Language.Fr, number));

    [Theory]
    [InlineData(0, "other")]
    [InlineData(1, "one")]
    [InlineData(2, "other")]
    [InlineData(21, "other")]
    public void English_has_two(long number, string form) => Assert.Equal(form, Form(Language.En, number));

    [Fact]
    public void A_catalogue_has_a_language_s_forms_and_no_others()
    {
        foreach (var language in Languages.All)
        {
            var forms = Catalogue.Of(language).Keys
                .Where(key => key.StartsWith("unit.day.", StringComparison.Ordinal))
                .Select(key => key["unit.day.".Length..]);
            Assert.Equal(
                Plural.FormsOf(language).Select(Name).Order(StringComparer.Ordinal),
                forms.Order(StringComparer.Ordinal));
        }
    }

    private static string Form(Language language, long number) => Name(Plural.Of(language, number));

    private static string Name(PluralForm form) => form.ToString().ToLowerInvariant();
}
