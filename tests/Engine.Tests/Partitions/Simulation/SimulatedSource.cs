using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>
/// The records of one partition: those of the simulated store, and those of turns that are not known to be durable.
/// </summary>
/// <param name="uncommitted">In order; the store may have the first of them already.</param>
internal sealed class SimulatedSource(SimulatedFrames frames, int partition, IReadOnlyList<Frame> uncommitted)
    : IRecordSource
{
    private readonly long _durableEnd = uncommitted.Count > 0 ? uncommitted[0].FirstRecord : long.MaxValue;

    public long End => uncommitted.Count > 0 ? uncommitted[^1].NextRecord : frames.EndOf(partition);

    /// <summary>
    /// The bytes of a frame are made useless when the next one is asked for: they are valid no longer.
    /// </summary>
    public IEnumerable<Frame> At(IReadOnlyList<long> firstRecords)
    {
        foreach (var record in firstRecords)
        {
            var bytes = record < _durableEnd
                ? frames.BytesAt(partition, record)
                : FrameCodec.Encode(Uncommitted(record), predecessor: 0);
            yield return FrameCodec.Decode(bytes).Frame;
            bytes.AsSpan().Fill(0xFF);
        }
    }

    public IEnumerable<Frame> From(long record) =>
        frames.From(partition, record).TakeWhile(frame => frame.FirstRecord < _durableEnd)
            .Concat(uncommitted.Where(frame => frame.NextRecord > record))
            .SkipWhile(frame => frame.NextRecord <= record);

    private Frame Uncommitted(long record) => uncommitted.FirstOrDefault(frame => frame.FirstRecord == record)
        ?? throw new JournalException($"partition {partition}: no uncommitted frame begins at record {record}");
}
