using System.Reflection;
using Amoe.Engine.Cases;
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
    public void The_table_in_the_documents_is_up_to_date() => Approved.Document("docs/rules.md", RuleTable.Text(RuleTable.Rows()));

    [Fact]
    public void No_code_acts_on_a_rule_that_the_scheme_does_not_have()
    {
        var ids = typeof(RuleAttribute).Assembly.GetTypes()
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly).Append(type))
            .SelectMany(member => member.GetCustomAttributes<RuleAttribute>(inherit: false)).SelectMany(rule => rule.Ids);
        Assert.All(ids, id => Assert.Contains(id, SchemeRules.Ids));
    }
}
