namespace Amoe.Engine.Journal;

/// <summary>One connection that reads a journal, for one reader at a time; what it yields is one moment's journal, and checked.</summary>
internal sealed class SqliteJournalReader : IDisposable
{
    private readonly SegmentPlaces _places;
    private readonly SqliteDatabase _database;
    private readonly string _path;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _all;
    private readonly SqliteStatement _one;
    private readonly SqliteStatement _link;
    private readonly SqliteStatement _heads;
    private readonly SqliteStatement _head;

    public SqliteJournalReader(SqliteDatabase database, string path, SegmentPlaces places)
    {
        (_database, _path, _places) = (database, path, places);
        _begin = database.Prepare("BEGIN");
        _all = database.Prepare("SELECT id, previous, shard, offset, epoch, count, checksum, payload FROM segment ORDER BY id");
        _one = database.Prepare("SELECT id, previous, shard, offset, epoch, count, checksum, payload FROM segment WHERE id = ?");
        _link = database.Prepare("SELECT shard, offset, count, previous FROM segment WHERE id = ?");
        _heads = database.Prepare("SELECT shard, offset, epoch, last_id, payload_bytes FROM head ORDER BY shard");
        _head = database.Prepare("SELECT offset, epoch, last_id, payload_bytes FROM head WHERE shard = ?");
    }

    /// <summary>One shard's head.</summary>
    public ShardHead Head(int shard)
    {
        if (!_head.Bind(1, shard).Step())
            throw NoHead(shard);
        var head = new ShardHead(_head.Long(0), _head.Long(1), _head.Long(2), _head.Long(3));
        _head.Reset();
        return head;
    }

    /// <summary>Every shard's head, by shard.</summary>
    public ShardHead[] Heads(int shardCount)
    {
        var heads = new ShardHead[shardCount];
        var shard = 0;
        while (shard < shardCount && _heads.Step() && _heads.Long(0) == shard)
            heads[shard++] = new ShardHead(_heads.Long(1), _heads.Long(2), _heads.Long(3), _heads.Long(4));
        _heads.Reset();
        return shard == shardCount
            ? heads
            : throw NoHead(shard);
    }

    /// <summary>Every shard's head, after a look that each shard's last segment is the one it names and that there is none beyond.</summary>
    public ShardHead[] CheckedHeads(int shardCount)
    {
        _begin.Run();
        try
        {
            var heads = Heads(shardCount);
            for (var shard = 0; shard < shardCount; shard++)
            {
                if (heads[shard].LastId != 0)
                    Link(shard, heads[shard].LastId, heads[shard].Offset);
            }

            var (stored, committed) = (_database.Scalar("SELECT COALESCE(MAX(id), 0) FROM segment"), heads.Max(head => head.LastId));
            if (stored != committed)
                throw new JournalException($"{_path}: the file is damaged: it holds {stored} segments and {committed} were committed. Restore it from a copy.");
            return heads;
        }
        finally
        {
            _database.Rollback();
        }
    }

    public IEnumerable<Segment> ReadAll(int shardCount)
    {
        _begin.Run();
        try
        {
            var (reached, committed) = (new ShardHead[shardCount], Heads(shardCount));
            var last = default(Segment);
            while (Step(_all, last))
            {
                var (id, segment) = Current(_all);
                if ((uint)segment.Shard >= (uint)shardCount)
                    throw ShardHead.Damage(_path, segment.Shard, segment.Offset, $"there are only {shardCount} shards");
                ref var head = ref reached[segment.Shard];
                RequireLink(segment, _all.Long(1), head.LastId);
                head = head.Follow(segment, id, _path);
                last = segment;
                yield return segment;
            }

            for (var shard = 0; shard < shardCount; shard++)
                reached[shard].RequireSame(committed[shard], shard, _path);
        }
        finally
        {
            _all.Reset();
            _database.Rollback();
        }
    }

