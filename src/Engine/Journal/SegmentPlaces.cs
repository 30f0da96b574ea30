using System.Runtime.InteropServices;

namespace Amoe.Engine.Journal;

/// <summary>
/// Where in the file the segments of each shard lie, as far as this process wrote or read them: a reader who wants the middle of a shard's log
/// need not go back along the chain from its end. Sixteen bytes a segment, and every link is still checked as it is read.
/// </summary>
internal sealed class SegmentPlaces(int shardCount)
{
    private readonly List<Place>?[] _places = new List<Place>?[shardCount];
    private readonly long[] _ends = new long[shardCount];

    /// <summary>A segment was committed at the end of its shard's log.</summary>
    public void Append(in Segment segment, long id)
    {
        lock (_ends)
        {
            // Of a log whose end was never read nothing is known, and nothing can be added to it.
            if (_ends[segment.Shard] != segment.Offset)
                return;
            (_places[segment.Shard] ??= []).Add(new Place(segment.Offset, id));
            _ends[segment.Shard] = segment.Offset + segment.Count;
        }
    }

    /// <summary>A reader went back along the chain: these are all segments from the first of them to the log's end.</summary>
    public void Learn(int shard, IEnumerable<Place> places, long end)
    {
        lock (_ends)
        {
            var learnt = places.ToList();
            if (learnt.Count == 0)
                return;

            var (first, known, knownEnd) = (learnt[0].Offset, _places[shard] ?? [], _ends[shard]);

            // What is known before and behind stays: another reader may have gone back further, and the writer may have appended since.
            var before = knownEnd >= first ? known.TakeWhile(place => place.Offset < first) : [];
            var behind = known.Count > 0 && known[0].Offset <= end ? known.SkipWhile(place => place.Offset < end) : [];
            (_places[shard], _ends[shard]) = ([.. before, .. learnt, .. behind], Math.Max(end, known.Count > 0 && known[0].Offset <= end ? knownEnd : end));
        }
    }

    /// <summary>The segments from the one that holds an offset to the log's end at <paramref name="end"/>, the last first; null where some are not known.</summary>
    public Stack<Place>? From(int shard, long offset, long end)
    {
        lock (_ends)
        {
            // What was committed since the reader began is beyond the end he reads to.
            if (_places[shard] is not { } known || _ends[shard] < end || known[0].Offset > offset)
                return null;
            var places = CollectionsMarshal.AsSpan(known);
            var first = places.BinarySearch(new Place(offset, 0));
            first = first < 0 ? ~first - 1 : first;
            var last = places.BinarySearch(new Place(end, 0));
            last = last < 0 ? ~last : last;
            var stack = new Stack<Place>(last - first);
            for (var i = last - 1; i >= first; i--)
                stack.Push(places[i]);
            return stack;
        }
    }

    /// <summary>The place of the segment that begins at an offset; null where it is not known.</summary>
    public long? Find(int shard, long offset)
    {
        lock (_ends)
        {
            if (_places[shard] is not { } known)
                return null;
            var places = CollectionsMarshal.AsSpan(known);
            var index = places.BinarySearch(new Place(offset, 0));
            return index >= 0 ? places[index].Id : null;
        }
    }

    /// <summary>One segment: its first record and its place in the order of commit.</summary>
    internal readonly record struct Place(long Offset, long Id) : IComparable<Place>
    {
        public int CompareTo(Place other) => Offset.CompareTo(other.Offset);
    }
}
