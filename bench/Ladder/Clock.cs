using System.Diagnostics;

namespace Amoe.Bench.Ladder;

/// <summary>What one climb of a rung took: wall time, and processor time of the whole process, its collections included.</summary>
internal readonly record struct Taken(double WallSeconds, double CpuSeconds)
{
    /// <summary>Of an odd number of climbs the middle one by wall time; of an even number the slower of the two in the middle.</summary>
    public static Taken Median(IReadOnlyCollection<Taken> climbs) => climbs.OrderBy(taken => taken.WallSeconds).ElementAt(climbs.Count / 2);
}

/// <summary>A stopwatch that begins with a clean heap.</summary>
internal readonly struct Clock
{
    private readonly TimeSpan _cpu;
    private readonly long _start;

    private Clock(TimeSpan cpu, long start) => (_cpu, _start) = (cpu, start);

    public static Clock Start()
    {
        Heap.Collect();
        return new Clock(Cpu(), Stopwatch.GetTimestamp());
    }

    public Taken Stop() => new(Stopwatch.GetElapsedTime(_start).TotalSeconds, (Cpu() - _cpu).TotalSeconds);

    private static TimeSpan Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}

/// <summary>The managed heap.</summary>
internal static class Heap
{
    public static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
    }

    /// <summary>Bytes alive after a full collection.</summary>
    public static long AliveBytes()
    {
        Collect();
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
