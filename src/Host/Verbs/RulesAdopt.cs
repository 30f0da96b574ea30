using System.CommandLine;
using Amoe.Engine.Actors;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>rules adopt</c>: from now on a journal is written under another rulebook.</summary>
internal static class RulesAdopt
{
    private const string Notes = """
        No process may be writing the journal: stop the hosts on it first. The rulebook decides from the
        next day that is opened, for all partitions or for none. A rulebook that differs from the one in
        force on a day the journal has reached is refused: a future date alters no day before it.
        A process that writes the journal from then on needs the rulebook that was adopted last.

        Examples:
          amoe rules adopt --journal year.amoe --rules my-amendment.yaml
          amoe rules adopt --journal year.amoe --rules hypothetical-cnss -o json

        """;

    public static Command Create(Terminal terminal)
    {
        var (journal, rules, output) = (Options.Journal(), Options.Rules(), Options.Output());
        rules.Required = true;
        var command = new TaughtCommand("adopt", "Adopt a rulebook in a journal.", Notes) { journal, rules, output };
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(journal);
            var rulebook = RulebookPlace.LoadAny(parsed.GetRequiredValue(rules));
            var adopted = await JournalAdoption.AdoptAsync(path, rulebook, terminal.Time);
            if (parsed.GetValue(output) == OutputFormat.Json)
                RulesJson.Write(Console.Out, path.Display, adopted);
            else
                Terminal.Plain(
                    $"{path}: rulebook {adopted.Number} adopted on {Format.Date(adopted.On)}, sha256 {adopted.Sha256}");
            return ExitCode.Done;
        });
        return command;
    }
}
