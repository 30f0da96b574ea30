using System.Collections.Concurrent;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Journal;

/// <summary>
/// The journal in one SQLite file: the default store. A commit returns once the write-ahead log is on the disk; readers,
/// in this process or another, never wait for the writer nor hold it up.
/// </summary>
internal sealed class SqliteJournal : IJournalStore
{
    // In pages of 16 KB. A log of 16 MB is overwritten rather than grown, which costs less than the checkpoints that keep
    // it short, and no commit waits for a long one.
    private const int CheckpointPages = 1_000;

    // A transaction that outgrows the page cache writes pages twice; the default of 2 MB costs a quarter of the throughput.
    private const int CacheKilobytes = 16_000;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly SqliteAccess _readAccess;
    private readonly WriterLock? _lock;
    private readonly SqliteDatabase? _writer;
    private readonly SqliteStatement? _begin;
    private readonly SqliteStatement? _insert;
    private readonly SqliteStatement? _setHead;
    private readonly SqliteStatement? _commit;
    private readonly ConcurrentBag<SqliteJournalReader> _readers = [];
    private readonly long _mark;
    private readonly ShardHead[] _next;
    private readonly SegmentPlaces _places;
    private readonly List<AdoptedRulebook> _adoptions;

    // What the store holds, or null after a failure, when only the store knows.
    private ShardHead[]? _heads;
    private volatile bool _disposed;

    private SqliteJournal(string path, WriterLock? writerLock)
    {
        (_path, _lock) = (path, writerLock);
        _readAccess = writerLock is null ? SqliteJournalFile.ReadAccess(path) : SqliteAccess.Read;
        try
        {
            if (writerLock is not null)
            {
                _writer = SqliteDatabase.Open(path, SqliteAccess.Write);
                (Identity, _mark) = SqliteJournalFile.ReadIdentity(_writer, path);
                _adoptions = SqliteJournalFile.ReadAdoptions(_writer);
                if (_writer.IsReadOnly)
                    throw new JournalException($"{path}: the file is read-only. Allow writing, or name another file.");
                _writer.Execute($"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA cache_size = -{CacheKilobytes}; PRAGMA wal_autocheckpoint = {CheckpointPages}");
                _begin = _writer.Prepare("BEGIN IMMEDIATE");
                _insert = _writer.Prepare("INSERT INTO segment (id, shard, offset, epoch, count, checksum, previous, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
                _setHead = _writer.Prepare("UPDATE head SET offset = ?, epoch = ?, last_id = ?, payload_bytes = ? WHERE shard = ?");
                _commit = _writer.Prepare("COMMIT");
            }
            else
            {
                using var database = SqliteDatabase.Open(path, _readAccess);
                (Identity, _mark) = SqliteJournalFile.ReadIdentity(database, path);
                _adoptions = SqliteJournalFile.ReadAdoptions(database);
            }

            _next = new ShardHead[Identity.TotalShards];
            _places = new SegmentPlaces(Identity.TotalShards);
            _heads = ReadHeads();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public JournalIdentity Identity { get; }

    public IReadOnlyList<AdoptedRulebook> Adoptions => _adoptions;

    /// <summary>Makes a new journal and opens it for writing.</summary>
    /// <exception cref="JournalException">The file exists, or its folder is missing, read-only or full.</exception>
    public static SqliteJournal Create(string path, JournalIdentity identity)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(identity.FormatVersion, JournalIdentity.CurrentFormatVersion);
        ArgumentOutOfRangeException.ThrowIfLessThan(identity.ShardCount, 1);
        SqliteJournalFile.RequirePlace(path);
        return Locked(path, () =>
        {
            if (File.Exists(path))
                throw new JournalException($"{path}: the file exists already. Open it, or name a new one.");
            SqliteJournalFile.Create(path, identity);
        });
    }

    /// <summary>Opens a journal for writing; there can be one writer at a time.</summary>
    /// <exception cref="JournalException">It is missing, not a journal, of another format version, damaged, read-only or in use.</exception>
    public static SqliteJournal Open(string path)
    {
        SqliteJournalFile.RequireFile(path);
        return Locked(path, () => { });
    }

    /// <summary>
    /// Opens a journal for reading and writes nothing: in a read-only folder too, if the last writer closed it, and while
    /// another process writes.
    /// </summary>
    /// <exception cref="JournalException">It is missing, not a journal, of another format version or damaged.</exception>
    public static SqliteJournal OpenReadOnly(string path)
    {
        SqliteJournalFile.RequireFile(path);
        return new SqliteJournal(path, null);
    }

    /// <summary>True when the file says it is a journal, of whatever version; false for anything else, a missing file included.</summary>
    public static bool IsJournal(string path) => SqliteJournalFile.IsJournal(path);

    /// <summary>In a file beside the journal's.</summary>
    public ISnapshotStore OpenSnapshots(Action<string> warn)
    {
        RequireWriter();
        return SqliteSnapshotStore.Open(SqliteJournalFile.SnapshotPath(_path), _mark, warn);
    }

    public IOwnershipStore? OpenOwnership(TimeSpan lease, bool isAmongHosts) => null;

    public void Append(IReadOnlyList<Segment> segments)
    {
        if (segments.Count > 0)
            Append(segments, null);
    }

    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks)
    {
        rulebook.RequireNext(_adoptions, _path);
        Append(marks, rulebook);
        _adoptions.Add(rulebook);
    }

    private void Append(IReadOnlyList<Segment> segments, AdoptedRulebook? adopted)
    {
        lock (_gate)
        {
            RequireWriter();
            try
            {
                _heads ??= ReadHeads();
                var firstId = Write(segments, adopted, _heads);
                _next.CopyTo(_heads, 0);
                for (var i = 0; i < segments.Count; i++)
                    _places.Append(segments[i], firstId + i);
            }
            catch
            {
                _writer!.Rollback();
                _heads = null;
                throw;
            }
        }
    }

    public void Confirm(IReadOnlyList<ShardEpoch> shards)
    {
        // One process has it.
    }

    public long Head(int shard)
    {
        RequireShard(shard);
        return WithReader(reader => reader.Head(shard)).Offset;
    }

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0)
    {
        RequireShard(shard);
        ArgumentOutOfRangeException.ThrowIfNegative(fromOffset);
        return Reading(reader => reader.Read(shard, fromOffset));
    }

