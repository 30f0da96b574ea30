using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Journal;

/// <summary>
/// The journal in one SQLite file: the default store. Partitions append to it through Akka.Persistence.Sql; this
/// reads it, keeps other writers out, and adopts rulebooks. Readers, in this process or another, never wait for the
/// writer nor hold it up.
/// </summary>
internal sealed class SqliteJournal : IAdoptingJournal
{
    private readonly Lock _gate = new();
    private readonly WriterLock? _lock;

    // Open for as long as this lives and closed last: then it folds the write-ahead log into the file.
    private readonly SqliteDatabase? _writer;
    private readonly List<AdoptedRulebook> _adoptions;
    private readonly PartitionIds _ids;
    private uint _entryChecksum;

    private SqliteJournal(string path, WriterLock? writerLock)
    {
        (Path, _lock) = (path, writerLock);
        var access = writerLock is null ? SqliteJournalFile.ReadAccess(path) : SqliteAccess.Read;
        try
        {
            if (writerLock is not null)
                _writer = OpenWriter(path);
            using var reader = _writer is null ? SqliteDatabase.Open(path, access) : null;
            var database = _writer ?? reader!;
            (Identity, _adoptions, _entryChecksum) = SqliteJournalFile.ReadEntries(database, path);
            _ids = new PartitionIds(Identity, path);
            SqliteJournalFile.RequireWhole(database, path, _ids);
            Frames = new FrameTable(path, access, _ids);
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

    public IReadOnlyList<AdoptedRulebook> Adoptions => _adoptions;

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

    /// <summary>
    /// The entry of the rulebook and a frame with the mark on each partition. No partition may be running.
    /// </summary>
    /// <inheritdoc/>
    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks)
    {
        lock (_gate)
        {
            var writer = _writer ?? throw new InvalidOperationException($"{Path} was opened for reading.");
            rulebook.RequireNext(_adoptions, Path);
            var entry = JournalEntry.Encode(rulebook, _entryChecksum);
            var reader = new FrameReader(writer, Path, _ids);
            writer.Execute("BEGIN IMMEDIATE");
            try
            {
                SqliteJournalFile.InsertEntry(writer, JournalEntry.SequenceNumberOf(rulebook.Number), entry);
                foreach (var mark in marks)
                    InsertMark(writer, reader, mark);
                writer.Execute("COMMIT");
            }
            catch
            {
                writer.Rollback();
                throw;
            }

            _adoptions.Add(rulebook);
            _entryChecksum = JournalEntry.ChecksumOf(entry);
        }
    }

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

    private void InsertMark(SqliteDatabase writer, FrameReader reader, Segment mark)
    {
        RequireShard(mark.Shard);
        var chain = new FrameChain(mark.Shard, reader.End(mark.Shard));
        if (!mark.IsIntact)
            throw ShardHead.Refused(Path, mark, "its checksum does not fit its content: the payload changed after it was sealed. Seal it again.");
        if (mark.Offset != chain.Position.NextRecord)
            throw ShardHead.Refused(Path, mark, $"the shard's head is at {chain.Position.NextRecord}. Look again and adopt again.");
        var encoded = chain.Encode(new Frame(
            mark.Shard, chain.Position.NextSequenceNumber, mark.Offset, chain.Position.Incarnation, reader.Last(mark.Shard)?.Buckets ?? 1,
            [new FrameSegment(0, mark.Count, mark.Payload)]));
        SqliteJournalFile.InsertFrame(writer, _ids[mark.Shard], encoded.End.SequenceNumber, encoded.Bytes);
    }

    private void RequireShard(int shard)
    {
        if ((uint)shard >= (uint)Identity.TotalShards)
            throw new ArgumentOutOfRangeException(nameof(shard), shard, $"The journal has {Identity.TotalShards} partitions.");
    }
}
