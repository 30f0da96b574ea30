using Amoe.Engine.Replay;
using Amoe.Host.Running;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.Running;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>The end of a simulation, for a person.</summary>
internal static class SimulationText
{
    public static void Write(Terminal terminal, SimulationOutcome outcome)
    {
        var console = terminal.Out;
        var (request, result) = (outcome.Request, outcome.Result);
        var breakdowns = Breakdown.Of(result.Totals).ToDictionary(breakdown => breakdown.Name);
        console.WriteLine(
            $"{request.Scenario.Name}, scale {Shown.Scale(request.ScaleThousandths)}, seed {request.Seed}: "
            + $"{(result.IsComplete ? "complete" : "not complete")}, {Shown.Date(request.Scenario.Horizon.Opens)} to {Shown.Date(result.LastDay)}",
            new Style(decoration: Decoration.Bold));
        console.WriteLine();
        Page.Write(console, Students(result, breakdowns), Claims(outcome, breakdowns));
        console.WriteLine();
        Page.Write(console, Run(outcome), Journal(outcome));
        Hosts(console, outcome.Hosts);
        if (result.IsComplete)
            Marginals(console, result.Marginals);
        console.WriteLine();
        Terminal.Plain($"Digest   {Shown.Digest(result.Digest)}");
        Terminal.Plain($"Repeat   {outcome.RepeatCommand}");
    }

    private static Page Students(SimulationResult result, Dictionary<string, Breakdown> breakdowns)
    {
        var (totals, page) = (result.Totals, new Page());
        page.Title("Students");
        page.Count("declarations", totals[Counter.Declarations]);
        page.Count("applications", totals[Counter.Applications]);
        page.Count("of these re-sent by the university", totals[Counter.Resent], 2);
        page.Count("accepted", totals[Counter.Accepted]);
        page.Count("refused", totals[Counter.Refused]);
        page.Count("carried over from last year", totals[Counter.CarriedOver]);
        page.Count("active, at the peak", totals.ActivePeak);
        page.Count("rights lapsed", totals[Counter.Lapsed]);
        page.Add(breakdowns["declarations_by_category"]);
        page.Add(breakdowns["declarations_by_coverage"]);
        page.Add(breakdowns["accepted_by_category"]);
        page.Add(breakdowns["applications_refused_by_reason"]);
        page.Add(breakdowns["suspensions_by_cause"]);
        page.Title("Contributions");
        page.Dirhams("paid to institutions", totals[Counter.ContributionPaidCentimes]);
        page.Dirhams("received by the fund", totals[Counter.ContributionReceivedCentimes]);
        page.Dirhams("held, opening no right (C5)", totals[Counter.ContributionHeldCentimes]);
        page.Add(breakdowns["commands_refused_by_reason"]);
        LedgerFigures.Write(page, result.Parties, result.OnTheWay);
        return page;
    }

    private static Page Claims(SimulationOutcome outcome, Dictionary<string, Breakdown> breakdowns)
    {
        var totals = outcome.Result.Totals;
        var page = new Page();
        page.Title("Claims");
        page.Count("deposited", totals[Counter.Claims]);
        page.Count("reimbursement", totals[Counter.Claims] - totals[Counter.ThirdPartyClaims], 2);
        page.Count("third party", totals[Counter.ThirdPartyClaims], 2);
        page.Count("files sent back for missing items", totals[Counter.ClaimReturns]);
        page.Count("accepted", totals[Counter.ClaimsAccepted]);
        page.Count("partly accepted", totals[Counter.ClaimsPartlyAccepted]);
        page.Count("refused", totals[Counter.ClaimsRefused]);
        page.Count("held for a physician (X4)", totals[Counter.HeldForReview]);
        page.Count("held as possible duplicates (X1)", totals[Counter.HeldAsDuplicates]);
        page.Count("of the held, decided", totals[Counter.HoldsDecided], 2);
        page.Count("appealed (X5)", totals[Counter.Appeals]);
        page.Count("decided differently later", totals[Counter.Revisions]);
        page.Count("paid", totals[Counter.PaidClaims]);
        page.Count("payments that came back (X6)", totals[Counter.PaymentReturns]);
        page.Count("open at the end", outcome.Result.OpenClaims);
        page.Title("Expenditure");
        page.Dirhams("claimed", totals[Counter.ClaimedCentimes]);
        page.Dirhams("payable", totals[Counter.PayableCentimes]);
        page.Dirhams("paid", totals[Counter.PaidCentimes]);
        page.Dirhams("to students", totals[Counter.PaidToStudentsCentimes], 2);
        page.Dirhams("to providers", totals[Counter.PaidToProvidersCentimes], 2);
        page.Dirhams("by postal order", totals[Counter.PostalOrderCentimes], 2);
        page.Dirhams(outcome.Request.ScaleThousandths == 1000 ? "budget" : "budget at this scale", outcome.ScaledBudgetCentimes);
        page.Row("spent of the budget", Share(totals[Counter.PaidCentimes], outcome.ScaledBudgetCentimes));
        page.Title("Overpayments (S5, X7)");
        page.Count("raised", totals[Counter.Overpayments]);
        page.Dirhams("paid and not due", totals[Counter.OverpaidCentimes]);
        page.Dirhams("recovered", totals[Counter.RecoveredCentimes], 2);
        page.Dirhams("of this set off", totals[Counter.SetOffCentimes], 3);
        page.Dirhams("made good by a later fact", totals[Counter.CancelledCentimes], 2);
        page.Dirhams("owed back", totals.OwedBackCentimes, 2);
        page.Add(breakdowns["lines_refused_by_reason"]);
        page.Add(breakdowns["care"]);
        page.Add(breakdowns["clocks_missed"]);
        return page;
    }

