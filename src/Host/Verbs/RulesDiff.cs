using System.CommandLine;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>rules diff</c>: on which days two rulebooks say something else.</summary>
internal static class RulesDiff
{
    private const string Notes = """
        A and B are each a rulebook that comes with the program, a YAML file, or a journal, whose last
        adopted rulebook is meant. Values are compared day by day; texts, sources and the order of a file
        make no difference. The exit code is 0 when all values are equal and 1 when one differs.

        Examples:
          amoe rules diff amoe hypothetical-cnss
          amoe rules diff year.amoe my-amendment.yaml
          amoe rules diff amoe my-rules.yaml -o json | jq -r '.differences[].id'

        """;

    public static Command Create(Terminal terminal)
    {
        var (first, second, output) = (Place("A"), Place("B"), Options.Output());
        var command = new TaughtCommand(
            "diff", "Say where two rulebooks differ, by id and days.", Notes) { first, second, output };
        command.SetAction(parsed =>
        {
            var (a, b) = (parsed.GetRequiredValue(first), parsed.GetRequiredValue(second));
            List<RulebookDifference> differences = [.. RulebookDiff.Between(
                RulebookPlace.LoadAny(a), RulebookPlace.LoadAny(b))];
            if (parsed.GetValue(output) == OutputFormat.Json)
                RulesJson.Write(
                    Console.Out, JournalAddress.WithoutPasswords(a), JournalAddress.WithoutPasswords(b), differences);
            else
                RulesText.Write(terminal.Out, differences);
            return differences.Count == 0 ? ExitCode.Done : ExitCode.Different;
        });
        return command;
    }

    private static Argument<string> Place(string name) =>
        new Argument<string>(name)
        {
            Description = $"{RulebookPlace.Kinds}, or a journal.",
            CustomParser = Options.File
        }
            .Offering(() => ShippedRulebooks.Names);
}
