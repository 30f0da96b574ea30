using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>One partition's frames: what the table has, and those of turns that are not known to be durable.</summary>
/// <param name="uncommitted">In order; the table may have the first of them already.</param>
internal sealed class FrameSource(FrameTable table, int partition, FrameIndex index, IReadOnlyList<Frame> uncommitted, long end) : IRecordSource
{
    private readonly long _tableEnd = uncommitted.Count > 0 ? uncommitted[0].FirstRecord : long.MaxValue;

    public long End => end;

    public IEnumerable<Frame> At(IReadOnlyList<long> firstRecords)
    {
        var durable = new List<long>(firstRecords.Count);
        foreach (var record in firstRecords)
        {
            if (record < _tableEnd)
                durable.Add(index.Find(record) is > 0 and var found ? found : throw new JournalException($"partition {partition}: no frame begins with record {record}"));
        }

        foreach (var frame in durable.Count > 0 ? table.Each(reader => reader.At(partition, durable)) : [])
            yield return frame;
        for (var i = durable.Count; i < firstRecords.Count; i++)
            yield return uncommitted.First(frame => frame.FirstRecord == firstRecords[i]);
    }

    public IEnumerable<Frame> From(long record)
    {
        var durable = record < _tableEnd ? table.Each(reader => reader.Read(partition, record)).TakeWhile(frame => frame.FirstRecord < _tableEnd) : [];
        return durable.Concat(uncommitted.Where(frame => frame.NextRecord > record));
    }
}
