using Amoe.Host.Running;
using Command = System.CommandLine.Command;

namespace Amoe.Host.Verbs;

/// <summary>
/// <c>rules</c>: what the rules are, what would change, how a journal comes by new ones, and whether they do what is
/// expected.
/// </summary>
internal static class RulesVerb
{
    private const string Notes = """
        A rulebook is YAML: every parameter and act with its values, the days they hold and their source.
        An amendment is a short file that begins with 'amends: amoe' and has later periods only.

        Examples:
          amoe rules show B1.specialist
          amoe rules diff amoe my-amendment.yaml
          amoe rules adopt --journal year.amoe --rules my-amendment.yaml
          amoe rules test my-cases.yaml

        """;

    public static Command Create(Terminal terminal) =>
        new TaughtCommand("rules", "Show rules, compare rulebooks, adopt one in a journal, or try cases.", Notes)
        {
            RulesShow.Create(terminal),
            RulesDiff.Create(terminal),
            RulesAdopt.Create(terminal),
            RulesTest.Create(terminal),
        };
}
