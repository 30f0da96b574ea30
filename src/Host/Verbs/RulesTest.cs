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
        A case says what happened to a student, on which dates, and what must come of it:

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
        first one its history too. Exit code 4 says that a case fails, 2 that a file cannot be read.

        Examples:
          amoe rules test my-cases.yaml
          amoe rules test tests/Rules
          amoe rules test my-cases.yaml --rules my-rules.yaml
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
        var command = new TaughtCommand(
            "test", "Try cases of the scheme, which anyone who knows it can write.", Notes) { files, rules, output };
        command.SetAction(parsed =>
        {
            var rulebook = RulebookPlace.LoadAny(parsed.GetValue(rules) ?? ShippedRulebooks.Amended);
            var cases = parsed.GetRequiredValue(files)
                .SelectMany(FilesOf)
                .SelectMany(file => CaseReader.Read(file, Read(file), rulebook))
                .ToList();
            var results = cases.ConvertAll(CaseRunner.Run);
            if (parsed.GetValue(output) == OutputFormat.Json)
                CaseReport.WriteJson(Console.Out, results);
            else
                CaseReport.WriteText(terminal.Out, results);
            return results.TrueForAll(result => result.Passed) ? ExitCode.Done : ExitCode.AssertionFailed;
        });
        return command;
    }

    private static IEnumerable<string> FilesOf(string path)
    {
        if (!Directory.Exists(path))
            return [path];
        var files =
            Directory.GetFiles(path, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new CaseException($"{path}: the folder has no *.yaml file");
    }

    private static string Read(string path)
    {
        try
        {
            return RegularFile.ReadText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CaseException($"{path}: it cannot be read ({e.Message.TrimEnd('.')}). Check the name.");
        }
    }
}
