using System.CommandLine;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>opening</c>: reconciles the opening balances of <c>serve --opening</c>, and closes them.</summary>
internal static class OpeningVerb
{
    private const string Notes = """
        The students, contributions and claims that the fund had before its first business day are sent to
        a host that is started with serve --opening. They are then held against the totals of the fund's
        own books, and closed for good: docs/operations.md, "Going live".

        Examples:
          amoe opening report --journal live.amoe --totals totals.json
          amoe opening close --journal live.amoe --totals totals.json
          amoe opening close --journal postgres://amoe@db/amoe --totals totals.json

        """;

    private static readonly string _totalsNotes = $$"""
        The totals are one JSON object of whole numbers, such as {"students":2,"paid_2025_centimes":9000}.
        What is left out is 0; amounts are in centimes. Names are
        {{Wrapped(OpeningFigures.Names)}}
        """;

    private static readonly string _reportNotes = $"""
        Reads the whole journal: how many lines were decided, those refused by reason and rule, and the
        figures, beside the totals where they are named. Nothing is written, and the host may run.
        {_totalsNotes}

        Examples:
          amoe opening report --journal live.amoe
          amoe opening report --journal live.amoe --totals totals.json -o json | jq .differences

        """;

    private static readonly string _closeNotes = $"""
        Stop the host first. Where each total is what the journal has, the opening balances are closed:
        they are never taken again, and business days open. Otherwise each difference is one line on
        standard error, nothing is written, and the exit code is 1.
        {_totalsNotes}

        Examples:
          amoe opening close --journal live.amoe --totals totals.json

        """;

    public static Command Create(Terminal terminal) =>
        new TaughtCommand("opening", "Reconcile the fund's opening balances, and close them.", Notes)
    {
        Report(terminal),
        Close(terminal),
    };

    private static Option<string?> Totals(bool isRequired) => new("--totals")
    {
        Description = "The file with the totals of the fund's books.",
        HelpName = "FILE",
        Required = isRequired,
        CustomParser = Options.File,
    };

    private static TaughtCommand Report(Terminal terminal)
    {
        var (journal, totals) = (Options.Journal(), Totals(isRequired: false));
        var (threads, output) = (Options.Threads(), Options.Output());
        const string Description = "Say what opening balances a journal has, beside the fund's totals.";
        var command = new TaughtCommand("report", Description, _reportNotes) { journal, totals, threads, output };
        command.SetAction(async (parsed, _) =>
        {
            var report = await ReadAsync(terminal, parsed.GetRequiredValue(journal), parsed.GetValue(totals),
                parsed.GetValue(threads));
            Write(report, parsed.GetValue(output));
            return CodeOf(terminal, report);
        });
        return command;
    }

    private static TaughtCommand Close(Terminal terminal)
    {
        var (journal, totals) = (Options.Journal(), Totals(isRequired: true));
        var (threads, output) = (Options.Threads(), Options.Output());
        const string Description = "Close a journal's opening balances, where the totals agree.";
        var command = new TaughtCommand("close", Description, _closeNotes) { journal, totals, threads, output };
        command.SetAction(async (parsed, _) =>
        {
            var address = parsed.GetRequiredValue(journal);
            var report = await ReadAsync(terminal, address, parsed.GetRequiredValue(totals), parsed.GetValue(threads));
            var code = CodeOf(terminal, report);
            if (code == ExitCode.Done)
            {
                var closed = await JournalOpening.CloseAsync(address, report.Audit.Records, terminal.Time);
                report = report with { Phase = closed.Phase };
            }

            Write(report, parsed.GetValue(output));
            return code;
        });
        return command;
    }

    private static async Task<OpeningReport> ReadAsync(
        Terminal terminal, JournalAddress address, string? totals, int threads)
    {
        var said = totals is null ? null : ControlTotals.Read(totals);
        using var journal = Journals.OpenReadOnly(address);
        var (done, partitions) = (0, journal.Identity.TotalPartitions);
        var audit = Task.Run(
            () => JournalAudit.Run(journal, threads, partition => done = partition, CancellationToken.None));
        var progress = new StatusLine(terminal,
            () => $"reading {address}: {Volatile.Read(ref done)} of {partitions} partitions");
        var found = await progress.WhileAsync(audit);
        var book = journal.ReadBook();
        return new OpeningReport(address.Display, book?.Opening ?? OpeningPhase.None, book?.LastDay ?? default, found,
            OpeningFigures.Of(journal, found.Accounts), said);
    }

    private static void Write(OpeningReport report, OutputFormat format)
    {
        if (format == OutputFormat.Json)
            report.WriteJson(Console.Out);
        else
            report.WriteText(Console.Out);
    }

    private static int CodeOf(Terminal terminal, OpeningReport report)
    {
        foreach (var difference in report.Differences)
            terminal.Line(
                $"{difference.Name}: the totals have {difference.Totals}, the journal has {difference.Journal}");
        if (report.Audit.Problems.Count > 0)
        {
            terminal.Line($"{report.Path}: {report.Audit.Problems.Count} problems: amoe verify names them");
            return ExitCode.BadJournal;
        }

        return report.Differences.Count == 0 ? ExitCode.Done : ExitCode.Different;
    }

    /// <summary>Names with commas, in lines of a help page.</summary>
    private static string Wrapped(IReadOnlyList<string> names)
    {
        const int Width = 90;
        var lines = new List<string> { "" };
        foreach (var name in names.Select((name, place) => place == names.Count - 1 ? $"{name}." : $"{name}, "))
        {
            if (lines[^1].Length + name.Length > Width)
                lines.Add("  ");
            lines[^1] += lines.Count == 1 && lines[^1].Length == 0 ? $"  {name}" : name;
        }

        return string.Join('\n', lines.Select(line => line.TrimEnd()));
    }
}
