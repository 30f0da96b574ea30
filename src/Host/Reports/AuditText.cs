using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>What an audit found, for a person.</summary>
internal static class AuditText
{
    public static void Write(IAnsiConsole console, string path, JournalIdentity identity, AuditReport report)
    {
        var totals = report.Totals;
        var left = new Page();
        left.Title("Journal");
        left.Count("segments", report.Segments);
        left.Count("records", report.Records);
        left.Count("commands", totals[Counter.Commands]);
        left.Count("events", totals[Counter.Events]);
        left.Row("bytes", Shown.Bytes(report.Bytes));
        left.Count("shards of students", identity.ShardCount);
        left.Count("shards of parties", identity.PartyShardCount);
        left.Count("students", report.Students);
        left.Row("closed through", Closed(report));
        var right = new Page();
        right.Title("Money");
        right.Dirhams("lines add up to", totals[Counter.PayableCentimes]);
        right.Dirhams("paid", totals[Counter.PaidCentimes]);
        right.Dirhams("to students", totals[Counter.PaidToStudentsCentimes], 2);
        right.Dirhams("to providers", totals[Counter.PaidToProvidersCentimes], 2);
        right.Dirhams("came back", totals[Counter.ReturnedCentimes]);
        right.Dirhams("recovered", totals[Counter.RecoveredCentimes]);
        right.Dirhams("by set-off", totals[Counter.SetOffCentimes], 2);
        right.Dirhams("owed back", totals.OwedBackCentimes);
        right.Dirhams("outstanding", report.OutstandingCentimes);
        right.Count("claims", totals[Counter.Claims]);
        right.Count("paid claims", totals[Counter.PaidClaims]);
        right.Count("lines", totals[Counter.Lines]);
        LedgerFigures.Write(right, report.Parties, report.OnTheWay);
        Page.Write(console, left, right);
        console.WriteLine();
        foreach (var problem in report.Problems)
            console.WriteLine($"Problem  {problem}");
        console.WriteLine($"Digest   {Shown.Digest(report.Digest)}");
        console.WriteLine(report.Problems.Count == 0 ? $"{path}: all is well" : $"{path}: it does not verify");
    }

    private static string Closed(AuditReport report) =>
        report.ClosedTo == default ? "no day"
        : report.ClosedFrom == report.ClosedTo ? Shown.Date(report.ClosedTo)
        : report.ClosedFrom == default ? $"{Shown.Date(report.ClosedTo)}, some shards no day"
        : $"{Shown.Date(report.ClosedFrom)} to {Shown.Date(report.ClosedTo)}";
}
