using Amoe.Engine.Replay;

namespace Amoe.Host.Reports;

/// <summary>What an audit found, for a program.</summary>
internal static class AuditJson
{
    public static void Write(TextWriter output, string path, AuditReport report) => JsonLine.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("journal", path);
        json.WriteBoolean("verified", report.Problems.Count == 0);
        json.WriteNumber("segments", report.Segments);
        json.WriteNumber("records", report.Records);
        json.WriteNumber("commands", report.Totals[Counter.Commands]);
        json.WriteNumber("events", report.Totals[Counter.Events]);
        json.WriteNumber("journal_bytes", report.Bytes);
        json.WriteNumber("students", report.Students);
        json.WriteString("closed_from", Shown.Date(report.ClosedFrom));
        json.WriteString("closed_to", Shown.Date(report.ClosedTo));
        json.WriteNumber("declarations", report.Totals[Counter.Declarations]);
        json.WriteNumber("claims", report.Totals[Counter.Claims]);
        json.WriteNumber("paid_claims", report.Totals[Counter.PaidClaims]);
        json.WriteNumber("payable_centimes", report.Totals[Counter.PayableCentimes]);
        json.WriteNumber("reimbursed_centimes", report.Totals[Counter.PaidCentimes]);
        json.WriteNumber("returned_centimes", report.Totals[Counter.ReturnedCentimes]);
        json.WriteNumber("recovered_centimes", report.Totals[Counter.RecoveredCentimes]);
        json.WriteNumber("set_off_centimes", report.Totals[Counter.SetOffCentimes]);
        json.WriteNumber("owed_back_centimes", report.Totals.OwedBackCentimes);
        json.WriteNumber("outstanding_centimes", report.OutstandingCentimes);
        LedgerFigures.Write(json, report.Parties, report.OnTheWay);
        json.WriteString("digest", Shown.Digest(report.Digest));
        JsonLine.Write(json, Breakdown.Of(report.Totals));
        json.WriteStartArray("problems");
        foreach (var problem in report.Problems)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
