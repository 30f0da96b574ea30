namespace Amoe.Engine.Journal;

/// <summary>
/// The journal in one SQLite file: the default store. Its actors append to it through Akka.Persistence.Sql; this reads
/// it and keeps other writers out. Readers, in this process or another, never wait for the writer nor hold it up.
/// </summary>
internal sealed class SqliteJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly WriterLock? _lock;
    private readonly SqliteAccess _access;

    // Open for as long as this lives and closed last: then it folds the write-ahead log into the file.
    private readonly SqliteDatabase? _writer;

    private SqliteJournal(string path, WriterLock? writerLock)
    {
        (Path, _lock) = (path, writerLock);
        _access = writerLock is null ? SqliteJournalFile.ReadAccess(path) : SqliteAccess.Read;
        try
        {
            if (writerLock is not null)
                _writer = OpenWriter(path);
            using var reader = _writer is null ? SqliteDatabase.Open(path, _access) : null;
            var database = _writer ?? reader!;
            var book = SqliteJournalFile.ReadEntries(database, path);
            (Identity, Adoptions) = (book.Identity, book.Adoptions);
            var ids = new PartitionIds(Identity, path);
            SqliteJournalFile.RequireWhole(database, path, ids);
            Frames = new FrameTable(path, _access, ids);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file's path as it was given.</summary>
    public string Path { get; }

    public JournalIdentity Identity { get; }

    /// <summary>As it was when this was opened: whoever adopts another has the file to itself.</summary>
    public IReadOnlyList<AdoptedRulebook> Adoptions { get; }

    /// <summary>The partitions' frames.</summary>
    public FrameTable Frames { get; }

    /// <summary>Makes a new journal and keeps other writers out until it is disposed.</summary>
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

    /// <summary>Opens a journal for its one writer, and keeps others out until it is disposed.</summary>
    /// <exception cref="JournalException">
    /// It is missing, not a journal, of another layout, damaged, read-only or in use.
    /// </exception>
    public static SqliteJournal Open(string path)
    {
        SqliteJournalFile.RequireFile(path);
        return Locked(path, () => { });
    }

    /// <summary>
    /// Opens a journal for reading and writes nothing: in a read-only folder too, if the last writer closed it, and
    /// while another process writes.
    /// </summary>
    /// <exception cref="JournalException">It is missing, not a journal, of another layout or damaged.</exception>
    public static SqliteJournal OpenReadOnly(string path)
    {
        SqliteJournalFile.RequireFile(path);
        return new SqliteJournal(path, null);
    }

    /// <summary>
    /// True when the file says it is a journal, of whatever layout; false for anything else, a missing file included.
    /// </summary>
    public static bool IsJournal(string path) => SqliteJournalFile.IsJournal(path);

    public long Head(int shard)
    {
        RequireShard(shard);
        return Frames.With(reader => reader.End(shard)).NextRecord;
    }

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0)
    {
        RequireShard(shard);
        ArgumentOutOfRangeException.ThrowIfNegative(fromOffset);
        return Frames.Each(reader => reader.Read(shard, fromOffset)).SelectMany(frame => frame.SegmentsSealed())
            .SkipWhile(segment => segment.Offset + segment.Count <= fromOffset);
    }

    public IReadOnlyList<Segment> ReadAt(int shard, IReadOnlyList<long> offsets)
    {
        RequireShard(shard);
        return Frames.With(reader => reader.SegmentsAt(shard, offsets));
    }

    public IEnumerable<Segment> ReadAll() => Frames.Each(reader => reader.ReadAll()).SelectMany(frame => frame.SegmentsSealed());

    public JournalBook ReadBook()
    {
        using var database = SqliteDatabase.Open(Path, _access);
        return SqliteJournalFile.ReadEntries(database, Path);
    }

    public JournalSize Measure() => Frames.With(reader => reader.Measure());

    public void CheckStore() => Frames.With(reader => reader.RequireSound());

    public void Dispose()
    {
        lock (_gate)
        {
            Frames?.Dispose();
            _writer?.Dispose();
            _lock?.Dispose();
        }
    }

    private static SqliteDatabase OpenWriter(string path)
    {
        var database = SqliteDatabase.Open(path, SqliteAccess.Write);
        try
        {
            if (database.IsReadOnly)
                throw new JournalException($"{path}: the file is read-only. Allow writing, or name another file.");
            SqliteJournalFile.RequireLayout(database, path);
            database.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
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

    private void RequireShard(int shard)
    {
        if ((uint)shard >= (uint)Identity.TotalShards)
            throw new ArgumentOutOfRangeException(nameof(shard), shard, $"The journal has {Identity.TotalShards} partitions.");
    }
}
