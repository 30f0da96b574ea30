using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Tests.Postgres;

namespace Amoe.Engine.Tests.Journal;

/// <summary>What <see cref="IJournal.ReadAt"/> of every journal promises: claims are read back by it.</summary>
public abstract class ReadAtContract : IDisposable
{
    private const int Partition = 4;
    private ISegmentJournal _journal;

    private protected ReadAtContract()
    {
        _journal = Create();
        Some.Fill(_journal, 10);
    }

    private protected abstract ISegmentJournal Create();

    /// <summary>The same journal as a process that was started again has it.</summary>
    private protected abstract ISegmentJournal Reopen(ISegmentJournal journal);

    /// <summary>What its messages call a partition.</summary>
    private protected virtual string NameOf(int partition) => $"partition {partition}";

    public virtual void Dispose()
    {
        _journal.Dispose();
        GC.SuppressFinalize(this);
    }

    [StoreTheory]
    [InlineData]
    [InlineData(0L)]
    [InlineData(27L)]
    [InlineData(0L, 3L)]
    [InlineData(3L, 12L, 27L)]
    [InlineData(0L, 3L, 6L, 9L, 12L, 15L, 18L, 21L, 24L, 27L)]
    public void Reads_the_segments_that_begin_at_these_offsets_in_their_order_and_no_other(params long[] offsets)
    {
        AssertReads(offsets);
        _journal = Reopen(_journal);
        AssertReads(offsets);
    }

    [StoreTheory]
    [InlineData(30, 30L)]
    [InlineData(31, 31L)]
    [InlineData(1, 1L)]
    [InlineData(29, 29L)]
    [InlineData(5, 0L, 5L, 9L)]
    [InlineData(30, 0L, 27L, 30L)]
    public void An_offset_at_which_no_segment_begins_is_named_with_its_partition(long missing, params long[] offsets)
    {
        Some.AssertRefused(() => _ = _journal.ReadAt(Partition, offsets), NameOf(Partition), $" {missing}");
        _journal = Reopen(_journal);
        Some.AssertRefused(() => _ = _journal.ReadAt(Partition, offsets), NameOf(Partition), $" {missing}");
        AssertReads(0, 27);
    }

    [StoreFact]
    public void A_partition_beyond_the_journals_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = _journal.ReadAt(Some.Partitions, [0]));

    [StoreFact]
    public void What_is_appended_after_a_part_was_read_is_read_too()
    {
        _journal = Reopen(_journal);
        AssertReads(27);
        AssertReads(3, 27);
        _journal.Append([Some.Segment(Partition, 30)]);
        AssertReads(0, 27, 30);
        AssertReads(30);
    }

    [StoreFact]
    public async Task Reads_while_another_thread_appends()
    {
        _journal = Reopen(_journal);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            do
            {
                var last = _journal.Head(Partition) - 3;
                AssertReads(reader == 0 ? [last] : [0, last - 6, last]);
            }
            while (!done.IsCancellationRequested);
        })).ToArray();
        for (var round = 10; round < 60; round++)
            _journal.Append([Some.Segment(Partition, round * 3), Some.Segment(0, round * 3)]);
        await done.CancelAsync();
        await Task.WhenAll(readers);
        AssertReads(0, 177);
    }

    private void AssertReads(params long[] offsets)
    {
        var read = _journal.ReadAt(Partition, offsets);
        Assert.Equal(offsets, read.Select(segment => segment.Offset));
        Assert.All(read, segment => Some.AssertSame(Some.Segment(Partition, segment.Offset), segment));
    }
}

public sealed class MemoryReadAtTests : ReadAtContract
{
    private protected override ISegmentJournal Create() => new MemorySegments(new MemoryJournal(Some.Identity));

    // It lasts as long as the process.
    private protected override ISegmentJournal Reopen(ISegmentJournal journal) => journal;
}

/// <summary>A journal that reads the segments at some offsets by reading from each of them on.</summary>
public sealed class DefaultReadAtTests : ReadAtContract
{
    private protected override ISegmentJournal Create() => new Plain(new MemoryJournal(Some.Identity));

    private protected override ISegmentJournal Reopen(ISegmentJournal journal) => journal;

    private sealed class Plain(MemoryJournal inner) : ISegmentJournal
    {
        public JournalIdentity Identity => inner.Identity;

        public IReadOnlyList<AdoptedRulebook> Adoptions => inner.Adoptions;

        public void Append(params IReadOnlyList<Segment> segments) => inner.Append(segments);

        public long Head(int partition) => inner.Head(partition);

