namespace Amoe.Engine.Tests.Explaining;

/// <summary>The build's own check of the catalogues, on copies with a mistake in them.</summary>
public sealed class CatalogueBuildTests(CatalogueBuilds builds) : IClassFixture<CatalogueBuilds>
{
    [Fact]
    public void Passes_the_catalogues_as_they_are() => Assert.Equal(("", true), builds.Of(Catalogues.AsTheyAre));

    [Fact]
    public void Fails_on_each_kind_of_mistake_and_names_key_and_file()
    {
        var (errors, isPassed) = builds.Of(Catalogues.WithWrongKeys);

        Assert.False(isPassed);
        Assert.Contains(
            "ar.yaml : catalogues error AMOE1: the key 'reason.over_age' is missing", errors, StringComparison.Ordinal);
        Assert.Contains(
            "fr.yaml : catalogues error AMOE1: the key 'unit.day.many' is missing", errors, StringComparison.Ordinal);
        Assert.Contains(
            "catalogues error AMOE2: nothing asks for the key 'reason.invented'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Fails_where_a_text_has_other_names_in_braces_than_the_English_one()
    {
        var (errors, isPassed) = builds.Of(Catalogues.WithAnotherName);

        Assert.False(isPassed);
        Assert.Contains(
            "catalogues error AMOE3: 'claim.sum' has the names '' and in English 'formula'", errors,
            StringComparison.Ordinal);
    }
}
