using System.CommandLine;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>verify</c>: a whole journal read, checked and replayed.</summary>
internal static class VerifyVerb
{
    private const string Notes = """
        Nothing is written, and a journal may be verified while a simulation writes it. Checked are:
          every frame's or segment's checksum, that none is missing or in the wrong place, and the pages
          of a file
          that every student and claim can be replayed; the digest is that of the replay
          that lines, claims and payments add up to the centime, and that what is open is what the events
          leave open (docs/report.md defines the words)
          that the ledger of every institution, provider and payment run has booked what students and
          claims posted to it, but for what is not yet booked
          that no line was paid for a day of care outside entitlement, as known when it was decided

        Examples:
          amoe verify --journal year.amoe
          amoe verify --journal year.amoe -o json | jq .problems

        """;

    public static Command Create(Terminal terminal)
    {
        var (journal, threads, output) = (Options.Journal(), Options.Threads(), Options.Output());
        var command = new TaughtCommand(
            "verify", "Check a journal from its first byte to its last, and replay it.",
            Notes) { journal, threads, output };
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(journal);
            var (identity, report) = await RunAsync(terminal, path, parsed.GetValue(threads));
            if (parsed.GetValue(output) == OutputFormat.Json)
                AuditJson.Write(Console.Out, path.Display, identity, report);
            else
                AuditText.Write(terminal.Out, path.Display, identity, report);
            if (report.Problems.Count == 0)
                return ExitCode.Done;
            terminal.Line($"{path}: {report.Problems.Count} problems");
            return ExitCode.BadJournal;
        });
        return command;
    }

    private static async Task<(JournalIdentity Identity, AuditReport Report)> RunAsync(
        Terminal terminal, JournalAddress path, int threads)
    {
        using var journal = Journals.OpenReadOnly(path);
        var (done, partitions) = (0, journal.Identity.TotalPartitions);
        var audit = Task.Run(() =>
            JournalAudit.Run(journal, threads, partition => done = partition, CancellationToken.None));
        var progress = new StatusLine(
            terminal, () => $"verifying {path}: {Volatile.Read(ref done)} of {partitions} partitions");
        return (journal.Identity, await progress.WhileAsync(audit));
    }
}
