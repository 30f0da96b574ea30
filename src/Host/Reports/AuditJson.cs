using System.Text.Json;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;

namespace Amoe.Host.Reports;

/// <summary>The findings of an audit, for a program.</summary>
internal static class AuditJson
{
    public static void Write(TextWriter output, string path, JournalIdentity identity, AuditReport report) =>
        JsonLine.Write(output, json => Write(json, path, identity, report));

    private static void Write(Utf8JsonWriter json, string path, JournalIdentity identity, AuditReport report)
    {
        json.WriteStartObject();
        json.WriteString("journal", path);
        json.WriteBoolean("verified", report.Problems.Count == 0);
        json.WriteNumber("segments", report.Segments);
        json.WriteNumber("records", report.Records);
        json.WriteNumber("commands", report.Accounts.Totals[Counter.Commands]);
        json.WriteNumber("commands_refused", report.Accounts.Totals[Counter.CommandsRefused]);
        json.WriteNumber("events", report.Accounts.Totals[Counter.Events]);
        json.WriteNumber("journal_bytes", report.Bytes);
        json.WriteNumber("students", report.Students);
        json.WriteString("closed_from", Format.Date(report.ClosedFrom));
        json.WriteString("closed_to", Format.Date(report.ClosedTo));
        new SchemeFigures(report.Accounts).Write(json);
        if (identity.IsSimulated)
            json.WriteNumber("budget_centimes", SimulationOutcome.BudgetAt(identity.Scale));
        json.WriteString("digest", Format.Digest(report.Digest));
        json.WriteStartArray("problems");
        foreach (var problem in report.Problems)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
