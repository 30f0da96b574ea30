using System.CommandLine;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>rules show</c>: the parameters and acts of a rulebook with their values, days and sources.</summary>
internal static class RulesShow
{
    private const string Notes = """
        ID is that of a parameter or an act, or a rule's: C2 shows all that belongs to it. Without ID all
        are listed; with it the source of each value is shown too. --on shows the values of one day.
        With -o json there is one object with all values.

        Examples:
          amoe rules show
          amoe rules show C2.contribution_centimes
          amoe rules show B1 --on 2027-03-01 --rules hypothetical-cnss
          amoe rules show --on 2024-01-15 -o json | jq '.values[] | select(.rule == "X4")'

        """;

    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string?>("ID")
        {
            Description = "Of a parameter or act, such as B1.specialist, or of a rule, such as B1.",
            DefaultValueFactory = _ => null,
            HelpName = "ID"
        }
            .Offering(Ids);
        var (rules, on, output) = (Options.Rules(), Options.Date("--on", "Only what is in force on this day."),
            Options.Output());
        var command = new TaughtCommand(
            "show", "Show the rules with their values, days and sources.", Notes) { id, on, rules, output };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(rules) ?? ShippedRulebooks.Amended;
            var (asked, day) = (parsed.GetValue(id), parsed.GetValue(on));
            var shown = Select(RulebookPlace.LoadAny(name), asked, day);
            if (parsed.GetValue(output) == OutputFormat.Json)
                RulesJson.Write(Console.Out, JournalAddress.WithoutPasswords(name), day, shown);
            else
                RulesText.Write(terminal.Out, shown, withSource: asked is not null);
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Ids() =>
        Rulebook.Embedded.Parameters.SelectMany(period => new[] { period.Id, period.Rule })
            .Distinct()
            .Order(StringComparer.Ordinal);

    private static List<ParameterPeriod> Select(Rulebook rulebook, string? id, DateOnly? day)
    {
        if (day < rulebook.FirstDay)
            throw new UsageException(
                $"--on {Format.Date(day.Value)} is before the rulebook begins, on {Format.Date(rulebook.FirstDay)}.");
        var known = rulebook.Parameters.Where(period => id is null || period.Id == id || period.Rule == id).ToList();
        if (known.Count == 0)
            throw new UsageException(
                $"no parameter, act or rule '{id}'. Did you mean {Nearest.Of(id!, rulebook.Parameters.Select(period => period.Id))}?");
        return [.. known.Where(period => day is null || (period.From <= day && !(period.Until < day)))];
    }
}