    public IEnumerable<Segment> Read(int shard, long fromOffset)
    {
        _begin.Run();
        try
        {
            var head = Head(shard);
            if (fromOffset > head.Offset)
                throw new JournalException($"{_path}: shard {shard} ends at offset {head.Offset} and was to be read from {fromOffset}. Discard the snapshot that says so, or restore the journal from a newer copy.");
            if (fromOffset == head.Offset)
                yield break;
            var places = _places.From(shard, fromOffset, head.Offset) ?? BackAlongTheChain(shard, fromOffset, head);
            var reached = new ShardHead(places.Peek().Offset, 0, 0, 0);
            var last = default(Segment);
            while (places.TryPop(out var place))
            {
                if (!Step(_one.Bind(1, place.Id), last))
                    throw ShardHead.Damage(_path, shard, reached.Offset, "it is missing");
                var segment = Current(_one).Segment;
                if (reached.LastId != 0 || place.Offset == 0)
                    RequireLink(segment, _one.Long(1), reached.LastId);
                _one.Reset();
                reached = reached.Follow(segment, place.Id, _path);
                last = segment;
                yield return segment;
            }
        }
        finally
        {
            _one.Reset();
            _database.Rollback();
        }
    }

    /// <summary>The segments that begin at these offsets. Where they lie in the file is known of all that this process wrote or read.</summary>
    public List<Segment> ReadAt(int shard, IReadOnlyList<long> offsets)
    {
        if (offsets.Count == 0)
            return [];

        // Going back to the first of a log that was not read, or was written to by another process since, learns all that follow.
        if (_places.Find(shard, offsets[0]) is null || _places.Find(shard, offsets[^1]) is null)
            _ = Read(shard, offsets[0]).FirstOrDefault();
        var segments = new List<Segment>(offsets.Count);

        // In one transaction: each begins with an empty page cache where the writer has committed since.
        _begin.Run();
        try
        {
            foreach (var offset in offsets)
                segments.Add(One(shard, offset));
            return segments;
        }
        finally
        {
            _one.Reset();
            _database.Rollback();
        }
    }

    private Segment One(int shard, long offset)
    {
        if (_places.Find(shard, offset) is not { } id || !_one.Bind(1, id).Step())
            throw ShardHead.Damage(_path, shard, offset, "no segment begins here");
        var segment = Current(_one).Segment;
        _one.Reset();
        return segment.Shard == shard && segment.Offset == offset && segment.IsIntact
            ? segment
            : throw ShardHead.Damage(_path, shard, offset, "it is not the one that was written here");
    }

    public void Dispose() => _database.Dispose();

    /// <summary>From a shard's end to the segment that holds an offset; what is found is remembered.</summary>
    private Stack<SegmentPlaces.Place> BackAlongTheChain(int shard, long fromOffset, ShardHead head)
    {
        var places = new Stack<SegmentPlaces.Place>();
        var (id, end) = (head.LastId, head.Offset);
        while (end > fromOffset)
        {
            var (previous, offset) = Link(shard, id, end);
            places.Push(new SegmentPlaces.Place(offset, id));
            (id, end) = (previous, offset);
        }

        _places.Learn(shard, places, head.Offset);
        return places;
    }

    /// <summary>The segment at <paramref name="id"/>, which has to end at <paramref name="end"/>: the id of the one before it, and its own first record.</summary>
    private (long Previous, long Offset) Link(int shard, long id, long end)
    {
        if (!_link.Bind(1, id).Step())
            throw ShardHead.Damage(_path, shard, end, "the one that ends here is missing");
        var (linkShard, offset, count, previous) = (_link.Long(0), _link.Long(1), _link.Long(2), _link.Long(3));
        _link.Reset();
        if (linkShard != shard || offset + count != end || offset < 0 || offset >= end || previous >= id)
            throw ShardHead.Damage(_path, shard, offset, $"it should end at {end}");
        return (previous, offset);
    }

    private JournalException NoHead(int shard) => new($"{_path}: the file is damaged: there is no head of shard {shard}. Restore it from a copy.");

    private void RequireLink(in Segment segment, long previous, long expected)
    {
        if (previous != expected)
            throw ShardHead.Damage(_path, segment.Shard, segment.Offset, $"it follows segment {previous} of the file instead of {expected}");
    }

    /// <summary>A damaged page has no shard of its own: the line says how far reading came.</summary>
    private static bool Step(SqliteStatement statement, in Segment last)
    {
        try
        {
            return statement.Step();
        }
        catch (JournalException failure) when (last.Count > 0)
        {
            throw new JournalException($"{failure.Message} The last segment read was that of shard {last.Shard} at offset {last.Offset}.", failure);
        }
    }

    private static (long Id, Segment Segment) Current(SqliteStatement row) =>
        (row.Long(0), new Segment((int)row.Long(2), row.Long(3), row.Long(4), (int)row.Long(5), (uint)row.Long(6), row.Bytes(7)));
}
