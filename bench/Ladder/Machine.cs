using System.Globalization;
using System.Runtime.InteropServices;

namespace Amoe.Bench.Ladder;

/// <summary>Where a ladder was climbed: enough to compare, nothing that names the place.</summary>
/// <param name="LoadBefore">The system's load of the last minute before the run; null where it is unknown.</param>
internal sealed record Machine(
    string Cpu, int Cores, decimal RamGb, string System, string Runtime, double? LoadBefore, double FsyncP50Ms,
    double FsyncP99Ms)
{
    public static Machine Describe(string scratch)
    {
        var load = Line("/proc/loadavg", "");
        var (p50, p99) = Bare.SyncMs(scratch);
        return new Machine(
            Line("/proc/cpuinfo", "model name")?.Split(':', 2)[1].Trim()
                ?? RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount,
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (decimal)(1 << 30), 1),
            RuntimeInformation.RuntimeIdentifier,
            $"{RuntimeInformation.FrameworkDescription}, server collections, compiled once",
            load is null ? null : double.Parse(load.Split(' ')[0], CultureInfo.InvariantCulture), Math.Round(p50, 3),
            Math.Round(p99, 3));
    }

    private static string? Line(string file, string start) =>
        File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))
            : null;
}
