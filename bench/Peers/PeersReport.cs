using System.Text.Json;

namespace Amoe.Bench.Peers;

/// <summary>A comparison's result, for people and for programs.</summary>
internal static class PeersReport
{
    private static readonly JsonSerializerOptions _json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static void WriteJson(TextWriter output, PeersResult result) =>
        output.WriteLine(JsonSerializer.Serialize(result, _json));

    public static PeersResult ReadJson(string text) =>
        JsonSerializer.Deserialize<PeersResult>(text, _json)
        ?? throw new InvalidDataException("there is no result in it");

    public static void WriteText(TextWriter output, PeersResult result)
    {
        var machine = result.Machine;
        output.WriteLine(
            $"{result.Date}, {result.Scenario}, scale {result.Scale}, seed {result.Seed}: "
            + $"{result.Commands:N0} commands, {result.Students:N0} students");
        output.WriteLine(
            $"{machine.Cpu}, {machine.Cores} cores, {machine.RamGb} GB, {machine.System}, {machine.Runtime}");
        output.WriteLine(
            $"fsync p50 {machine.FsyncP50Ms} ms, p99 {machine.FsyncP99Ms} ms, "
            + $"load before {machine.LoadBefore?.ToString("F1") ?? "unknown"}");
        foreach (var store in result.Stores)
            output.WriteLine(store);
        output.WriteLine();
        foreach (var peer in result.Peers)
            output.WriteLine($"{peer.Peer,-14} {peer.Settings}");
        WriteCurve(output, result);
        WriteBest(output, result);
        WriteBudgets(output, result);
        if (result.Points.Any(point => point.IsExtrapolated))
            output.WriteLine("~ extrapolated: stopped before the year's end; the rate is of what was done by then.");
    }

    private static void WriteCurve(TextWriter output, PeersResult result)
    {
        output.WriteLine();
        output.WriteLine("durable commands/s with so many commands under way");
        output.WriteLine($"{"",-14}{string.Concat(result.Concurrency.Select(underWay => $"{underWay,12:N0}"))}");
        foreach (var peer in result.Peers)
        {
            var rates = result.Concurrency.Select(underWay => $"{RateOf(result.At(peer.Peer, underWay)),12}");
            output.WriteLine($"{peer.Peer,-14}{string.Concat(rates)}");
        }
    }

    private static void WriteBest(TextWriter output, PeersResult result)
    {
        output.WriteLine();
        output.WriteLine("each at its best");
        output.WriteLine(
            $"{"",-14}{"under way",11}{"(average)",11}{"commands/s",13}{"commands",12}{"wall s",9}"
            + $"{"CPU µs/cmd",12}{"server",9}");
        foreach (var point in result.Peers.Select(peer => result.Best(peer.Peer)).OfType<PeerPoint>())
        {
            output.WriteLine(
                $"{point.Peer,-14}{point.UnderWay,11:N0}{$"({point.UnderWayOnAverage:N0})",11}{RateOf(point),13}"
                + $"{point.Commands,12:N0}{point.WallS,9:F2}"
                + $"{point.CpuUsPerCommand,12:F1}{point.StoreCpuUsPerCommand,9:F1}");
        }
    }

    /// <summary>
    /// At their best, as the budgets are meant, and with as many under way as the peer, which is what a reader with
    /// that load gets.
    /// </summary>
    private static void WriteBudgets(TextWriter output, PeersResult result)
    {
        output.WriteLine();
        output.WriteLine("ours to theirs, commands/s: each at its best; and with the same number under way");
        foreach (var (ours, peer, times) in Comparisons())
        {
            if (result.Best(ours) is not { } own || result.Best(peer) is not { CommandsPerS: > 0 } theirs)
                continue;
            var ratio = RatioOf(own, theirs);
            var verdict = times is not { } budget ? "no budget"
                : $"budget ≥ {budget}: {(ratio >= budget ? "met" : "MISSED")}";
            var same =
                from underWay in result.Concurrency
                let ownPoint = result.At(ours, underWay)
                let theirPoint = result.At(peer, underWay)
                where ownPoint is not null && theirPoint is { CommandsPerS: > 0 }
                select $"{RatioOf(ownPoint, theirPoint):0.0} with {underWay:N0}";
            output.WriteLine($"{ours,-14}/ {peer,-14}{ratio,8:0.0} x  {verdict,-22} {string.Join(", ", same)}");
        }

        output.WriteLine();
    }

    private static IEnumerable<(string Ours, string Peer, int? Times)> Comparisons() =>
    [
        .. PeerBudget.All.Select(budget => (budget.Ours, budget.Peer, (int?)budget.Times)),
        (PeerKinds.OursPostgres, PeerKinds.GroupCommit, null),
    ];

    private static double RatioOf(PeerPoint ours, PeerPoint theirs) => (double)ours.CommandsPerS / theirs.CommandsPerS;

    private static string RateOf(PeerPoint? point) =>
        point is null ? "-" : $"{(point.IsExtrapolated ? "~" : "")}{point.CommandsPerS:N0}";
}
