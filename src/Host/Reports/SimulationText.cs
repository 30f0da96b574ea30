using Amoe.Engine.Figures;
using Amoe.Host.Running;
using Amoe.Simulator.Assertions;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>The end of a simulation, for a person.</summary>
internal static class SimulationText
{
    public static void Write(Terminal terminal, SimulationOutcome outcome)
    {
        var console = terminal.Out;
        var (request, result) = (outcome.Request, outcome.Result);
        var figures = new SchemeFigures(result.Accounts);
        var breakdowns = Breakdown.Of(result.Accounts.Totals).ToDictionary(breakdown => breakdown.Name);
        console.WriteLine(
            $"{request.Scenario.Name}, scale {Format.Scale(request.ScaleThousandths)}, seed {request.Seed}: "
            + $"{(result.IsComplete ? "complete" : "not complete")}, {Format.Date(request.Scenario.Horizon.Opens)} to {Format.Date(result.LastDay)}",
            new Style(decoration: Decoration.Bold));
        console.WriteLine();
        Summary.Of(outcome).Write(console);
        console.WriteLine();
        var (students, claims) = (Students(figures, breakdowns), Claims(outcome, figures, breakdowns));
        Page.Write(console, students, claims);
        figures.Months.Write(console);
        figures.ByMonth.Write(console);
        figures.Days.Write(console);
        figures.OpenClaimsByAge.Write(console);
        figures.Payments.Write(console);
        figures.Overpayments.Write(console);
        figures.Ledgers.Write(console);
        if (result.IsComplete)
            Marginals(console, result.Marginals);
        console.WriteLine();
        Page.Write(console, Run(outcome), Journal(outcome));
        Hosts(console, outcome.Hosts);
        RuleLegend.Of([.. students.Names, .. claims.Names, .. figures.Names]).Write(console);
        console.WriteLine();
        Terminal.Plain("Words    docs/report.md");
        Terminal.Plain($"Digest   {Format.Digest(result.Digest)}");
        Terminal.Plain($"Repeat   {outcome.RepeatCommand}");
    }

    private static Page Students(SchemeFigures figures, Dictionary<string, Breakdown> breakdowns)
    {
        var page = new Page();
        page.Add(figures.Declarations);
        page.Add(breakdowns["declarations_by_category"]);
        page.Add(breakdowns["declarations_by_coverage"]);
        page.Add(figures.Applications);
        page.Add(breakdowns["applications_accepted_by_category"]);
        page.Add(breakdowns["applications_refused_by_reason"]);
        page.Add(figures.Rights);
        page.Add(breakdowns["suspensions_by_cause"]);
        page.Add(figures.Contributions);
        page.Add(figures.Parties);
        page.Add(breakdowns["commands_refused_by_reason"]);
        page.Add(breakdowns["clocks_missed"]);
        return page;
    }

    private static Page Claims(
        SimulationOutcome outcome, SchemeFigures figures, Dictionary<string, Breakdown> breakdowns)
    {
        var page = new Page();
        page.Add(figures.Files);
        page.Add(breakdowns["files_refused_by_reason"]);
        page.Add(figures.Claims);
        page.Add(breakdowns["claims_by_category"]);
        page.Add(figures.Questions);
        page.Add(figures.OpenClaims);
        page.Add(figures.Expenditure);
        page.Dirhams(
            outcome.Request.ScaleThousandths == 1000 ? "budget" : "budget at this scale", outcome.ScaledBudgetCentimes);
        page.Row(
            "spent of the budget", Format.Share(outcome.Result.Accounts.Totals.SpentCentimes, outcome.ScaledBudgetCentimes));
        page.Add(figures.Rates);
        page.Add(breakdowns["payments_by_days"]);
        page.Add(figures.Lines);
        page.Add(breakdowns["lines_refused_by_reason"]);
        page.Add(breakdowns["care"]);
        return page;
    }

