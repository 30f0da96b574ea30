using System.Data.Common;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// A journal with a writer that needs no actors: each segment is a frame of its own, chained as its partition would
/// chain it.
/// </summary>
internal sealed class FrameWriter : ISegmentJournal
{
    private readonly Lock _gate = new();
    private readonly PartitionJournal _journal;
    private readonly DbConnection _connection;
    private readonly FramePosition[] _positions;
    private readonly JournalBook _book;

    private FrameWriter(TestStore store, PartitionJournal journal)
    {
        _journal = journal;
        _connection = store.Connect();
        _book = journal.ReadBook();
        _positions = [.. Enumerable.Range(0, journal.Identity.TotalPartitions)
            .Select(partition => journal.Frames.With(reader => reader.End(partition)))];
    }

    public JournalIdentity Identity => _journal.Identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => _book.Adoptions;

    public JournalBook ReadBook() => _book;

    public FrameTable Frames => _journal.Frames;

    public static FrameWriter Create(TestStore store, JournalIdentity identity) => new(store, store.Create(identity));

    public static FrameWriter Create(string path, JournalIdentity identity) =>
        Create(new SqliteTestStore(path), identity);

    public static FrameWriter Open(TestStore store) => new(store, store.Open());

    public static FrameWriter Open(string path) => Open(new SqliteTestStore(path));

    public void Append(params IReadOnlyList<Segment> segments) =>
        Append(
            (IReadOnlyList<(int, long, int, FrameSegment[])>)[.. segments.Select(segment =>
                (segment.Partition, segment.Epoch, Buckets: 1,
                    (FrameSegment[])[new FrameSegment(0, segment.Count, segment.Payload)]))]);

    /// <summary>One frame of several buckets.</summary>
    public void Append(int partition, int buckets, params FrameSegment[] segments) =>
        Append([(partition, 1, buckets, segments)]);

    /// <summary>The journal's next own entry.</summary>
    public void Write(object entry)
    {
        var bytes = _book.Encode(entry);
        _book.Follow(bytes);
        Insert(JournalTable.JournalId, _book.SequenceNumber, bytes, JournalTable.EntryManifest);
    }

    public long Head(int partition) => _journal.Head(partition);

    public IEnumerable<Segment> Read(int partition, long fromOffset = 0) => _journal.Read(partition, fromOffset);

    public IReadOnlyList<Segment> ReadAt(int partition, IReadOnlyList<long> offsets) =>
        _journal.ReadAt(partition, offsets);

    public IEnumerable<Segment> ReadAll() => _journal.ReadAll();

    public JournalSize Measure() => _journal.Measure();

    public void CheckStore() => _journal.CheckStore();

    public void Dispose()
    {
        _connection.Dispose();
        _journal.Dispose();
    }

    private void Append(IReadOnlyList<(int Partition, long Incarnation, int Buckets, FrameSegment[] Segments)> frames)
    {
        lock (_gate)
        {
            var positions = _positions.ToArray();
            using var transaction = _connection.BeginTransaction();
            foreach (var (partition, incarnation, buckets, segments) in frames)
            {
                var chain = new FrameChain(partition, positions[partition]);
                var encoded = chain.Encode(new Frame(
                    partition, chain.Position.NextSequenceNumber, chain.Position.NextRecord,
                    Math.Max(incarnation, chain.Position.Incarnation), buckets, segments));
                Insert(
                    Identity.PersistenceIdOf(partition), encoded.End.SequenceNumber, encoded.Bytes,
                    JournalTable.FrameManifest);
                positions[partition] = encoded.End;
            }

            transaction.Commit();
            positions.CopyTo(_positions, 0);
        }
    }

    private void Insert(string persistenceId, long sequenceNumber, byte[] message, string manifest) => _connection.Run(
        """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        VALUES (0, @p0, @p1, @p2, @p3, @p4, @p5, '')
        """,
        false, persistenceId, sequenceNumber, message, manifest, JournalTable.SerializerId);
}
