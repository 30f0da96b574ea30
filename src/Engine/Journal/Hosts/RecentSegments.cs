namespace Amoe.Engine.Journal.Hosts;

/// <summary>
/// What this process appended last, as many bytes of it as it may keep: a claim that is spoken to again is read back from here, where the server is several
/// round trips away. What is durable never changes, so nothing here grows old; it is only ever forgotten.
/// </summary>
internal sealed class RecentSegments(int shardCount, long bytesMax)
{
    private readonly Lock _gate = new();
    private readonly Log?[] _logs = new Log?[shardCount];
    private readonly Queue<(int Shard, long Offset)> _oldest = new();
    private long _bytes;

    /// <summary>These are durable.</summary>
    public void Add(IReadOnlyList<Segment> segments)
    {
        lock (_gate)
        {
            foreach (var segment in segments)
            {
                var log = _logs[segment.Shard] ??= new Log();
                if (log.End != segment.Offset)
                    Clear(log);
                // The caller uses its buffer again.
                log.Add(segment with { Payload = segment.Payload.ToArray() });
                _oldest.Enqueue((segment.Shard, segment.Offset));
                _bytes += segment.Payload.Length;
            }

            while (_bytes > bytesMax && _oldest.TryDequeue(out var oldest))
            {
                // Of a log that was cleared since, it is gone already.
                if (_logs[oldest.Shard] is { IsEmpty: false } log && log.First.Offset == oldest.Offset)
                    _bytes -= log.RemoveFirst().Payload.Length;
            }
        }
    }

    /// <summary>Whether these became durable is not known, or another host has the shards: the store alone can tell.</summary>
    public void Forget(IReadOnlyList<Segment> segments)
    {
        lock (_gate)
        {
            foreach (var segment in segments)
            {
                if ((uint)segment.Shard < (uint)_logs.Length && _logs[segment.Shard] is { } log)
                    Clear(log);
            }
        }
    }

    /// <summary>The segment that holds a record, if it is here.</summary>
    public bool TryFind(int shard, long offset, out Segment segment)
    {
        lock (_gate)
        {
            if (_logs[shard] is { } log)
                return log.TryFind(offset, out segment);
        }

        segment = default;
        return false;
    }

    private void Clear(Log log)
    {
        while (!log.IsEmpty)
            _bytes -= log.RemoveFirst().Payload.Length;
    }

    /// <summary>Segments of one shard, each beginning where the one before ends.</summary>
    private sealed class Log
    {
        private readonly List<Segment> _segments = [];
        private int _first;

        public bool IsEmpty => _first == _segments.Count;

        public Segment First => _segments[_first];

        /// <summary>Where the next one has to begin; of an empty log nobody can say.</summary>
        public long End => IsEmpty ? -1 : _segments[^1].Offset + _segments[^1].Count;

        public void Add(in Segment segment) => _segments.Add(segment);

        public Segment RemoveFirst()
        {
            var first = _segments[_first];
            _segments[_first++] = default;
            // Moved together once half of it is empty: each segment is moved about once.
            if (_first * 2 > _segments.Count)
            {
                _segments.RemoveRange(0, _first);
                _first = 0;
            }

            return first;
        }

        public bool TryFind(long offset, out Segment segment)
        {
            segment = default;
            if (IsEmpty || offset < First.Offset || offset >= End)
                return false;
            var (low, high) = (_first, _segments.Count - 1);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                (low, high) = _segments[middle].Offset <= offset ? (middle, high) : (low, middle - 1);
            }

            segment = _segments[low];
            return true;
        }
    }
}
