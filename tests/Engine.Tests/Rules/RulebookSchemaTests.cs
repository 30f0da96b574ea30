using System.Text.Json;
using Amoe.Engine.Rules;
using Json.Schema;

namespace Amoe.Engine.Tests.Rules;

/// <summary>The schema by which an editor checks rulebooks agrees with their reader.</summary>
public sealed class RulebookSchemaTests
{
    private static readonly Lazy<JsonSchema> _schema = new(() => JsonSchema.FromText(RulebookSchema.Make()));

    [Fact]
    public void The_schema_for_editors_knows_what_the_reader_knows() =>
        Approved.Document("docs/rulebook.schema.json", RulebookSchema.Make());

    [Fact]
    public void Every_rulebook_that_comes_with_the_program_is_valid() =>
        Assert.All(
            ShippedRulebooks.AmendedFiles.Append(new RulebookFile("hypothetical", Amendment)),
            file => Assert.True(IsValid(file.Text), file.Name));

    [Theory]
    [InlineData("rate_basis_points: 9000", "rate: 9000")]
    [InlineData("id: B1.specialist", "id: B1.specialists")]
    [InlineData("base: tariff", "base: tarif")]
    [InlineData("abroad: not_covered", "abroad: nothing")]
    [InlineData("source: a test", "sources: a test")]
    [InlineData("amends: amoe", "amends: another")]
    [InlineData("id: X2.late_filing_days", "id: X2.late_days")]
    public void What_the_reader_refuses_is_not_valid(string right, string wrong)
    {
        var text = Amendment.Replace(right, wrong, StringComparison.Ordinal);

        Assert.Throws<RulebookException>(() => Rulebook.Load(text, "mine.yaml"));
        Assert.False(IsValid(text));
    }

    private const string Amendment = """
        amends: amoe
        parameters:
          - id: X2.late_filing_days
            values:
              - { from: 2027-01-01, value: 60, source: a test }
        acts:
          - id: B1.specialist
            values:
              - from: 2027-01-01
                morocco: { base: tariff, base_centimes: 18000, rate_basis_points: 9000 }
                abroad: not_covered
                source: a test

        """;

    private static bool IsValid(string text) => YamlAsJson.Roots(text).All(root =>
        _schema.Value.Evaluate(JsonSerializer.SerializeToElement(YamlAsJson.Of(root))).IsValid);
}
