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
        var journal = new Page();
        journal.Title("Journal");
        journal.Count("segments", report.Segments);
        journal.Count("records", report.Records);
        journal.Count("commands", totals[Counter.Commands]);
        journal.Count("of these refused", totals[Counter.CommandsRefused], 2);
        journal.Count("events", totals[Counter.Events]);
        journal.Row("bytes", Format.Bytes(report.Bytes));
        journal.Count("partitions of students", identity.StudentPartitions);
        journal.Count("partitions of ledgers", identity.LedgerPartitions);
        journal.Count("students", report.Students);
        journal.Row("closed through", Closed(report));
        var left = new Page();
        left.Add(figures.Contributions);
        left.Add(figures.Parties);
        var right = new Page();
        right.Add(figures.Claims);
        right.Add(figures.Expenditure);
        right.Add(figures.Rates);
        Summary.Of(identity, report).Write(console);
        console.WriteLine();
        Page.Write(console, left, right);
        figures.Months.Write(console);
        figures.ByMonth.Write(console);
        figures.Days.Write(console);
        figures.OpenClaimsByAge.Write(console);
        figures.Payments.Write(console);
        figures.Overpayments.Write(console);
        figures.Ledgers.Write(console);
        console.WriteLine();
        journal.Write(console);
        RuleLegend.Of([.. left.Names, .. right.Names, .. figures.Names]).Write(console);
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
