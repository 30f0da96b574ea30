using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// A journal file with a writer that needs no actors: each segment is a frame of its own, chained as its partition
/// would chain it.
/// </summary>
internal sealed class FrameWriter : IWritableJournal
{
    private readonly Lock _gate = new();
    private readonly SqliteJournal _journal;
    private readonly SqliteDatabase _database;
    private readonly FramePosition[] _positions;
    private readonly JournalBook _book;

    private FrameWriter(SqliteJournal journal)
    {
        _journal = journal;
        _database = SqliteDatabase.Open(journal.Path, SqliteAccess.Write);
        _book = journal.ReadBook();
        _positions = [.. Enumerable.Range(0, journal.Identity.TotalShards).Select(partition => journal.Frames.With(reader => reader.End(partition)))];
    }

    public JournalIdentity Identity => _journal.Identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => _book.Adoptions;

    public JournalBook ReadBook() => _book;

    public FrameTable Frames => _journal.Frames;

    public static FrameWriter Create(string path, JournalIdentity identity) => new(SqliteJournal.Create(path, identity));

    public static FrameWriter Open(string path) => new(SqliteJournal.Open(path));

    public void Append(IReadOnlyList<Segment> segments) =>
        Append([.. segments.Select(segment => (segment.Shard, segment.Epoch, Buckets: 1, (FrameSegment[])[new FrameSegment(0, segment.Count, segment.Payload)]))]);

    /// <summary>One frame of several buckets.</summary>
    public void Append(int partition, int buckets, params FrameSegment[] segments) => Append([(partition, 1, buckets, segments)]);

    public void Confirm(IReadOnlyList<ShardEpoch> shards)
    {
        // One process has it.
    }

    /// <summary>A file's rulebooks are adopted by the journal's own actor.</summary>
    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks) => throw new NotSupportedException();

    /// <summary>The journal's next own entry.</summary>
    public void Write(object entry)
    {
        var bytes = _book.Encode(entry);
        _book.Follow(bytes);
        SqliteJournalFile.Insert(_database, JournalTable.JournalId, _book.SequenceNumber, bytes, JournalTable.EntryManifest);
    }

    public long Head(int shard) => _journal.Head(shard);

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0) => _journal.Read(shard, fromOffset);

    public IReadOnlyList<Segment> ReadAt(int shard, IReadOnlyList<long> offsets) => _journal.ReadAt(shard, offsets);

    public IEnumerable<Segment> ReadAll() => _journal.ReadAll();

    public JournalSize Measure() => _journal.Measure();

    public void CheckStore() => _journal.CheckStore();

    public void Dispose()
    {
        _database.Dispose();
        _journal.Dispose();
    }

    private void Append(IReadOnlyList<(int Partition, long Incarnation, int Buckets, FrameSegment[] Segments)> frames)
    {
        lock (_gate)
        {
            var positions = _positions.ToArray();
            _database.Execute("BEGIN IMMEDIATE");
            foreach (var (partition, incarnation, buckets, segments) in frames)
            {
                var chain = new FrameChain(partition, positions[partition]);
                var encoded = chain.Encode(new Frame(
                    partition, chain.Position.NextSequenceNumber, chain.Position.NextRecord, Math.Max(incarnation, chain.Position.Incarnation), buckets, segments));
                SqliteJournalFile.Insert(_database, Identity.PersistenceIdOf(partition), encoded.End.SequenceNumber, encoded.Bytes, JournalTable.FrameManifest);
                positions[partition] = encoded.End;
            }

            _database.Execute("COMMIT");
            positions.CopyTo(_positions, 0);
        }
    }
}
