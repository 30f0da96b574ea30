using System.Text.Json;

namespace Amoe.Bench.Http;

/// <summary>A result, for people and for programs.</summary>
internal static class HttpReport
{
    private static readonly JsonSerializerOptions _json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static void WriteJson(TextWriter output, HttpResult result) =>
        output.WriteLine(JsonSerializer.Serialize(result, _json));

    public static HttpResult ReadJson(string text) =>
        JsonSerializer.Deserialize<HttpResult>(text, _json)
        ?? throw new InvalidDataException("there is no result in it");

    public static void WriteText(TextWriter output, HttpResult result)
    {
        var machine = result.Machine;
        output.WriteLine($"{result.Date}, {machine.Cpu}, {machine.Cores} cores, {machine.RamGb} GB, {machine.System}");
        output.WriteLine(
            $"fsync p50 {machine.FsyncP50Ms} ms, p99 {machine.FsyncP99Ms} ms, "
            + $"load before {machine.LoadBefore?.ToString("F1") ?? "unknown"}");
        foreach (var store in result.Stores)
            output.WriteLine(store);
        output.WriteLine();
        output.WriteLine(
            $"{"",-26}{"connections",12}{"requests/s",12}{"p50 ms",9}{"p99 ms",9}{"CPU µs: client",16}{"server",9}"
            + $"{"database",10}");
        foreach (var point in result.Points)
        {
            output.WriteLine(
                $"{point.What,-26}{point.Connections,12}{point.RequestsPerS,12:N0}"
                + $"{Of(point.P50Ms),9}{Of(point.P99Ms),9}{point.ClientUs,16:F1}{point.ServerUs,9:F1}{point.DatabaseUs,10:F1}");
        }

        output.WriteLine();
        WriteRatios(output, result);
    }

    /// <summary>The budgets that are missed, a line each.</summary>
    public static IReadOnlyList<string> Missed(HttpResult result) =>
    [
        .. from budget in HttpBudget.All
           let point = result.Of(budget.What)
           where point is not null && point.RequestsPerS < budget.RequestsPerS
           select $"{budget.What}: {point.RequestsPerS:N0} requests/s, budget ≥ {budget.RequestsPerS:N0}",
    ];

    private static void WriteRatios(TextWriter output, HttpResult result)
    {
        if (result.Of(HttpPoint.Textbook) is { } textbook)
        {
            foreach (var ours in new[] { HttpPoint.Postgres, HttpPoint.Sqlite })
            {
                if (result.Of(ours) is { } point)
                {
                    var (rate, cpu) = ((double)point.RequestsPerS / textbook.RequestsPerS,
                        CpuOf(point) / CpuOf(textbook));
                    output.WriteLine(
                        $"{ours} to the textbook way: {rate:0.00} x the requests/s, "
                        + $"{cpu:0.00} x the processor time of server and database a request");
                }
            }
        }

        foreach (var budget in HttpBudget.All)
        {
            if (result.Of(budget.What) is { } point)
            {
                var verdict = point.RequestsPerS >= budget.RequestsPerS ? "met" : "MISSED";
                output.WriteLine($"{budget.What}: budget ≥ {budget.RequestsPerS:N0} requests/s: {verdict}");
            }
        }
    }

    private static double CpuOf(HttpPoint point) => point.ServerUs + point.DatabaseUs;

    private static string Of(double? ms) => ms?.ToString("F1") ?? "-";
}
