using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>The records of one partition: those of the simulated store, and those of turns that are not known to be durable.</summary>
/// <param name="uncommitted">In order; the store may have the first of them already.</param>
internal sealed class SimulatedSource(SimulatedFrames frames, int partition, IReadOnlyList<Frame> uncommitted) : IRecordSource
{
    private readonly long _durableEnd = uncommitted.Count > 0 ? uncommitted[0].FirstRecord : long.MaxValue;

    public long End => uncommitted.Count > 0 ? uncommitted[^1].NextRecord : frames.EndOf(partition);

    public IReadOnlyList<Frame> At(IReadOnlyList<long> firstRecords) => [.. firstRecords.Select(record =>
        (record < _durableEnd ? frames.At(partition, record) : uncommitted.FirstOrDefault(frame => frame.FirstRecord == record))
        ?? throw new JournalException($"partition {partition}: no uncommitted frame begins at record {record}"))];

    public IEnumerable<Frame> From(long record) => frames.From(partition, record).TakeWhile(frame => frame.FirstRecord < _durableEnd)
        .Concat(uncommitted.Where(frame => frame.NextRecord > record)).SkipWhile(frame => frame.NextRecord <= record);
}
