using System.Text.Json;
using Amoe.Engine.Replay;

namespace Amoe.Host.Reports;

/// <summary>The end of a simulation, for a program: one object on one line. Money in centimes, times in what the names end with.</summary>
internal static class SimulationJson
{
    public static void Write(TextWriter output, SimulationOutcome outcome) => JsonLine.Write(output, json => Write(json, outcome));

    private static void Write(Utf8JsonWriter json, SimulationOutcome outcome)
    {
        var (request, result, totals) = (outcome.Request, outcome.Result, outcome.Result.Totals);
        json.WriteStartObject();
        json.WriteString("scenario", request.Scenario.Name);
        json.WriteNumber("scale", request.ScaleThousandths / 1000m);
        json.WriteNumber("seed", request.Seed);
        json.WriteBoolean("complete", result.IsComplete);
        json.WriteString("opens", Shown.Date(request.Scenario.Horizon.Opens));
        json.WriteString("last_day", Shown.Date(result.LastDay));
        json.WriteNumber("declarations", totals[Counter.Declarations]);
        json.WriteNumber("applications", totals[Counter.Applications]);
        json.WriteNumber("resent", totals[Counter.Resent]);
        json.WriteNumber("accepted", totals[Counter.Accepted]);
        json.WriteNumber("refused", totals[Counter.Refused]);
        json.WriteNumber("carried_over", totals[Counter.CarriedOver]);
        json.WriteNumber("lapsed", totals[Counter.Lapsed]);
        json.WriteNumber("active_peak", totals.ActivePeak);
        json.WriteNumber("active", totals[Counter.Active]);
        json.WriteNumber("suspended", totals[Counter.Suspended]);
        json.WriteNumber("quarantined", result.Quarantined);
        json.WriteNumber("contributions_paid_centimes", totals[Counter.ContributionPaidCentimes]);
        json.WriteNumber("contributions_received_centimes", totals[Counter.ContributionReceivedCentimes]);
        json.WriteNumber("contributions_held_centimes", totals[Counter.ContributionHeldCentimes]);
        json.WriteNumber("claims", totals[Counter.Claims]);
        json.WriteNumber("third_party_claims", totals[Counter.ThirdPartyClaims]);
        json.WriteNumber("claim_returns", totals[Counter.ClaimReturns]);
        json.WriteNumber("held_for_review", totals[Counter.HeldForReview]);
        json.WriteNumber("held_as_duplicates", totals[Counter.HeldAsDuplicates]);
        json.WriteNumber("holds_decided", totals[Counter.HoldsDecided]);
        json.WriteNumber("appeals", totals[Counter.Appeals]);
        json.WriteNumber("revisions", totals[Counter.Revisions]);
        json.WriteNumber("open_claims", result.OpenClaims);
        json.WriteNumber("paid_claims", totals[Counter.PaidClaims]);
        json.WriteNumber("lines", totals[Counter.Lines]);
        json.WriteNumber("claimed_centimes", totals[Counter.ClaimedCentimes]);
        json.WriteNumber("payable_centimes", totals[Counter.PayableCentimes]);
        json.WriteNumber("reimbursed_centimes", totals[Counter.PaidCentimes]);
        json.WriteNumber("to_students_centimes", totals[Counter.PaidToStudentsCentimes]);
        json.WriteNumber("to_providers_centimes", totals[Counter.PaidToProvidersCentimes]);
        json.WriteNumber("postal_order_centimes", totals[Counter.PostalOrderCentimes]);
        json.WriteNumber("payment_returns", totals[Counter.PaymentReturns]);
        json.WriteNumber("returned_centimes", totals[Counter.ReturnedCentimes]);
        json.WriteNumber("overpayments", totals[Counter.Overpayments]);
        json.WriteNumber("overpaid_centimes", totals[Counter.OverpaidCentimes]);
        json.WriteNumber("recovered_centimes", totals[Counter.RecoveredCentimes]);
        json.WriteNumber("set_off_centimes", totals[Counter.SetOffCentimes]);
        json.WriteNumber("cancelled_centimes", totals[Counter.CancelledCentimes]);
        json.WriteNumber("owed_back_centimes", totals.OwedBackCentimes);
        LedgerFigures.Write(json, result.Parties, result.OnTheWay);
        json.WriteNumber("budget_centimes", outcome.ScaledBudgetCentimes);
        json.WriteNumber("commands", totals[Counter.Commands]);
        json.WriteNumber("events", totals[Counter.Events]);
        json.WriteNumber("commands_this_run", result.CommandsThisRun);
        json.WriteNumber("events_this_run", result.EventsThisRun);
        json.WriteNumber("journal_bytes", result.SegmentBytes);
        json.WriteNumber("journal_file_bytes", result.FileBytes);
        json.WriteNumber("snapshot_bytes", result.SnapshotBytes);
        json.WriteNumber("elapsed_s", Shown.Seconds(result.Elapsed));
        json.WriteNumber("commands_per_s", decimal.Truncate(Shown.PerSecond(result.CommandsThisRun, result.Elapsed)));
        json.WriteNumber("events_per_s", decimal.Truncate(Shown.PerSecond(result.EventsThisRun, result.Elapsed)));
        json.WriteNumber("commits", result.Commits);
        json.WriteNumber("commit_p50_ms", result.CommitP50Ms);
        json.WriteNumber("commit_p99_ms", result.CommitP99Ms);
        json.WriteNumber("commit_max_ms", result.CommitMaxMs);
        json.WriteNumber("peak_rss_mb", Math.Round(outcome.PeakMemoryBytes / 1e6m, 1));
        json.WriteString("digest", Shown.Digest(result.Digest));
        JsonLine.Write(json, Breakdown.Of(totals));
        json.WriteStartArray("marginals");
        foreach (var marginal in result.Marginals)
        {
            json.WriteStartObject();
            json.WriteString("of", marginal.Of);
            json.WriteString("unit", marginal.Unit);
            json.WriteNumber("whole", marginal.Whole);
            json.WriteNumber("expected", marginal.Expected);
            json.WriteNumber("measured", marginal.Measured);
            json.WriteNumber("deviation", marginal.Deviation);
            json.WriteNumber("tolerance", marginal.Tolerance);
            json.WriteNumber("z", Math.Round(marginal.Z, 4));
            json.WriteBoolean("within", marginal.Within);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (outcome.Hosts.Count > 0)
            Write(json, outcome.Hosts);
        json.WriteString("repeat", outcome.RepeatCommand);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<HostEnd> hosts)
    {
        json.WriteStartArray("hosts");
        foreach (var host in hosts)
        {
            json.WriteStartObject();
            json.WriteNumber("number", host.Number);
            json.WriteString("endpoint", host.Endpoint);
            json.WriteBoolean("died", host.Died);
            if (host.Answer is { } answer)
            {
                json.WriteNumber("shards", answer.ShardsServed);
                json.WriteNumber("commits", answer.Commits);
                json.WriteNumber("commit_p50_ms", answer.CommitP50Ms);
                json.WriteNumber("commit_p99_ms", answer.CommitP99Ms);
                json.WriteNumber("commit_max_ms", answer.CommitMaxMs);
                json.WriteNumber("memory_mb", Math.Round(answer.MemoryBytes / 1e6m, 1));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
