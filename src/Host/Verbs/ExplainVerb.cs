using Amoe.Engine.Domain;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>explain</c>: why a journal says what it says of a student or a claim.</summary>
internal static class ExplainVerb
{
    private const string Notes = """
        First a short form: status, amount, balance and why. Then every decision as a tree: the rule,
        the value of the rulebook on its date and who says so, what it was applied to, the arithmetic to
        the centime. Nothing is stored for this: it is recomputed from the journal, and the explanation
        says where the journal has another amount. Nothing is written, and it works while a simulation
        writes the journal.

        --on asks about a day, --known about what was known on a day: what was known on the one about
        the other. Without --on the day is that of --known, without --known all that is known.
        A claim without its student is looked for in the whole journal: name both, and it is quick.

        Examples:
          amoe explain --journal year.amoe --student 4711
          amoe explain --journal year.amoe --student 4711 --on 2023-11-15 --known 2023-12-01
          amoe explain --journal year.amoe --claim 28412 --lang fr
          amoe explain --journal year.amoe --claim 28412 --student 4711 --lang ar -o json | jq .dir

        """;

    public static TaughtCommand Create(Terminal terminal)
    {
        var (journal, threads, output) = (Options.Journal(), Options.Threads(), Options.Output());
        var student = Options.Whole("--student", "The student's number.", 0UL);
        var claim = Options.Whole("--claim", "The claim's sheet number.", 0UL);
        var (on, known) = (Options.Date("--on", "The day a student's right is asked about."),
            Options.Date("--known", "Only what was known on this day."));
        var lang = Options.Lang();
        var command = new TaughtCommand(
            "explain", "Explain every decision about a student or a claim, in English, French or Arabic.", Notes)
        {
            journal, student, claim, on, known, lang, threads, output,
        };
        command.SetAction(async (parsed, _) =>
        {
            var question = new Question(
                parsed.GetRequiredValue(journal), parsed.GetValue(student), parsed.GetValue(claim), parsed.GetValue(on),
                parsed.GetValue(known));
            question.RequireSense();
            var texts = Task.Run(() => Catalogue.Of(parsed.GetValue(lang)), CancellationToken.None);
            using var opened = Journals.OpenReadOnly(question.Journal);
            var id = question.Student ?? await FindAsync(terminal, opened, question, parsed.GetValue(threads));
            var (reading, explanation) = Explain(opened, new StudentId(id), question);
            await texts;
            Write(reading, explanation, question, parsed.GetValue(lang), parsed.GetValue(output));
            return ExitCode.Done;
        });
        return command;
    }

    private static (StudentReading Reading, Explanation Explanation) Explain(
        IJournal journal, StudentId student, Question question)
    {
        var all = new Explainer(journal).Read(student);
        if (all.Entries.Count == 0)
            throw new UsageException($"{question.Journal}: it has no record of student {student}.");
        var reading = question.Known is { } known ? all.AsKnownOn(known) : all;
        if (reading.Entries.Count == 0)
            throw new UsageException(
                $"{question.Journal}: nothing was known of student {student} on {Format.Date(reading.KnownOn)}; his first record is of {Format.Date(all.Entries[0].Header.Known)}.");
        if (question.Claim is not { } number)
            return (reading, Explainer.Student(reading, question.On ?? reading.KnownOn));
        if (all.FindClaim(number) is not { } claim)
            throw new UsageException($"{question.Journal}: student {student} has no claim {number}.");
        if (reading.FindClaim(number) is null)
            throw new UsageException(
                $"{question.Journal}: claim {number} was not known on {Format.Date(reading.KnownOn)}; it was deposited on {Format.Date(claim.DepositedOn)}.");
        return (reading, Explainer.Claim(reading, number));
    }

    private static async Task<ulong> FindAsync(Terminal terminal, IJournal journal, Question question, int threads)
    {
        var (done, partitions, number) = (0, journal.Identity.StudentPartitions, question.Claim!.Value);
        var search = Task.Run(() =>
            ClaimFinder.Find(journal, number, threads, partition => done = partition, CancellationToken.None));
        var progress = new StatusLine(
            terminal, () => $"looking for claim {number}: {Volatile.Read(ref done)} of {partitions} partitions");
        return await progress.WhileAsync(search) switch
        {
            [] => throw new UsageException($"{question.Journal}: it has no claim {number}."),
            [var student] => student.Value,
            var students =>
                throw new UsageException(
                    $"{question.Journal}: claim {number} is the number of claims of students {string.Join(", ", students)}: say whose with --student."),
        };
    }

    private static void Write(
        StudentReading reading, Explanation explanation, Question question, Language language, OutputFormat format)
    {
        if (format == OutputFormat.Text)
        {
            foreach (var line in ExplanationText.Lines(explanation, language))
                Terminal.Plain(line);
            return;
        }

        JsonLine.Write(Console.Out, json =>
        {
            json.WriteStartObject();
            json.WriteString("journal", question.Journal.Display);
            json.WriteNumber("student", reading.Student.Value);
            if (question.Claim is { } claim)
                json.WriteNumber("claim", claim);
            else
                json.WriteString("on", Format.Date(question.On ?? reading.KnownOn));
            json.WriteString("known", Format.Date(reading.KnownOn));
            ExplanationJson.Write(json, explanation, language);
            json.WriteEndObject();
        });
    }

    private sealed record Question(JournalAddress Journal, ulong? Student, ulong? Claim, DateOnly? On, DateOnly? Known)
    {
        public void RequireSense()
        {
            if (Student is null && Claim is null)
                throw new UsageException("name a student with --student, a claim with --claim, or both.");
            if (Claim is not null && On is not null)
                throw new UsageException(
                    "--on asks about a student's day; a claim is judged on its dates of care. Leave out --claim or --on.");
        }
    }
}
