using System.Diagnostics;

namespace Amoe.Bench.Ladder;

/// <summary>
/// The cost of one climb of a rung: wall time, processor time of the whole process, its collections included, and what
/// the store used beside.
/// </summary>
internal readonly record struct Taken(double WallSeconds, double CpuSeconds, StoreUse Store = default)
{
    /// <summary>
    /// Of an odd number of climbs the middle one by wall time; of an even number the slower of the two in the middle.
    /// </summary>
    public static Taken Median(IReadOnlyCollection<Taken> climbs) =>
        climbs.OrderBy(taken => taken.WallSeconds).ElementAt(climbs.Count / 2);
}

/// <summary>A stopwatch that begins with a clean heap.</summary>
internal readonly struct Clock
{
    private readonly ILadderStore? _store;
    private readonly StoreUse _use;
    private readonly TimeSpan _cpu;
    private readonly long _start;

    private Clock(ILadderStore? store)
    {
        _store = store;
        _use = UseOf(store);
        (_cpu, _start) = (Cpu(), Stopwatch.GetTimestamp());
    }

    /// <param name="store">Whose use is counted too.</param>
    public static Clock Start(ILadderStore? store = null)
    {
        Heap.Collect();
        return new Clock(store);
    }

    public Taken Stop() =>
        new(Stopwatch.GetElapsedTime(_start).TotalSeconds, (Cpu() - _cpu).TotalSeconds, UseOf(_store) - _use);

    private static StoreUse UseOf(ILadderStore? store) => store?.Use() ?? default;

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
