using System.Text.Json;
using Amoe.Bench.Ladder;

namespace Amoe.Bench.Runtimes;

/// <summary>Two runtimes at the same work, in one run.</summary>
/// <param name="Rungs">The engine's own runtime and Akka.NET at several windows, on each store.</param>
/// <param name="OwnBytesPerStudent">Of the heap, for a student in memory who has declared and nothing more.</param>
internal sealed record RuntimesResult(
    IReadOnlyList<RuntimeRung> Rungs, long OwnBytesPerStudent, long AkkaBytesPerStudent, string Scenario, decimal Scale, ulong Seed, int Rounds, string Digest, Machine Machine)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static RuntimesResult ReadJson(string text) => JsonSerializer.Deserialize<RuntimesResult>(text, Json) ?? throw new InvalidDataException("there is no result in it");

    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(this, Json));

    public void WriteText(TextWriter output)
    {
        output.WriteLine($"{Scenario}, scale {Scale}, seed {Seed}, median of {Rounds}, digest {Digest} everywhere");
        output.WriteLine($"{Machine.Cpu}, {Machine.Cores} cores, {Machine.RamGb} GB, {Machine.System}, {Machine.Runtime}, load before {Machine.LoadBefore?.ToString("F1") ?? "unknown"}");
        output.WriteLine();
        output.WriteLine($"{"store",-12}{"runtime",-22}{"wall s",9}{"commands/s",12}{"events/s",11}{"p50 ms",9}{"p99 ms",10}{"CPU µs/event",14}{"server",9}{"own faster",12}");
        foreach (var rung in Rungs)
        {
            var own = Rungs.First(other => other.Store == rung.Store);
            output.WriteLine(
                $"{rung.Store,-12}{rung.Runtime,-22}{rung.WallS,9:F2}{rung.CommandsPerS,12:N0}{rung.EventsPerS,11:N0}{rung.P50Ms,9:F2}{rung.P99Ms,10:F1}"
                + $"{rung.CpuUsPerEvent,14:F1}{rung.StoreCpuUsPerEvent,9:F1}{rung.WallS / own.WallS,12:F1}");
        }

        output.WriteLine();
        output.WriteLine($"a student in memory who has declared: {OwnBytesPerStudent:N0} bytes of the heap, on Akka.NET {AkkaBytesPerStudent:N0}");
    }
}

/// <summary>A runtime on a store.</summary>
/// <param name="WallS">From the first command until the last is durable.</param>
/// <param name="P99Ms">Of the engine's own a commit; of Akka.NET from a command's going to its student until the answer.</param>
/// <param name="CpuUsPerEvent">Of the whole process, from its start to its end.</param>
internal sealed record RuntimeRung(
    string Store, string Runtime, double WallS, double CommandsPerS, double EventsPerS, double P50Ms, double P99Ms, double CpuUsPerEvent, double StoreCpuUsPerEvent);