    public IReadOnlyList<Segment> ReadAt(int shard, IReadOnlyList<long> offsets)
    {
        RequireShard(shard);
        return WithReader(reader => reader.ReadAt(shard, offsets));
    }

    public IEnumerable<Segment> ReadAll() => Reading(reader => reader.ReadAll(Identity.TotalShards));

    public JournalSize Measure() =>
        new(WithReader(reader => reader.Heads(Identity.TotalShards)).Sum(head => head.PayloadBytes), SqliteJournalFile.MeasureFiles(_path));

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            // A reader still at work is closed when it is given back. The writer comes last: it folds the log into the file.
            while (_readers.TryTake(out var reader))
                reader.Dispose();
            _writer?.Dispose();
            _lock?.Dispose();
        }
    }

    /// <summary>For tests: the file may not grow beyond so many pages, as if the disk were full.</summary>
    internal void LimitPages(long pages)
    {
        lock (_gate)
            _writer!.Execute($"PRAGMA max_page_count = {pages}");
    }

    private static SqliteJournal Locked(string path, Action prepare)
    {
        var writerLock = WriterLock.Take(path);
        try
        {
            prepare();
        }
        catch
        {
            writerLock.Dispose();
            throw;
        }

        return new SqliteJournal(path, writerLock);
    }

    /// <summary>Returns the place of the first segment in the order of commit.</summary>
    private long Write(IReadOnlyList<Segment> segments, AdoptedRulebook? adopted, ShardHead[] heads)
    {
        heads.CopyTo(_next, 0);
        var firstId = heads.Max(head => head.LastId) + 1;
        _begin!.Run();
        if (adopted is not null)
            SqliteJournalFile.WriteAdoption(_writer!, adopted);
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            RequireShard(segment.Shard);
            ref var head = ref _next[segment.Shard];
            var previous = head.LastId;
            head = head.Append(segment, firstId + i, _path);
            _insert!.Bind(1, head.LastId).Bind(2, segment.Shard).Bind(3, segment.Offset).Bind(4, segment.Epoch).Bind(5, segment.Count)
                .Bind(6, segment.Checksum).Bind(7, previous).Bind(8, segment.Payload.Span).Run();
        }

        for (var i = 0; i < segments.Count; i++)
        {
            var shard = segments[i].Shard;
            var head = _next[shard];
            if (head.LastId == firstId + i)
                _setHead!.Bind(1, head.Offset).Bind(2, head.Epoch).Bind(3, head.LastId).Bind(4, head.PayloadBytes).Bind(5, shard).Run();
        }

        _commit!.Run();
        return firstId;
    }

    private ShardHead[] ReadHeads() => WithReader(reader => reader.CheckedHeads(Identity.TotalShards));

    private T WithReader<T>(Func<SqliteJournalReader, T> read)
    {
        var reader = Rent();
        try
        {
            return read(reader);
        }
        finally
        {
            GiveBack(reader);
        }
    }

    private IEnumerable<Segment> Reading(Func<SqliteJournalReader, IEnumerable<Segment>> read)
    {
        var reader = Rent();
        try
        {
            using var segments = read(reader).GetEnumerator();
            while (MoveNext(segments))
                yield return segments.Current;
        }
        finally
        {
            GiveBack(reader);
        }
    }

    private bool MoveNext(IEnumerator<Segment> segments)
    {
        try
        {
            return segments.MoveNext();
        }
        catch (JournalException failure) when (_readAccess == SqliteAccess.ReadUnchanging && File.Exists(SqliteJournalFile.LogPath(_path)))
        {
            throw new JournalException($"{_path}: another process opened it for writing while it was being read. Read it again.", failure);
        }
    }

    private SqliteJournalReader Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _readers.TryTake(out var reader) ? reader : new SqliteJournalReader(SqliteDatabase.Open(_path, _readAccess), _path, _places);
    }

    private void GiveBack(SqliteJournalReader reader)
    {
        _readers.Add(reader);
        // Disposing may have emptied the bag just before.
        if (_disposed && _readers.TryTake(out var left))
            left.Dispose();
    }

    private void RequireWriter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_writer is null)
            throw new InvalidOperationException($"{_path} was opened for reading.");
    }

    private void RequireShard(int shard)
    {
        if ((uint)shard >= (uint)Identity.TotalShards)
            throw new ArgumentOutOfRangeException(nameof(shard), shard, $"The journal has {Identity.TotalShards} shards.");
    }
}
