using Amoe.Engine.Explaining;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>
/// The top of a report: what happened, how fast, whether it holds, and the budget. Every figure in it is one of the
/// report's, as <c>docs/report.md</c> defines it. Its sentences are in <c>words.yaml</c>.
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
            ? new SummaryAnswer("summary.does_it_hold", [new Message("summary.verified")])
            : new SummaryAnswer(
                "summary.does_it_hold", [new Message("summary.problems", ("problems", Number(report.Problems.Count)))])
            {
                IsBad = true,
            },

        // A live host's journal may be of any time, and the budget is for a year.
        .. identity.IsSimulated ? [Budget(identity, report)] : (SummaryAnswer[])[],
    ]);

    /// <summary>In English, for the terminal.</summary>
    public void Write(IAnsiConsole console)
    {
        foreach (var answer in Answers)
        {
            foreach (var (number, line) in answer.Lines.Index())
            {
                var question = number == 0 ? Format.Message(new Message(answer.Question)) : "";
                console.Write(question.PadRight(QuestionWidth), new Style(decoration: Decoration.Bold));
                console.Write(Format.Message(line), answer.IsBad ? new Style(Color.Red) : Style.Plain);
                console.WriteLine();
            }
        }
    }

    private static SummaryAnswer WhatHappened(Accounts accounts)
    {
        var (totals, open) = (accounts.Totals, accounts.Open);
        return new SummaryAnswer("summary.what_happened",
        [
            new Message(
                "summary.declared", ("declarations", Number(totals[Counter.Declarations])),
                ("accepted", Number(totals[Counter.Accepted])), ("applications", Number(totals[Counter.Applications]))),
            new Message(
                "summary.claims", ("claims", Number(totals[Counter.Claims])),
                ("decided", Number(totals[Counter.ClaimsDecided])), ("spent", new Money(totals.SpentCentimes))),
            new Message(
                "summary.open", ("claims", Number(open.Claims)), ("outstanding", new Money(open.OutstandingCentimes))),
        ]);
    }

    private static SummaryAnswer HowFast(SimulationOutcome outcome)
    {
        var result = outcome.Result;
        return new SummaryAnswer("summary.how_fast",
        [
            new Message(
                "summary.commands", ("commands", Number(result.CommandsThisRun)),
                ("seconds", new Rounded(Format.Seconds(result.Elapsed), 2)),
                ("rate", Number((long)Format.PerSecond(result.CommandsThisRun, result.Elapsed)))),
            .. outcome.Request.Resume ? (Message[])[new Message("summary.resumed")] : [],
        ]);
    }

    private static SummaryAnswer DoesItHold(SimulationOutcome outcome)
    {
        var result = outcome.Result;
        var (asserted, within) = (result.Marginals.Count, result.Marginals.Count(marginal => marginal.Within));
        List<Message> lines = [];
        if (!result.IsComplete)
            lines.Add(new Message(
                "summary.not_known", ("last", new On(result.LastDay)),
                ("closes", new On(outcome.Request.Scenario.Horizon.Closes))));
        else if (asserted == 0)
            lines.Add(new Message("summary.asserts_nothing"));
        else if (within == asserted)
            lines.Add(new Message("summary.all_within", ("asserted", Number(asserted))));
        else
            lines.Add(new Message(
                "summary.some_out", ("out", Number(asserted - within)), ("asserted", Number(asserted))));
        if (result.Quarantined > 0)
            lines.Add(new Message("summary.out_of_service", ("students", Number(result.Quarantined))));
        return new SummaryAnswer("summary.does_it_hold", lines) { IsBad = !outcome.Holds };
    }

    private static SummaryAnswer Budget(SimulationOutcome outcome) => Budget(
        outcome.ScaledBudgetCentimes, outcome.Result.Accounts, outcome.Result.IsComplete, []);

    private static SummaryAnswer Budget(JournalIdentity identity, AuditReport report) => Budget(
        SimulationOutcome.BudgetAt(identity.Scale), report.Accounts, isWhole: true,
        report.ClosedTo == default ? [] : [new Message("summary.through", ("day", new On(report.ClosedTo)))]);

    /// <param name="isWhole">False before the end of the year, where the balance is only the one so far.</param>
    /// <param name="notes">Lines at the end.</param>
    private static SummaryAnswer Budget(long budget, Accounts accounts, bool isWhole, Message[] notes)
    {
        var spent = accounts.Totals.SpentCentimes;
        var committed = spent + accounts.Open.OutstandingCentimes;
        var balance = spent > budget ? Amount("summary.over", spent - budget)
            : committed > budget ? Amount("summary.over_later", committed - budget)
            : Amount(committed == spent ? "summary.left" : "summary.left_later", budget - committed);
        return new SummaryAnswer("summary.budget",
        [
            new Message(
                "summary.share", ("spent", Share(spent, budget)), ("budget", new Money(budget)),
                ("committed", Share(committed, budget))),
            isWhole ? balance : new Message("summary.so_far", ("balance", new Phrase(balance))),
            .. notes,
        ])
        {
            IsBad = spent > budget,
        };
    }

    private static Count Number(long number) => new(number, Unit.None);

    private static Message Amount(string key, long centimes) => new(key, ("amount", new Money(centimes)));

    /// <summary>In percent, to a tenth.</summary>
    private static Percent Share(long part, long whole) => new((int)(Ratio.Of(part, whole, 1000) * 10));
}

/// <summary>An answer of a <see cref="Summary"/>, in lines of at most 84 columns in English.</summary>
/// <param name="Question">The key of the question.</param>
internal sealed record SummaryAnswer(string Question, IReadOnlyList<Message> Lines)
{
    /// <summary>True where the reader should do something about it.</summary>
    public bool IsBad { get; init; }
}
