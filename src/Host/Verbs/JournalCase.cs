using Amoe.Engine.Cases;
using Amoe.Engine.Domain;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>journal case</c>: a student's history as a rule case.</summary>
internal static class JournalCase
{
    private const string Notes = """
        The case has every command of the student with its answer, and expects what the journal has at
        the end: entitlement, each claim to the centime, how often each event is recorded. What a
        provider's account set off is among the steps: other students had a part in it. It is played
        before it is written: where it does not come out as the journal has it, because the rules or the
        program have changed since, each difference is a line on standard error and the exit code is 4.

        Of a refused command a journal has the answer alone. Where its content does not follow from that,
        the case has a comment in its place: what was refused changed nothing.

        Examples:
          amoe journal case --journal year.amoe --student 4711 > student-4711.yaml
          amoe rules test student-4711.yaml

        """;

    public static TaughtCommand Create(Terminal terminal)
    {
        var journal = Options.Journal();
        var student = Options.Whole("--student", "The student's number.", 0UL);
        student.Required = true;
        var command = new TaughtCommand(
            "case", "Write a student's history as a case for rules test.", Notes) { journal, student };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(journal);
            using var opened = Journals.OpenReadOnly(path);
            var reading = new Explainer(opened).Read(new StudentId(parsed.GetValue(student)!.Value));
            if (reading.Entries.Count == 0)
                throw new UsageException($"{path}: it has no record of student {reading.Student}.");
            var text = CaseWriter.Write(reading, path.Display);
            Console.Out.Write(text);
            return Differs(terminal, text, reading.RulesAt(reading.Entries[0]))
                ? ExitCode.AssertionFailed
                : ExitCode.Done;
        });
        return command;
    }

    /// <summary>Plays what was written, and says where something else comes.</summary>
    private static bool Differs(Terminal terminal, string text, Rulebook rulebook)
    {
        var file = CaseReader.Read("the case", text, rulebook);
        string[] lines = [.. file.Errors, .. file.Cases.SelectMany(one => CaseRunner.Run(one).Differences).Select(one =>
            $"the case, line {one.Line}: {one.What}: the journal has {one.Expected}, this program {one.Got}")];
        foreach (var line in lines)
            terminal.Line(line);
        return lines.Length > 0;
    }
}
