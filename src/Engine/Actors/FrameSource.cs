using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>
/// One partition's frames: those that it still has, what the table has, and those of turns that are not known to be
/// durable.
/// </summary>
/// <param name="uncommitted">In order; the table may have the first of them already.</param>
internal sealed class FrameSource(
    FrameTable table, int partition, FrameIndex index, RecentFrames recent, IReadOnlyList<Frame> uncommitted,
    long end) : IRecordSource
{
    private readonly long _tableEnd = uncommitted.Count > 0 ? uncommitted[0].FirstRecord : long.MaxValue;

    public long End => end;

    public IEnumerable<Frame> At(IReadOnlyList<long> firstRecords)
    {
        // Null where a frame is to be fetched: the rows come in this order too.
        var known = new Frame?[firstRecords.Count];
        var missing = new List<long>();
        for (var i = 0; i < known.Length; i++)
        {
            var record = firstRecords[i];
            if (record >= _tableEnd)
                known[i] = uncommitted.First(frame => frame.FirstRecord == record);
            else if (index.Find(record) is not (> 0 and var number))
                throw new JournalException($"partition {partition}: no frame begins with record {record}");
            else if ((known[i] = recent.Find(number)) is null)
                missing.Add(number);
        }

        using var fetched = missing.Count > 0
            ? table.Each(reader => reader.At(partition, missing)).GetEnumerator()
            : null;
        foreach (var frame in known)
        {
            if (frame is null)
                fetched!.MoveNext();
            yield return frame ?? fetched!.Current;
        }
    }

    public IEnumerable<Frame> From(long record)
    {
        var durable = record < _tableEnd
            ? table.Each(reader => reader.Read(partition, record)).TakeWhile(frame => frame.FirstRecord < _tableEnd)
            : [];
        return durable.Concat(uncommitted.Where(frame => frame.NextRecord > record));
    }
}