    private static Page Run(SimulationOutcome outcome)
    {
        var result = outcome.Result;
        var page = new Page();
        page.Title(outcome.Request.Resume ? "This run, resumed: not the whole year" : "This run");
        page.Count("commands", result.CommandsThisRun);
        page.Count("events", result.EventsThisRun);
        page.Row("time", $"{Format.Fixed(Format.Seconds(result.Elapsed), 2)} s");
        page.Row("commands a second", Format.Count((long)Format.PerSecond(result.CommandsThisRun, result.Elapsed)));
        page.Row("events a second", Format.Count((long)Format.PerSecond(result.EventsThisRun, result.Elapsed)));
        page.Row(
            "commit p50, p99, max",
            $"{Format.Ms(result.CommitP50Ms)}, {Format.Ms(result.CommitP99Ms)}, {Format.Ms(result.CommitMaxMs)}");
        if (result.ReadBack is { } readBack)
            page.Row(
                "claims read back",
                $"{Format.Count(readBack.Claims)}, {Format.Fixed(Format.Seconds(readBack.Time), 2)} s");
        page.Row("peak memory", Format.Bytes(outcome.PeakMemoryBytes));
        return page;
    }

    private static Page Journal(SimulationOutcome outcome)
    {
        var result = outcome.Result;
        var totals = result.Accounts.Totals;
        var events = totals[Counter.Events];
        var page = new Page();
        page.Title(
            outcome.Place.IsTemporary ? "Journal (temporary, deleted now)"
            : outcome.Request.Resume ? "Journal, of all runs"
            : "Journal");
        page.Count("commands", totals[Counter.Commands]);
        page.Count("of these refused", totals[Counter.CommandsRefused], 2);
        page.Count("events", events);
        page.Row("segments", Format.Bytes(result.SegmentBytes));
        page.Row("bytes an event", Format.Fixed(events == 0 ? 0 : (decimal)result.SegmentBytes / events, 1));
        page.Row("file", Format.Bytes(result.FileBytes));
        if (result.SnapshotBytes > 0)
            page.Row("snapshots", Format.Bytes(result.SnapshotBytes));
        page.Row(
            "written in this run", outcome.BytesPerSecond is { } rate ? $"{Format.Fixed(rate / 1e6m, 1)} MB/s" : "-");
        return page;
    }

    private static void Hosts(IAnsiConsole console, IReadOnlyList<HostEnd> hosts)
    {
        if (hosts.Count == 0)
            return;
        console.WriteLine();
        console.WriteLine(
            $"{"Hosts at the end",-36}{"partitions",12}{"commit p50",14}{"p99",12}{"max",12}{"memory",14}",
            new Style(decoration: Decoration.Bold));
        foreach (var host in hosts)
        {
            var name = $"  {host.Number}  {host.Endpoint}";
            console.WriteLine(host.Answer is not { } answer
                ? $"{name,-36}  {(host.Died ? "ended before its time" : "did not answer")}"
                : $"{name,-36}{answer.PartitionsServed,12}{Format.Ms(answer.CommitP50Ms),14}{Format.Ms(answer.CommitP99Ms),12}{Format.Ms(answer.CommitMaxMs),12}{Format.Bytes(answer.MemoryBytes),14}");
        }
    }

    private static void Marginals(IAnsiConsole console, IReadOnlyList<MarginalCheck> marginals)
    {
        if (marginals.Count == 0)
            return;
        console.WriteLine();
        console.WriteLine(
            $"{"Marginals the scenario asserts",-48}{"expected",13}{"measured",13}{"tolerance",12}{"z",6}",
            new Style(decoration: Decoration.Bold));
        foreach (var marginal in marginals)
        {
            console.Write(
                $"  {Format.Words(marginal.Of),-46}{Format.Figure(marginal, marginal.Expected),13}{Format.Figure(marginal, marginal.Measured),13}{Format.Figure(marginal, marginal.Tolerance),12}"
                + $"{Format.Fixed(marginal.Z, 2),6}");
            console.Write(
                marginal.Within ? "  within" : "  OUT",
                marginal.Within ? Style.Plain : new Style(Color.Red, decoration: Decoration.Bold));
            console.WriteLine();
        }
    }
}
