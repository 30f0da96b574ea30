using System.CommandLine;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>rules</c>: the scheme's rules as data.</summary>
internal static class RulesVerb
{
    private const string Notes = """
        Examples:
          amoe rules test my-cases.yaml

        """;

    public static Command Create(Terminal terminal) => new TaughtCommand("rules", "Try the scheme's rules.", Notes)
    {
        RulesTestVerb.Create(terminal),
    };
}
