using Amoe.Host.Running;
using Command = System.CommandLine.Command;

namespace Amoe.Host.Verbs;

/// <summary><c>rules</c>: what the rules are, what would change, and how a journal comes by new ones.</summary>
internal static class RulesVerb
{
    private const string Notes = """
        A rulebook is YAML: every parameter and act with its values, the days they hold and their source.
        An amendment is a short file that begins with 'amends: amoe' and has later periods only.

        Examples:
          amoe rules show B1.specialist
          amoe rules diff amoe my-amendment.yaml
          amoe rules adopt --journal year.amoe --rules my-amendment.yaml

        """;

    public static Command Create(Terminal terminal) => new TaughtCommand("rules", "Show rules, compare rulebooks, or adopt one in a journal.", Notes)
    {
        RulesShow.Create(terminal),
        RulesDiff.Create(terminal),
        RulesAdopt.Create(terminal),
    };
}
