using System.Reflection;
using Amoe.Engine.Cases;
using Amoe.Engine.Domain;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Rules;

/// <summary>Every rule of the scheme has parameters, code and cases, and docs/rules.md says which.</summary>
public sealed class RuleTableTests
{
    [Fact]
    public void No_row_of_the_table_is_empty()
    {
        foreach (var row in RuleTable.Rows())
        {
            Assert.True(row.Parameters.Length > 0, $"{row.Rule} has no parameter, and nothing is said to stand for it");
            Assert.True(row.Deciders.Length > 0, $"{row.Rule} has no decider, and nothing is said to stand for it");
            Assert.True(row.Cases.Length > 0, $"{row.Rule} has no case in tests/Rules");
        }
    }

    [Fact]
    public void The_table_in_the_documents_is_up_to_date() =>
        Approved.Document("docs/rules.md", RuleTable.Text(RuleTable.Rows()));

    [Fact]
    public void The_scheme_has_the_text_of_every_party_and_rule_once_and_of_no_other() =>
        Assert.Equal(
            SchemeText.Ids.Select(SchemeText.AnchorOf).Order(StringComparer.Ordinal),
            SchemeText.AnchorsIn(Approved.Read(SchemeText.Path)).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_text_of_the_scheme_is_linked_from_the_table() =>
        Assert.Empty(
            SchemeText.AnchorsIn(Approved.Read(SchemeText.Path))
                .Except(SchemeText.LinkedIn(Approved.Read("docs/rules.md"))));

    [Fact]
    public void No_document_links_a_text_that_the_scheme_does_not_have() =>
        Assert.Empty(
            Approved.Documents()
                .SelectMany(SchemeText.LinkedIn)
                .Except(SchemeText.AnchorsIn(Approved.Read(SchemeText.Path))));

    [Fact]
    public void No_parameter_and_no_reason_names_a_rule_that_the_scheme_does_not_have()
    {
        Assert.Empty(Rulebook.Embedded.Parameters.Select(period => period.Rule).Except(SchemeText.Ids));
        Assert.Empty(
            Enum.GetValues<Reason>().Select(ReasonRules.RuleOf).Where(rule => rule.Length > 0).Except(SchemeText.Ids));
    }

    [Fact]
    public void No_code_acts_on_a_rule_that_the_scheme_does_not_have()
    {
        var ids = typeof(RuleAttribute).Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMembers(
                    BindingFlags.Public
                        | BindingFlags.NonPublic
                        | BindingFlags.Static
                        | BindingFlags.Instance
                        | BindingFlags.DeclaredOnly).Append(type))
            .SelectMany(member => member.GetCustomAttributes<RuleAttribute>(inherit: false))
            .SelectMany(rule => rule.Ids);
        Assert.All(ids, id => Assert.Contains(id, SchemeRules.Ids));
    }
}
