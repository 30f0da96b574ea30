using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>The findings of an audit, for a person.</summary>
internal static class AuditText
{
    public static void Write(IAnsiConsole console, string path, JournalIdentity identity, AuditReport report)
    {
        var (totals, figures) = (report.Accounts.Totals, new SchemeFigures(report.Accounts));
        var left = new Page();
        left.Title("Journal");
        left.Count("segments", report.Segments);
        left.Count("records", report.Records);
        left.Count("commands", totals[Counter.Commands]);
        left.Count("of these refused", totals[Counter.CommandsRefused], 2);
        left.Count("events", totals[Counter.Events]);
        left.Row("bytes", Format.Bytes(report.Bytes));
        left.Count("partitions of students", identity.StudentPartitions);
        left.Count("partitions of ledgers", identity.LedgerPartitions);
        left.Count("students", report.Students);
        left.Row("closed through", Closed(report));
        left.Add(figures.Contributions);
        left.Add(figures.Parties);
        var right = new Page();
        right.Add(figures.Claims);
        right.Add(figures.Expenditure);
        Page.Write(console, left, right);
        figures.Payments.Write(console);
        figures.Overpayments.Write(console);
        figures.Ledgers.Write(console);
        console.WriteLine();
        foreach (var problem in report.Problems)
            console.WriteLine($"Problem  {problem}");
        console.WriteLine($"Digest   {Format.Digest(report.Digest)}");
        console.WriteLine(report.Problems.Count == 0 ? $"{path}: all is well" : $"{path}: it does not verify");
    }

    private static string Closed(AuditReport report) =>
        report.ClosedTo == default ? "no day"
        : report.ClosedFrom == report.ClosedTo ? Format.Date(report.ClosedTo)
        : report.ClosedFrom == default ? $"{Format.Date(report.ClosedTo)}, some partitions no day"
        : $"{Format.Date(report.ClosedFrom)} to {Format.Date(report.ClosedTo)}";
}