    private static Page Run(SimulationOutcome outcome)
    {
        var result = outcome.Result;
        var page = new Page();
        page.Title("This run");
        page.Count("commands", result.CommandsThisRun);
        page.Count("events", result.EventsThisRun);
        page.Row("time", $"{Shown.Fixed(Shown.Seconds(result.Elapsed), 2)} s");
        page.Row("commands a second", Shown.Count((long)Shown.PerSecond(result.CommandsThisRun, result.Elapsed)));
        page.Row("events a second", Shown.Count((long)Shown.PerSecond(result.EventsThisRun, result.Elapsed)));
        page.Row("commit p50, p99, max", $"{Shown.Ms(result.CommitP50Ms)}, {Shown.Ms(result.CommitP99Ms)}, {Shown.Ms(result.CommitMaxMs)}");
        page.Row("peak memory", Shown.Bytes(outcome.PeakMemoryBytes));
        return page;
    }

    private static Page Journal(SimulationOutcome outcome)
    {
        var result = outcome.Result;
        var events = result.Totals[Counter.Events];
        var page = new Page();
        page.Title(outcome.Place.IsTemporary ? "Journal (temporary, deleted now)" : "Journal");
        page.Count("commands", result.Totals[Counter.Commands]);
        page.Count("events", events);
        page.Row("segments", Shown.Bytes(result.SegmentBytes));
        page.Row("bytes an event", Shown.Fixed(events == 0 ? 0 : (decimal)result.SegmentBytes / events, 1));
        page.Row("file", Shown.Bytes(result.FileBytes));
        page.Row("snapshots", Shown.Bytes(result.SnapshotBytes));
        page.Row("written in this run", outcome.BytesPerSecond is { } rate ? $"{Shown.Fixed(rate / 1e6m, 1)} MB/s" : "-");
        return page;
    }

    private static void Hosts(IAnsiConsole console, IReadOnlyList<HostEnd> hosts)
    {
        if (hosts.Count == 0)
            return;
        console.WriteLine();
        console.WriteLine($"{"Hosts, as they stood at the end",-36}{"shards",8}{"commit p50",14}{"p99",12}{"max",12}{"memory",14}", new Style(decoration: Decoration.Bold));
        foreach (var host in hosts)
        {
            var name = $"  {host.Number}  {host.Endpoint}";
            console.WriteLine(host.Answer is not { } answer
                ? $"{name,-36}  {(host.Died ? "ended before its time" : "did not answer")}"
                : $"{name,-36}{answer.ShardsServed,8}{Shown.Ms(answer.CommitP50Ms),14}{Shown.Ms(answer.CommitP99Ms),12}{Shown.Ms(answer.CommitMaxMs),12}{Shown.Bytes(answer.MemoryBytes),14}");
        }
    }

    private static void Marginals(IAnsiConsole console, IReadOnlyList<MarginalCheck> marginals)
    {
        if (marginals.Count == 0)
            return;
        console.WriteLine();
        console.WriteLine(
            $"{"Marginals the scenario asserts",-48}{"expected",14}{"measured",14}{"tolerance",14}{"z",8}", new Style(decoration: Decoration.Bold));
        foreach (var marginal in marginals)
        {
            console.Write(
                $"  {Shown.Words(marginal.Of),-46}{Shown.Figure(marginal, marginal.Expected),14}{Shown.Figure(marginal, marginal.Measured),14}{Shown.Figure(marginal, marginal.Tolerance),14}"
                + $"{Shown.Fixed(marginal.Z, 2),8}");
            console.Write(marginal.Within ? "  within" : "  OUT", marginal.Within ? Style.Plain : new Style(Color.Red, decoration: Decoration.Bold));
            console.WriteLine();
        }
    }

    private static string Share(long part, long whole) => whole == 0 ? "-" : $"{Shown.Fixed(part * 100m / whole, 1)} %";
}
