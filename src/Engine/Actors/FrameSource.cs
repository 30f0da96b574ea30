using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>One partition's frames: what the table has, and those of turns that are not known to be durable.</summary>
internal sealed class FrameSource(FrameTable table, string persistenceId, FrameIndex index, IReadOnlyList<Frame> uncommitted, long end) : IRecordSource
{
    private const int RowsAtOnce = 64;

    private readonly long _tableEnd = uncommitted.Count > 0 ? uncommitted[0].FirstRecord : long.MaxValue;

    public long End => end;

    public IReadOnlyList<Frame> At(IReadOnlyList<long> firstRecords)
    {
        var durable = new List<long>(firstRecords.Count);
        foreach (var record in firstRecords)
        {
            if (record < _tableEnd)
                durable.Add(index.Find(record) is > 0 and var found ? found : throw new JournalException($"{persistenceId}: no frame begins with record {record}"));
        }

        List<Frame> frames = [.. durable.Count > 0 ? table.At(persistenceId, durable) : []];
        foreach (var record in firstRecords.Skip(durable.Count))
            frames.Add(uncommitted.First(frame => frame.FirstRecord == record));
        return frames;
    }

    public IEnumerable<Frame> From(long record)
    {
        if (record < _tableEnd)
        {
            var next = Math.Max(1, index.Holding(record));
            while (table.From(persistenceId, next, RowsAtOnce) is { Count: > 0 } frames)
            {
                foreach (var frame in frames)
                {
                    if (frame.FirstRecord >= _tableEnd)
                        break;
                    yield return frame;
                }

                next += frames.Count;
            }
        }

        foreach (var frame in uncommitted)
        {
            if (frame.NextRecord > record)
                yield return frame;
        }
    }
}
