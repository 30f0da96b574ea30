namespace Amoe.Engine.Journal;

/// <summary>One connection that reads a journal, for one reader at a time; what it yields is one moment's journal, and checked.</summary>
internal sealed class SqliteJournalReader : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly string _path;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _all;
    private readonly SqliteStatement _one;
    private readonly SqliteStatement _link;
    private readonly SqliteStatement _heads;

    public SqliteJournalReader(SqliteDatabase database, string path)
    {
        (_database, _path) = (database, path);
        _begin = database.Prepare("BEGIN");
        _all = database.Prepare("SELECT id, previous, shard, offset, epoch, count, checksum, payload FROM segment ORDER BY id");
        _one = database.Prepare("SELECT id, previous, shard, offset, epoch, count, checksum, payload FROM segment WHERE id = ?");
        _link = database.Prepare("SELECT shard, offset, count, previous FROM segment WHERE id = ?");
        _heads = database.Prepare("SELECT shard, offset, epoch, last_id, payload_bytes FROM head ORDER BY shard");
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
            : throw new JournalException($"{_path}: the file is damaged: there is no head of shard {shard}. Restore it from a copy.");
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

    public IEnumerable<Segment> Read(int shard, long fromOffset, int shardCount)
    {
        _begin.Run();
        try
        {
            var head = Heads(shardCount)[shard];
            if (fromOffset > head.Offset)
                throw new JournalException($"{_path}: shard {shard} ends at offset {head.Offset} and was to be read from {fromOffset}. Discard the snapshot that says so, or restore the journal from a newer copy.");

            // Back along the chain to the first segment wanted, then forward.
            var ids = new Stack<long>();
            var (id, reached) = (head.LastId, new ShardHead(head.Offset, 0, 0, 0));
            while (reached.Offset > fromOffset)
            {
                ids.Push(id);
                (id, var offset) = Link(shard, id, reached.Offset);
                reached = reached with { Offset = offset };
            }

            reached = reached with { LastId = id };
            var last = default(Segment);
            while (ids.TryPop(out id))
            {
                if (!Step(_one.Bind(1, id), last))
                    throw ShardHead.Damage(_path, shard, reached.Offset, "it is missing");
                var segment = Current(_one).Segment;
                RequireLink(segment, _one.Long(1), reached.LastId);
                _one.Reset();
                reached = reached.Follow(segment, id, _path);
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

    public void Dispose() => _database.Dispose();

    /// <summary>The id and the end of the segment before the one at <paramref name="id"/>, which has to end at <paramref name="end"/>.</summary>
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
