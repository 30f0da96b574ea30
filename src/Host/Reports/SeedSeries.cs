namespace Amoe.Host.Reports;

/// <summary>The same scenario played with several seeds: the main figures of its report, each as an interval.</summary>
/// <param name="First">The outcome of the first seed: what all have in common.</param>
/// <param name="Runs">One for each seed, in their order.</param>
internal sealed record SeedSeries(SimulationOutcome First, IReadOnlyList<SeedRun> Runs)
{
    public bool Holds => Runs.All(run => run.Holds);

    /// <summary>The figures with their intervals, in the order of the report.</summary>
    public IEnumerable<(Figure Figure, Interval Interval)> Figures =>
        Runs[0].Figures.Select((figure, at) =>
            (figure, Interval.Of([.. Runs.Select(run => run.Figures[at].Value)])));

    /// <summary>The command that makes the same series again.</summary>
    public string RepeatCommand => $"{First.RepeatCommand} --seeds {Runs.Count}";
}

/// <summary>A year of a series.</summary>
internal sealed record SeedRun(ulong Seed, ulong Digest, bool Holds, IReadOnlyList<Figure> Figures)
{
    /// <summary>The main figures, by their names in JSON without the unit.</summary>
    private static readonly string[] _main =
    [
        "declarations", "applications", "applications_accepted", "active_peak", "contributions_received",
        "files_refused", "claims", "claims_decided", "claims_refused", "revisions", "lines_cut", "holds", "appeals",
        "claimed", "borne_by_patients", "payable", "spent", "claims_per_1000_students", "average_claim",
        "patients_share_per_mille", "cost_per_student", "days_to_payment",
    ];

    public static SeedRun Of(SimulationOutcome outcome)
    {
        var all = new SchemeFigures(outcome.Result.Accounts).Sections.SelectMany(section => section.Figures).ToList();
        return new SeedRun(
            outcome.Request.Seed, outcome.Result.Digest, outcome.Holds,
            [
                .. _main.Select(name => all.First(figure => figure.Name == name)),
                new Figure(
                    "budget_spent_per_mille", null,
                    Ratio.Of(outcome.Result.Accounts.Totals.SpentCentimes, outcome.ScaledBudgetCentimes, 1000)),
                new Figure(
                    "commands_per_s", null,
                    (long)Format.PerSecond(outcome.Result.CommandsThisRun, outcome.Result.Elapsed)),
            ]);
    }
}
