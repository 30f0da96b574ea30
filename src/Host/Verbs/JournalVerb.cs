using System.CommandLine;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Host.Reports;
using Amoe.Host.Running;
using Command = System.CommandLine.Command;

namespace Amoe.Host.Verbs;

/// <summary><c>journal</c>: what a journal is and says, a copy of it, its end, and who may write it.</summary>
internal static class JournalVerb
{
    private const int TakeDefault = 20;

    private const string Notes = """
        info, show, case and copy write nothing to the journal, and work while it is being written.

        Examples:
          amoe journal info --journal year.amoe
          amoe journal show --journal year.amoe --student 4711
          amoe journal case --journal year.amoe --student 4711 > student-4711.yaml
          amoe journal copy yesterday.amoe --journal year.amoe
          amoe journal drop --journal year.amoe
          amoe journal grant amoe_run --journal postgres://owner@localhost/amoe
        """;

    private const string GrantNotes = """
        Of a journal in a database, by its owner: the role may read, append and adopt rulebooks, and
        own partitions where hosts share it. What was appended it can neither change nor delete. Grant again after a newer version
        of the program brought the tables up to date.

        Examples:
          amoe journal grant amoe_run --journal postgres://owner@localhost/amoe

        """;

    private const string InfoNotes = """
        Examples:
          amoe journal info --journal year.amoe
          amoe journal info --journal year.amoe -o json | jq .scale

        """;

    private const string ShowNotes = """
        Without --student, the first records of a partition. Each record is a command with its outcome and
        the events it led to, a deadline that fell due, or a day opened or closed. With -o json every
        record is an object on a line of its own.

        Examples:
          amoe journal show --journal year.amoe --student 4711
          amoe journal show --journal year.amoe --partition 3 --take 100
          amoe journal show --journal year.amoe --ledgers 0
          amoe journal show --journal year.amoe --student 4711 -o json | jq -c .events

        """;

    public static Command Create(Terminal terminal) =>
        new TaughtCommand("journal", "Say what a journal is or says; copy or remove it.", Notes + Environment.NewLine)
        {
            Info(terminal),
            Show(terminal),
            JournalCase.Create(terminal),
            JournalCopy.Create(terminal),
            JournalDrop.Create(),
            Grant(),
        };

    private static TaughtCommand Grant()
    {
        var (journal, role) = (Options.Journal(),
            new Argument<string>("ROLE") { Description = "The role that will write it." });
        var command = new TaughtCommand(
            "grant", "Let a role write a journal in a database, and nothing more.", GrantNotes) { role, journal };
        command.SetAction(parsed =>
        {
            var (address, name) = (parsed.GetRequiredValue(journal), parsed.GetRequiredValue(role));
            if (!address.IsPostgres)
                throw new UsageException(
                    $"{address}: it is a file, and who may write it is for the file system to say.");
            PostgresJournal.Grant(address, name);
            Terminal.Plain($"{address}: {name} may write it");
            return ExitCode.Done;
        });
        return command;
    }

    private static TaughtCommand Info(Terminal terminal)
    {
        var (journal, output) = (Options.Journal(), Options.Output());
        var command = new TaughtCommand(
            "info", "Say what a journal was made with and how far it goes.", InfoNotes) { journal, output };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(journal);
            using var opened = Journals.OpenReadOnly(path);
            var summary = JournalSummary.Of(opened, path.Display);
            if (parsed.GetValue(output) == OutputFormat.Json)
                summary.WriteJson(Console.Out);
            else
                summary.WriteText(terminal.Out);
            return ExitCode.Done;
        });
        return command;
    }

    private static TaughtCommand Show(Terminal terminal)
    {
        var (journal, output) = (Options.Journal(), Options.Output());
        var student = Options.Whole("--student", "The student's number: all of his history.", 0UL);
        var partition = Options.Whole(
            "--partition", "The partition of students whose first records to show. [default: 0]", 0);
        var ledgers = Options.Whole("--ledgers", "The partition of ledgers whose first records to show.", 0);
        var take = Options.Whole("--take", $"How many records. [default: {TakeDefault}; all of a student's]", 1);
        var command = new TaughtCommand(
            "show", "Show a student's history, or the first records of a partition.",
            ShowNotes) { journal, student, partition, ledgers, take, output };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(journal);
            using var opened = Journals.OpenReadOnly(path);
            var write = parsed.GetValue(output) == OutputFormat.Json
                ? HistoryJson.Writer(Console.Out)
                : HistoryText.Writer(terminal.Out);
            var (id, ofStudents, ofLedgers) = (parsed.GetValue(student), parsed.GetValue(partition),
                parsed.GetValue(ledgers));
            if (new object?[] { id, ofStudents, ofLedgers }.Count(given => given is not null) > 1)
                throw new UsageException(
                    "--student, --partition and --ledgers exclude each other: a student's partition follows from the number.");
            var entries = id is { } number
                ? History.Of(opened, new StudentId(number))
                : History.OfPartition(opened, PartitionOf(opened.Identity, ofStudents, ofLedgers));
            var (shown, most) = (0, parsed.GetValue(take) ?? (id is null ? TakeDefault : int.MaxValue));
            foreach (var entry in entries.Take(most))
            {
                write(entry);
                shown++;
            }

            if (shown == 0 && id is not null)
                throw new UsageException($"{path}: it has no record of student {id}.");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A journal's partitions are its partitions of students, and behind them those of ledgers.</summary>
    private static int PartitionOf(JournalIdentity identity, int? ofStudents, int? ofLedgers) =>
        ofLedgers is { } ledgers
            ? identity.StudentPartitions + Within(ledgers, identity.LedgerPartitions, "--ledgers")
            : Within(ofStudents ?? 0, identity.StudentPartitions, "--partition");

    private static int Within(int number, int count, string option) => number < count
        ? number
        : throw new UsageException(
            count == 0
                ? $"{option}: this journal has none."
                : $"{option} is from 0 to {count - 1} in this journal, not {number}.");
}
