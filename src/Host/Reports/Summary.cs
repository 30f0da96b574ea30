using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>
/// The top of a report: what happened, how fast, whether it holds, and the budget. Every figure in it is one of the
/// report's, as <c>docs/report.md</c> defines it.
/// </summary>
internal sealed record Summary(IReadOnlyList<SummaryAnswer> Answers)
{
    private const int QuestionWidth = 16;

    public static Summary Of(SimulationOutcome outcome) => new(
    [
        WhatHappened(outcome.Result.Accounts), HowFast(outcome), DoesItHold(outcome), Budget(outcome),
    ]);

    public static Summary Of(JournalIdentity identity, AuditReport report) => new(
    [
        WhatHappened(report.Accounts),
        report.Problems.Count == 0
            ? new SummaryAnswer("Does it hold", ["yes: every record is whole and replays, and all figures add up"])
            : new SummaryAnswer("Does it hold", [$"no: {Format.Count(report.Problems.Count)} problems, listed below"])
            {
                IsBad = true,
            },

        // A live host's journal may be of any time, and the budget is for a year.
        .. identity.IsSimulated ? [Budget(identity, report)] : (SummaryAnswer[])[],
    ]);

    public void Write(IAnsiConsole console)
    {
        foreach (var answer in Answers)
        {
            foreach (var (number, line) in answer.Lines.Index())
            {
                console.Write(
                    (number == 0 ? answer.Question : "").PadRight(QuestionWidth), new Style(decoration: Decoration.Bold));
                console.Write(line, answer.IsBad ? new Style(Color.Red) : Style.Plain);
                console.WriteLine();
            }
        }
    }

    private static SummaryAnswer WhatHappened(Accounts accounts)
    {
        var (totals, open) = (accounts.Totals, accounts.Open);
        return new SummaryAnswer("What happened",
        [
            $"{Format.Count(totals[Counter.Declarations])} declarations; {Format.Count(totals[Counter.Accepted])} of "
                + $"{Format.Count(totals[Counter.Applications])} applications accepted",
            $"{Format.Count(totals[Counter.Claims])} claims, {Format.Count(totals[Counter.ClaimsDecided])} of them "
                + $"decided; {Format.Dirhams(totals.SpentCentimes)} spent",
            $"{Format.Count(open.Claims)} claims open, with {Format.Dirhams(open.OutstandingCentimes)} outstanding",
        ]);
    }

    private static SummaryAnswer HowFast(SimulationOutcome outcome)
    {
        var result = outcome.Result;
        return new SummaryAnswer("How fast",
        [
            $"{Format.Count(result.CommandsThisRun)} commands in {Format.Fixed(Format.Seconds(result.Elapsed), 2)} s, "
                + $"{Format.Count((long)Format.PerSecond(result.CommandsThisRun, result.Elapsed))} a second, "
                + "each durable before its answer",
            .. outcome.Request.Resume ? (string[])["of the resumed run alone, not of the whole year"] : [],
        ]);
    }

    private static SummaryAnswer DoesItHold(SimulationOutcome outcome)
    {
        var result = outcome.Result;
        var (asserted, within) = (result.Marginals.Count, result.Marginals.Count(marginal => marginal.Within));
        List<string> lines = [];
        if (!result.IsComplete)
            lines.Add(
                $"not known: the run ended on {Format.Date(result.LastDay)}, and the year ends on "
                    + $"{Format.Date(outcome.Request.Scenario.Horizon.Closes)}");
        else if (asserted == 0)
            lines.Add("the scenario asserts nothing");
        else if (within == asserted)
            lines.Add($"yes: all {asserted} figures that the scenario asserts are within their tolerance");
        else
            lines.Add(
                $"no: {asserted - within} of {asserted} figures that the scenario asserts are out of their tolerance");
        if (result.Quarantined > 0)
            lines.Add($"no: {Format.Count(result.Quarantined)} students are out of service");
        return new SummaryAnswer("Does it hold", lines) { IsBad = !outcome.Holds };
    }

    private static SummaryAnswer Budget(SimulationOutcome outcome) => Budget(
        outcome.ScaledBudgetCentimes, outcome.Result.Accounts, outcome.Result.IsComplete ? "" : "so far ", []);

    private static SummaryAnswer Budget(JournalIdentity identity, AuditReport report) => Budget(
        SimulationOutcome.BudgetAt(identity.Scale), report.Accounts, "",
        report.ClosedTo == default ? [] : [$"through {Format.Date(report.ClosedTo)}; the budget is for one year"]);

    /// <param name="begin">Said before whether it is within the budget.</param>
    /// <param name="notes">Lines at the end.</param>
    private static SummaryAnswer Budget(long budget, Accounts accounts, string begin, string[] notes)
    {
        var spent = accounts.Totals.SpentCentimes;
        var committed = spent + accounts.Open.OutstandingCentimes;
        var when = committed == spent ? "" : " once what is outstanding is paid";
        return new SummaryAnswer("Budget",
        [
            $"{Format.Share(spent, budget)} of {Format.Dirhams(budget)} is spent, {Format.Share(committed, budget)} "
                + "with what is outstanding",
            begin
                + (spent > budget ? $"over the budget by {Format.Dirhams(spent - budget)}"
                : committed > budget
                ? $"within the budget, and over it by {Format.Dirhams(committed - budget)}{when}"
                : $"within the budget: {Format.Dirhams(budget - committed)} are left{when}"),
            .. notes,
        ])
        {
            IsBad = spent > budget,
        };
    }
}

/// <summary>An answer of a <see cref="Summary"/>, in lines of at most 84 columns.</summary>
internal sealed record SummaryAnswer(string Question, IReadOnlyList<string> Lines)
{
    /// <summary>True where the reader should do something about it.</summary>
    public bool IsBad { get; init; }
}
