using System.Text.Json;
using System.Text.Json.Nodes;
using Amoe.Engine.Cases;
using Amoe.Engine.Rules;
using Json.Schema;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Tests.Cases;

/// <summary>The schema by which an editor checks case files agrees with their reader.</summary>
public sealed class CaseSchemaTests
{
    private const string Head = "cases:\n  - case: x\n    rules: [B1]\n";

    private static readonly Lazy<JsonSchema> _schema = new(() => JsonSchema.FromText(CaseSchema.Make(out _)));

    public static TheoryData<string> Files() => [.. CaseFiles.Texts().Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_case_that_comes_with_the_program_is_valid(string name)
    {
        var (_, text) = CaseFiles.Texts().Single(file => file.Name == name);

        // One at a time, so that a failure names its case.
        foreach (var one in ((YamlSequenceNode)YamlAsJson.Roots(text)[0]["cases"]).Children)
            Assert.True(
                IsValid(new JsonObject { ["cases"] = new JsonArray(YamlAsJson.Of(one)) }), $"{name}, line {one.Start.Line}");
    }

    /// <summary>What the reader refuses for its shape or its names the schema marks while one writes.</summary>
    [Theory]
    [InlineData("given: [{ on: 2023-09-20, what: visit }]")]
    [InlineData("given: [{ what: registered }]")]
    [InlineData("given: [{ on: 2023-09-20, what: claim, acts: veneer }]")]
    [InlineData("given: [{ on: 2023-09-20, what: claim, act: dentist, paid: 80 }]")]
    [InlineData("given: [{ on: 2023-09-20, what: claim, act: veneer }]")]
    [InlineData("given: [{ on: 2023-09-20, what: claim, lines: [{ act: veneer }] }]")]
    [InlineData("given: [{ on: 2023-09-20, what: claim, gives: refuzed }]")]
    [InlineData("given: [{ on: 2023-09-20, what: claim, gives: refused, rule: Z9 }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ not_entitled: 2023-11-10 }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ not_entitled: 2023-11-10, because: over_age }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ claim: 1, status: gone }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ recorded: provider_booked }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ recorded: payment_made, with: { sum: 3 } }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ recorded: payment_ordered, with: { method: cheque } }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered, student: second }]\n    expect: [{ entitled: 2023-09-20 }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ provider: 900 }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ institution: 11, owes: 3 }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ provider: 900, owes: 3, student: 1 }]")]
    [InlineData("student: [{ age: 20 }]\n    given: [{ on: 2023-09-20, what: registered, gives: done }]")]
    [InlineData("drawn: [{ student: 1 }]\n    given: [{ on: 2023-09-20, what: claim, gives: refused }]")]
    [InlineData("accounts: none\n    given: [{ on: 2023-09-20, what: registered, gives: done }]")]
    [InlineData("when: now")]
    public void What_the_reader_refuses_is_not_valid(string rest)
    {
        var yaml = $"{Head}    {rest}\n";

        Assert.NotEmpty(CaseReader.Read("mine.yaml", yaml, Rulebook.Embedded).Errors);
        Assert.False(IsValid(YamlAsJson.Of(YamlAsJson.Roots(yaml)[0])));
    }

    [Theory]
    [InlineData("given: $all\n    expect: [$first]\n    rows: [{ row: one, all: [{ on: 2023-09-20, what: registered }], first: { entitled: 2023-09-20 } }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ recorded: $event, with: $with }]\n    rows: [{ row: one, event: application_accepted, with: { year: 2023 } }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered, gives: done }]\n    parameters: { X2.late_filing_days: [{ from: 2023-09-01, value: 60 }, { from: 2023-10-01, value: 30 }] }")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ claim: 1, missing: [] }, { entitled: 2023-09-20, explained: [D4, 2024-07-31] }]")]
    [InlineData("student: [{}, { born: 2001-01-01 }]\n    given: [{ on: 2023-09-20, what: registered, student: 2 }]\n    expect: [{ entitled: 2023-09-20, student: 2 }, { recorded: application_accepted, student: 2 }]")]
    [InlineData("student: [{}, {}]\n    drawn: [{ student: 2, claim: 1 }]\n    given: [{ on: 2023-09-20, what: claim, student: 2, gives: refused }, { on: 2023-09-20, what: claim, student: 2, claim: 1, gives: refused }]")]
    [InlineData("given: [{ on: 2023-09-20, what: registered }]\n    expect: [{ provider: 900, owes: 0, known: 2023-10-01 }, { institution: 11, in_transit: 0 }]")]
    [InlineData("accounts: false\n    given: [{ on: 2023-09-20, what: registered, gives: done }]")]
    public void What_the_reader_takes_is_valid(string rest)
    {
        var yaml = $"{Head}    {rest}\n";

        Assert.Empty(CaseReader.Read("mine.yaml", yaml, Rulebook.Embedded).Errors);
        Assert.True(IsValid(YamlAsJson.Of(YamlAsJson.Roots(yaml)[0])));
    }

    private static bool IsValid(JsonNode? instance) =>
        _schema.Value.Evaluate(JsonSerializer.SerializeToElement(instance)).IsValid;
}
