using System.Text.Json;

namespace Amoe.Bench.Ladder;

/// <summary>A ladder's result, for people and for programs.</summary>
internal static class LadderReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true
    };

    public static void WriteJson(TextWriter output, LadderResult result) =>
        output.WriteLine(JsonSerializer.Serialize(result, Json));

    public static LadderResult ReadJson(string text) =>
        JsonSerializer.Deserialize<LadderResult>(text, Json)
            ?? throw new InvalidDataException("there is no result in it");

    public static void WriteText(TextWriter output, LadderResult result)
    {
        var machine = result.Machine;
        output.WriteLine(
            $"{result.Scenario}, scale {result.Scale}, seed {result.Seed}, {result.Threads} threads, median of {result.Rounds}: {result.Commands:N0} commands,");
        output.WriteLine(
            $"{result.Events:N0} events, {result.JournalBytes:N0} bytes, {result.Segments:N0} segments in {result.Transactions:N0} transactions");
        output.WriteLine(
            $"{machine.Cpu}, {machine.Cores} cores, {machine.RamGb} GB, {machine.System}, {machine.Runtime}");
        output.WriteLine(
            $"fsync p50 {machine.FsyncP50Ms} ms, p99 {machine.FsyncP99Ms} ms, load before {machine.LoadBefore?.ToString("F1") ?? "unknown"}");
        if (result.Store is { } store)
            output.WriteLine(store);
        output.WriteLine($"bare: {result.BareLayout}");
        output.WriteLine();
        output.WriteLine(
            $"{"rung",-21}{"wall s",8}{"(range)",16}{"events/s",12}{"commands/s",12}{"to bare",9}{"CPU µs/cmd",12}{"server",9}{"B/event",9}{"MB/s",8}{"WAL B/cmd",11}");
        foreach (var rung in result.Rungs)
        {
            output.WriteLine(
                $"{rung.Name,-21}{rung.WallS,8:F2}{$"({rung.WallSMin:F2}-{rung.WallSMax:F2})",16}{rung.EventsPerS,12:N0}{rung.CommandsPerS,12:N0}"
                + $"{rung.RatioToBare,9:F3}{rung.CpuUsPerCommand,12:F2}{rung.StoreCpuUsPerCommand,9:F2}{rung.BytesPerEvent,9:F1}{rung.MbPerS,8:F1}{rung.StoreLogBytesPerCommand,11:F1}");
        }

        output.WriteLine();
        if (result.Baseline is { } baseline)
            WriteBaseline(output, baseline);
        foreach (var budget in Budget.All.Where(budget => budget.AppliesTo(result)))
            output.WriteLine(
                $"{budget.What,-58}{budget.Figure(result),12:#,0.###}  budget {budget.Sign} {budget.Bound:#,0.###}: {(budget.IsMet(result) ? "met" : "MISSED")}");
        output.WriteLine();
        output.WriteLine(
            $"replay on one thread: {result.ReplayEventsPerSOneThread:N0} events/s; decoded alone {result.ReplayDecodedEventsPerSOneThread:N0}, read and checked alone {result.ReplayReadEventsPerSOneThread:N0}");
        output.WriteLine($"a line's price alone: {result.PricedLinesPerS:N0} lines/s on one core");
    }

    private static void WriteBaseline(TextWriter output, BaselineResult baseline)
    {
        output.WriteLine(
            $"a transaction per command, with Dapper: {baseline.Commands:N0} of the commands, the same decisions");
        output.WriteLine(
            $"{"connections",-21}{"wall s",8}{"commands/s",40}{"CPU µs/cmd",21}{"server",9}{"WAL B/cmd",28}");
        foreach (var run in baseline.Runs)
            output.WriteLine(
                $"{run.Connections,-21}{run.WallS,8:F2}{run.CommandsPerS,40:N0}{run.CpuUsPerCommand,21:F2}{run.StoreCpuUsPerCommand,9:F2}{run.StoreLogBytesPerCommand,28:F1}");
        output.WriteLine();
    }
}

/// <summary>One of the design's budgets that this ladder measures.</summary>
internal sealed record Budget(string What, Func<LadderResult, double> Figure, bool AtLeast, double Bound)
{
    public static IReadOnlyList<Budget> All { get; } =
    [
        new("engine to bare, the same bytes", result => RungOf(result, "engine").RatioToBare, true, 0.5),
        new(
            "engine to a transaction per command, commands/s",
            result => (double)RungOf(result, "engine").CommandsPerS / result.Baseline!.Best.CommandsPerS, true,
            30) { NeedsServer = true },
        new(
            "simulate to a transaction per command, commands/s",
            result => (double)RungOf(result, "simulate").CommandsPerS / result.Baseline!.Best.CommandsPerS, true,
            30) { NeedsServer = true },
        new(
            "three hosts to one, through their endpoints",
            result => RungOf(result, Rungs.HostsName(1)).WallS / RungOf(result, Rungs.HostsName(3)).WallS, true,
            0.7) { NeedsServer = true },
        new("journal bytes per event", result => RungOf(result, "engine").BytesPerEvent, false, 48),
        new("heap bytes per active student with a year's history", result => result.BytesPerActiveStudent, false, 500),
        new("heap bytes per open claim", result => result.BytesPerOpenClaim, false, 300),
        new("replay of the journal into state, events/s", result => result.ReplayEventsPerS, true, 2_000_000),
        new("adjudication on one core, lines/s", result => result.AdjudicationLinesPerS, true, 3_000_000),
    ];

    /// <summary>True for what is measured where the store is a server.</summary>
    public bool NeedsServer { get; init; }

    public bool AppliesTo(LadderResult result) => !NeedsServer || result.Baseline is not null;

    public string Sign => AtLeast ? "≥" : "≤";

    private static RungResult RungOf(LadderResult result, string name) => result.Rungs.First(rung => rung.Name == name);

    public bool IsMet(LadderResult result) => AtLeast ? Figure(result) >= Bound : Figure(result) <= Bound;
}
