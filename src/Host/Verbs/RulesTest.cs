using System.CommandLine;
using Amoe.Engine.Cases;
using Amoe.Engine.Rules;
using Amoe.Engine.Text;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>rules test</c>: cases of the scheme, a user's own too, under a rulebook.</summary>
internal static class RulesTest
{
    private const string Notes = """
        A case says what happened to a student, or to several, on which dates, and what must come of it:

          cases:
            - case: a general practitioner who takes more than the tariff
              rules: [B1, B11]
              given:
                - { on: 2023-09-20, what: registered }
                - { on: 2023-11-10, what: claim, act: general_practitioner, paid: 200.00 }
              expect:
                - { claim: 1, amount: 64.00 }

        docs/rule-cases.md has the whole format on one page. A folder means the *.yaml files in and
        below it. Of a case that fails: its file and line, what was expected and what came, and of the
        first one the explanation, or where there is none its history. Students of a case share the
        accounts of institutions and providers, of which a case can expect amounts. What cannot be read
        is a line on standard error for each error, and every other case runs. Exit code 2 says that
        something cannot be read, otherwise 4 that a case fails.

        --case runs the cases of one name: the words of the case, which mean all its rows, or with them
        the words of a row. --explain explains what a case expects, of those that pass too.

        Examples:
          amoe rules test my-cases.yaml
          amoe rules test tests/Rules
          amoe rules test my-cases.yaml --rules my-rules.yaml
          amoe rules test my-cases.yaml --case "a specialist" --explain
          amoe rules test tests/Rules -o json | jq .failed

        """;

    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Case files, or folders of them.",
            Arity = ArgumentArity.OneOrMore
        };
        var (rules, output) = (Options.Rules(), Options.Output());
        var name = new Option<string?>("--case")
        {
            Description = "Only the cases of this name.",
            HelpName = "NAME"
        };
        var explain = new Option<bool>("--explain") { Description = "Explain what is expected, where it comes too." };
        var command = new TaughtCommand(
            "test", "Try cases of the scheme, which anyone who knows it can write.", Notes)
        {
            files, name, explain, rules, output
        };
        command.SetAction(parsed =>
        {
            var rulebook = RulebookPlace.LoadAny(parsed.GetValue(rules) ?? ShippedRulebooks.Amended);
            var read =
                parsed.GetRequiredValue(files).SelectMany(Texts).Select(file => CasesOf(file, rulebook)).ToList();
            var errors = read.SelectMany(file => file.Errors).ToList();
            var cases = Named(parsed.GetValue(name), [.. read.SelectMany(file => file.Cases)], errors);
            var results = cases.ConvertAll(one => CaseRunner.Run(one, parsed.GetValue(explain)));
            if (parsed.GetValue(output) == OutputFormat.Json)
                CaseReport.WriteJson(Console.Out, results, errors);
            else if (results.Count > 0)
                CaseReport.WriteText(terminal.Out, results, errors.Count);
            foreach (var error in errors)
                terminal.Line(error);
            return errors.Count > 0 ? ExitCode.BadInput
                : results.TrueForAll(result => result.Passed) ? ExitCode.Done
                : ExitCode.AssertionFailed;
        });
        return command;
    }

    /// <summary>The cases of a name, or all where none is asked for.</summary>
    /// <exception cref="UsageException">There is none, and no error could hide it.</exception>
    private static List<RuleCase> Named(string? name, List<RuleCase> cases, List<string> errors)
    {
        if (name is null)
            return cases;
        var found = cases.FindAll(one =>
            one.Name == name || one.Name.StartsWith(name + ": ", StringComparison.Ordinal));
        return found.Count > 0 || errors.Count > 0 || cases.Count == 0
            ? found
            : throw new UsageException(
                $"--case: no case is called '{name}'; did you mean '{Nearest.Of(name, cases.Select(one => one.Name))}'?");
    }

    /// <summary>A file's text, or the error that it cannot be read.</summary>
    private static CaseFile CasesOf((string Path, string? Text, string? Error) file, Rulebook rulebook) =>
        file.Text is { } text ? CaseReader.Read(file.Path, text, rulebook) : new CaseFile([], [file.Error!]);

    private static IEnumerable<(string Path, string? Text, string? Error)> Texts(string path)
    {
        if (!Directory.Exists(path))
            return [Read(path)];
        var files =
            Directory.GetFiles(path, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files.Select(Read) : [(path, null, $"{path}: the folder has no *.yaml file")];
    }

    private static (string Path, string? Text, string? Error) Read(string path)
    {
        try
        {
            return (path, RegularFile.ReadText(path), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (path, null, $"{path}: it cannot be read ({e.Message.TrimEnd('.')}). Check the name.");
        }
    }
}
