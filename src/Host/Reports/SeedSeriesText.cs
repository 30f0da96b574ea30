using Amoe.Host.Running;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>A series of seeds, for a person.</summary>
internal static class SeedSeriesText
{
    public static void Write(Terminal terminal, SeedSeries series)
    {
        var (console, request, bold) = (terminal.Out, series.First.Request, new Style(decoration: Decoration.Bold));
        console.WriteLine(
            $"{request.Scenario.Name}, scale {Format.Scale(request.ScaleThousandths)}, seeds {series.Runs[0].Seed} to {series.Runs[^1].Seed}: "
            + $"complete, {Format.Date(request.Scenario.Horizon.Opens)} to {Format.Date(series.First.Result.LastDay)}",
            bold);
        console.WriteLine();
        var failed = series.Runs.Where(run => !run.Holds).Select(run => $"{run.Seed}").ToList();
        console.WriteLine(failed.Count == 0
            ? $"Does it hold    yes: each of the {series.Runs.Count} years is as the scenario asserts"
            : $"Does it hold    no: {failed.Count} of {series.Runs.Count} years are not as the scenario asserts");
        foreach (var seeds in failed.Chunk(6))
            console.WriteLine($"                seeds {string.Join(", ", seeds)}");
        console.WriteLine();
        console.WriteLine(Line($"Over {series.Runs.Count} seeds", "mean", "± 95 %", "least", "most"), bold);
        foreach (var (figure, interval) in series.Figures)
        {
            console.WriteLine(Line(
                $"  {Format.Words(figure.Name!)}{(figure.IsMoney ? ", MAD" : "")}",
                Value(figure, interval.Mean, more: 1), Value(figure, interval.HalfWidth, more: 1),
                Value(figure, interval.Least, more: 0), Value(figure, interval.Most, more: 0)));
        }

        console.WriteLine();
        Terminal.Plain("Words    docs/report.md");
        Terminal.Plain($"Repeat   {series.RepeatCommand}");
    }

    private static string Line(string label, string mean, string halfWidth, string least, string most) =>
        $"{label,-32}{mean,18}{halfWidth,14}{least,18}{most,18}";

    /// <param name="more">Decimals beyond those of one run, for figures that are no amounts.</param>
    private static string Value(Figure figure, decimal value, int more) =>
        figure.IsMoney ? Format.Fixed(value / 100m, 2)
        : figure.IsInTenths ? Format.Fixed(value / 10m, 1 + more)
        : Format.Fixed(value, more);
}