        public IEnumerable<Segment> Read(int partition, long fromOffset = 0) => inner.Read(partition, fromOffset);

        public IEnumerable<Segment> ReadAll() => inner.ReadAll();

        public JournalSize Measure() => inner.Measure();

        public void Dispose() => inner.Dispose();
    }
}

/// <summary>What a journal promises besides whose partitions append frames through the framework.</summary>
public abstract class FrameReadAtContract : ReadAtContract
{
    private readonly TestStore _other;
    private TestStore? _store;

    private protected FrameReadAtContract() => _other = NewStore();

    private protected abstract TestStore NewStore();

    public override void Dispose()
    {
        base.Dispose();
        _store?.Dispose();
        _other.Dispose();
        GC.SuppressFinalize(this);
    }

    [StoreFact]
    public void Another_process_reads_what_was_appended_since()
    {
        using var writer = FrameWriter.Create(_other, Some.Identity);
        Some.Fill(writer, 1);
        using var reader = _other.OpenReadOnly();
        Some.AssertSame(Some.Segment(3, 0), reader.ReadAt(3, [0]).Single());
        writer.Append([Some.Segment(3, 3), Some.Segment(2, 3), Some.Segment(3, 6)]);
        Assert.Equal([0L, 6], reader.ReadAt(3, [0, 6]).Select(segment => segment.Offset));
    }

    [StoreFact]
    public void A_segment_in_the_middle_of_a_frame_is_read_alone()
    {
        using var writer = FrameWriter.Create(_other, Some.Identity);
        Some.Fill(writer, 1);
        writer.Append(
            3, 4, new FrameSegment(0, 2, Some.Bytes(10, 1)), new FrameSegment(2, 5, Some.Bytes(20, 2)),
            new FrameSegment(3, 1, Some.Bytes(30, 3)));

        Assert.Equal(
            [(3L, 2, 10), (5, 5, 20), (10, 1, 30)],
            writer.ReadAt(3, [3, 5, 10]).Select(segment => (segment.Offset, segment.Count, segment.Payload.Length)));
        Assert.Equal([5L, 10], writer.Read(3, 6).Select(segment => segment.Offset));
        Some.AssertRefused(() => _ = writer.ReadAt(3, [6]), "partition-3", " 6");
    }

    [StoreTheory]
    [InlineData("UPDATE journal SET message = substr(message, 1, length(message) - 1)")]
    [InlineData("UPDATE journal SET deleted = NOT deleted")]
    [InlineData("UPDATE journal SET manifest = 'Frame'")]
    [InlineData("UPDATE journal SET identifier = 4")]
    [InlineData(
        "UPDATE journal SET message = (SELECT message FROM journal WHERE persistence_id = 'partition-4' AND sequence_number = 2)")]
    [InlineData("DELETE FROM journal")]
    public void A_damaged_frame_is_named_and_the_others_are_read(string harm) =>
        AssertNamed(() =>
            Assert.Equal(1, _other.Run($"{harm} WHERE persistence_id = 'partition-3' AND sequence_number = 2")));

    [StoreFact]
    public void A_frame_with_a_flipped_bit_is_named_and_the_others_are_read() =>
        AssertNamed(() => _other.FlipBit("partition-3", 2));

    private void AssertNamed(Action damage)
    {
        using var journal = FrameWriter.Create(_other, Some.Identity);
        Some.Fill(journal, 3);
        damage();
        Some.AssertRefused(() => _ = journal.ReadAt(3, [3]), "partition-3", "2");
        Some.AssertRefused(() => _ = journal.ReadAt(3, [0, 3, 6]), "partition-3", "2");
        Assert.Equal([0L], journal.ReadAt(3, [0]).Select(segment => segment.Offset));
        Assert.Equal([0L, 6], journal.ReadAt(4, [0, 6]).Select(segment => segment.Offset));
    }

    private protected override string NameOf(int partition) => $"partition-{partition}";

    private protected override ISegmentJournal Create() => FrameWriter.Create(_store = NewStore(), Some.Identity);

    private protected override ISegmentJournal Reopen(ISegmentJournal journal)
    {
        journal.Dispose();
        return FrameWriter.Open(_store!);
    }
}

public sealed class SqliteReadAtTests : FrameReadAtContract
{
    private protected override TestStore NewStore() => new SqliteTestStore();
}

[NeedsPostgres]
public sealed class PostgresReadAtTests : FrameReadAtContract
{
    private protected override TestStore NewStore() => new PostgresTestStore();
}
