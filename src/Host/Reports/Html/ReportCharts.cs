using Amoe.Engine.Explaining;
using Amoe.Simulator.Running;

namespace Amoe.Host.Reports.Html;

/// <summary>The charts of a simulation's page, in their order.</summary>
internal static class ReportCharts
{
    /// <summary>The headings of the page, and the charts below each.</summary>
    private static readonly (string Name, string[] Charts)[] _groups =
    [
        ("students",
        [
            "students", "applications", "declarations_by_category", "declarations_by_coverage",
            "applications_accepted_by_category", "applications_refused_by_reason", "suspensions_by_cause",
        ]),
        ("claims",
        [
            "claims", "backlogs", "claims_by_way", "claims_by_category", "lines_by_care", "files_refused_by_reason",
            "lines_refused_by_reason",
        ]),
        ("money", ["money", "payable_by_care", "payable_by_category", "payments_by_days", "clocks_missed"]),
        ("run", ["rate", "latency", "commands_refused_by_reason"]),
    ];

    /// <summary>The groups of words by what a table of months is taken apart.</summary>
    private static readonly (string Ending, string Words)[] _kinds =
    [
        ("_by_care", "act"), ("_by_category", "category"), ("_by_cause", "suspension"), ("_by_coverage", "coverage"),
        ("_by_days", "days"), ("_by_reason", "reason"), ("_by_way", "way"), ("clocks_missed", "clock"),
    ];

    /// <summary>All charts, by the headings they are below.</summary>
    /// <exception cref="InvalidOperationException">A chart has no heading.</exception>
    public static IEnumerable<(string Group, IEnumerable<ReportChart> Charts)> Of(
        SchemeFigures figures, SimulationOutcome outcome)
    {
        var all = All(figures, outcome);
        if (all.FirstOrDefault(chart => !_groups.Any(group => group.Charts.Contains(chart.Name))) is { } left)
            throw new InvalidOperationException($"the chart '{left.Name}' is in no group of the page");
        return _groups.Select(group =>
            (group.Name, group.Charts.Select(name => all.First(chart => chart.Name == name))));
    }

    private static IReadOnlyList<ReportChart> All(SchemeFigures figures, SimulationOutcome outcome) =>
    [
        ByDay(figures.Days, "students", ["active", "suspended"]),
        ByDay(
            figures.Days, "applications",
            [
                "pending_not_forwarded", "pending_at_onousc", "pending_at_ofppt", "pending_at_anam_portal",
                "pending_with_anam",
            ]) with
        {
            IsStacked = true,
        },
        ByDay(
            figures.Days, "backlogs",
            [
                "approvals_pending", "reviews_pending", "duplicates_pending", "appeals_pending", "claims_with_student",
                "claims_not_received",
            ]),
        ByMonth(
            figures.Months, "claims", 0, ("files_brought", month => month.FilesBrought),
            ("claims", month => month.Rates.Claims), ("claims_decided", month => month.Rates.ClaimsDecided)),
        ByMonth(
            figures.Months, "money", 2, ("claimed", month => month.Rates.ClaimedCentimes),
            ("payable", month => month.Rates.PayableCentimes), ("spent", month => month.Rates.SpentCentimes)),
        .. figures.ByMonth.All.Select(Of),
        .. Pace(outcome.Result.Pace, outcome.Request.Resume),
    ];

    private static ReportChart ByDay(DayTable days, string name, string[] figures) => new(
        name, [.. Enumerable.Range(0, days.Count).Select(day => Format.Date(days.First.AddDays(day)))],
        [.. figures.Select(figure => new ChartSeries(Word(figure), 0, Numbers(days[figure])))]);

    private static ReportChart ByMonth(
        Months months, string name, int decimals, params (string Name, Func<Month, long> Of)[] figures) =>
        new(
            name, [.. months.All.Select(month => month.Name)],
            [
                .. figures.Select(figure => new ChartSeries(
                    Word(figure.Name), decimals,
                    [.. months.All.Select(month => Value(figure.Of(month), isMoney: decimals > 0))])),
            ])
        {
            IsByMonth = true,
        };

    private static ReportChart Of(MonthTable table)
    {
        var words = _kinds.First(kind => table.Name.EndsWith(kind.Ending, StringComparison.Ordinal)).Words;
        return new ReportChart(
            table.Name, table.Months,
            [
                .. table.Rows.OrderByDescending(row => row.Values.Sum(Math.Abs))
                    .SelectMany(row => Series(row, $"{words}.{row.Name}", table.IsMoney)),
            ])
        {
            IsByMonth = true,
            IsStacked = true,
        };
    }

    private static IEnumerable<ChartSeries> Series(MonthRow row, string key, bool isMoney)
    {
        yield return new ChartSeries(
            new Message(key), isMoney ? 2 : 0, [.. row.Values.Select(value => Value(value, isMoney))])
        {
            Rule = row.Rule,
        };
        if (row.Of is { } of)
            yield return new ChartSeries(new Message("page.of", ("what", new Name(key))), 0, Numbers(of))
            {
                IsDrawn = false,
            };
    }

    private static IEnumerable<ReportChart> Pace(IReadOnlyList<PaceSample> pace, bool resumed)
    {
        string[] days = [.. pace.Select(sample => Format.Date(sample.Day))];
        yield return new ReportChart("rate", days,
        [
            new ChartSeries(
                Word("commands_per_s"), 0,
                [.. pace.Select(sample => (decimal?)Format.PerSecond(sample.Commands, sample.Elapsed))]),
            new ChartSeries(
                Word("seconds"), 3, [.. pace.Select(sample => (decimal?)Format.Seconds(sample.Elapsed))])
            {
                IsDrawn = false,
            },
            new ChartSeries(Word("commands"), 0, Numbers(pace.Select(sample => sample.Commands))) { IsDrawn = false },
            new ChartSeries(Word("events"), 0, [.. pace.Select(sample => (decimal?)sample.Events)]) { IsDrawn = false },
        ])
        {
            IsOfThisRun = resumed,
        };
        yield return new ReportChart("latency", days,
        [
            new ChartSeries(Word("commit_p50_ms"), 2, [.. pace.Select(sample => sample.CommitP50Ms)]),
            new ChartSeries(Word("commit_p99_ms"), 2, [.. pace.Select(sample => sample.CommitP99Ms)]),
        ])
        {
            IsOfThisRun = resumed,
        };
    }

    private static Message Word(string series) => new($"series.{series}");

    private static decimal?[] Numbers(IEnumerable<long> values) => [.. values.Select(value => (decimal?)value)];

    private static decimal? Value(long value, bool isMoney) => isMoney ? value / 100m : value;
}
