using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;

namespace Amoe.Bench.Ladder;

/// <summary>The store on which a ladder is measured: it makes everything durable.</summary>
internal interface ILadderStore : IDisposable
{
    /// <summary>Which it is, with its version and the settings that matter.</summary>
    string Description { get; }

    /// <summary>How many partitions a journal on it has.</summary>
    PartitionCounts Partitions { get; }

    /// <summary>
    /// Tries every way of appending bytes that nothing is known about; what proved best is the reference.
    /// </summary>
    /// <returns>That way, in words.</returns>
    string FindBestBare(byte[] bytes);

    /// <summary>Appends bytes in the best way.</summary>
    /// <param name="rowBytes">In rows of so many bytes; 0 for what proved best.</param>
    Taken AppendBare(byte[] bytes, int rowBytes = 0);

    /// <summary>A place for a journal that nothing is in; disposed, it is gone with all that was put there.</summary>
    ILadderPlace NewPlace();

    /// <summary>The resources that the store has used so far outside our own process.</summary>
    StoreUse Use();
}

/// <summary>Where one rung keeps its journal.</summary>
internal interface ILadderPlace : IDisposable
{
    JournalAddress Address { get; }

    /// <summary>Creates the journal and starts a runtime on it.</summary>
    Task<LadderEngine> StartAsync(JournalIdentity identity, IActorLogic logic, EngineOptions options);

    /// <summary>Starts a runtime on the journal that is there, with what it holds and no snapshot of it.</summary>
    Task<LadderEngine> RecoverAsync(IActorLogic logic, EngineOptions options);

    /// <summary>Opens the journal for reading.</summary>
    IJournal OpenJournal();
}

/// <summary>The resources used by a store in a separate process; 0 where there is none, or they are unknown.</summary>
/// <param name="CpuSeconds">Of its processes.</param>
/// <param name="LogBytes">Written to its write-ahead log.</param>
internal readonly record struct StoreUse(double CpuSeconds, long LogBytes)
{
    public static StoreUse operator -(StoreUse after, StoreUse before) =>
        new(after.CpuSeconds - before.CpuSeconds, after.LogBytes - before.LogBytes);
}
