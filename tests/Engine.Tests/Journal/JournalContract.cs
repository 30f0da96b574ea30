using Amoe.Engine.Journal;
using Amoe.Engine.Tests.Postgres;

namespace Amoe.Engine.Tests.Journal;

/// <summary>What every journal promises to those who read it, whatever keeps it.</summary>
public abstract class JournalReadingContract : IDisposable
{
    private readonly ISegmentJournal _journal;

    private protected JournalReadingContract() => _journal = Create(Some.Identity);

    private protected ISegmentJournal Journal => _journal;

    private protected abstract ISegmentJournal Create(JournalIdentity identity);

    /// <summary>What its messages call a partition.</summary>
    private protected virtual string NameOf(int partition) => $"partition {partition}";

    public virtual void Dispose()
    {
        _journal.Dispose();
        GC.SuppressFinalize(this);
    }

    [StoreFact]
    public void Keeps_its_identity() => Assert.Equal(Some.Identity, _journal.Identity);

    [StoreFact]
    public void Begins_empty()
    {
        Assert.Equal(0, _journal.Head(0));
        Assert.Empty(_journal.ReadAll());
        Assert.Empty(_journal.Read(0));
        Assert.Equal(0, _journal.Measure().SegmentBytes);
    }

    [StoreFact]
    public void Reads_back_each_partition_in_its_order()
    {
        Segment[] first = [Some.Segment(5, 0, 2), Some.Segment(1, 0, 1, length: 1)];
        Segment[] second = [Some.Segment(1, 1, 4, length: 70_000), Some.Segment(5, 2, 1_000, epoch: 7)];
        _journal.Append(first);
        _journal.Append(second);

        // Partitions may come in any order, their segments only in one.
        Assert.Equal(4, _journal.ReadAll().Count());
        Assert.All(
            _journal.ReadAll().Where(segment => segment.Partition == 1).Zip([first[1], second[0]]),
            pair => Some.AssertSame(pair.Second, pair.First));
        Assert.All(
            _journal.ReadAll().Where(segment => segment.Partition == 5).Zip([first[0], second[1]]),
            pair => Some.AssertSame(pair.Second, pair.First));
        Assert.All(_journal.Read(5).Zip([first[0], second[1]]), pair => Some.AssertSame(pair.Second, pair.First));
        Assert.Equal(1_002, _journal.Head(5));
        Assert.InRange(_journal.Measure().SegmentBytes, 70_201, 71_000);
        Assert.True(_journal.Measure().FileBytes >= 70_201);
    }

    [StoreFact]
    public void One_transaction_may_hold_several_segments_of_a_partition()
    {
        _journal.Append([Some.Segment(2, 0), Some.Segment(3, 0), Some.Segment(2, 3), Some.Segment(2, 6)]);
        _journal.Append([Some.Segment(2, 9)]);

        Assert.Equal([0L, 3, 6, 9], _journal.Read(2).Select(segment => segment.Offset));
        Assert.Equal(12, _journal.Head(2));
        Assert.Equal(5, _journal.ReadAll().Count());
    }

    [StoreTheory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 3)]
    [InlineData(28, 27)]
    [InlineData(29, 27)]
    public void Reads_a_partition_from_the_segment_that_holds_the_offset(long fromOffset, long first)
    {
        Some.Fill(_journal, 10);
        var offsets = _journal.Read(4, fromOffset).Select(segment => segment.Offset).ToArray();
        Assert.Equal(first, offsets[0]);
        Assert.Equal(27, offsets[^1]);
        Assert.Equal(((27 - first) / 3) + 1, offsets.Length);
    }

    [StoreFact]
    public void Reading_from_the_head_yields_nothing_and_beyond_it_is_refused()
    {
        Some.Fill(_journal, 1);
        Assert.Empty(_journal.Read(4, 3));
        Some.AssertRefused(() => _ = _journal.Read(4, 4).ToList(), NameOf(4), " 3 ", "from 4");
    }

    [StoreFact]
    public void A_reader_sees_the_journal_of_one_moment()
    {
        Some.Fill(_journal, 2);
        using var reading = _journal.ReadAll().GetEnumerator();
        Assert.True(reading.MoveNext());
        _journal.Append([Some.Segment(0, 6)]);

        var read = 1;
        while (reading.MoveNext())
            read++;
        Assert.Equal(2 * Some.Partitions, read);
        Assert.Equal(9, _journal.Head(0));
    }

    [StoreFact]
    public async Task Readers_on_other_threads_see_whole_transactions_only()
    {
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            do
                Assert.Equal(0, _journal.ReadAll().Count() % Some.Partitions);
            while (!done.IsCancellationRequested);
        })).ToArray();
        Some.Fill(_journal, 50);
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(50 * Some.Partitions, _journal.ReadAll().Count());
    }

    [StoreFact]
    public void A_partition_that_is_none_of_the_journals_has_no_head() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _journal.Head(-1));
}

/// <summary>A journal in memory, which takes segments itself.</summary>
public sealed class MemoryJournalTests : JournalReadingContract
{
    [Fact]
    public void Reads_back_what_was_appended()
    {
        Segment[] first = [Some.Segment(5, 0, 2), Some.Segment(1, 0, 1, length: 0)];
        Segment[] second = [
            Some.Segment(1, 1, 4, length: 70_000), Some.Segment(5, 2, int.MaxValue, epoch: long.MaxValue)
        ];
        Journal.Append(first);
        Journal.Append(second);

        Assert.All(Journal.ReadAll().Zip([.. first, .. second]), pair => Some.AssertSame(pair.Second, pair.First));
        Assert.Equal(2L + int.MaxValue, Journal.Head(5));
        Assert.Equal(new JournalSize(70_200, 70_200), Journal.Measure());
    }

    [Fact]
    public void Appending_nothing_changes_nothing()
    {
        Journal.Append([]);
        Assert.Empty(Journal.ReadAll());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_segment_that_is_not_at_the_head_refuses_the_whole_transaction(long offset) =>
        RefusesWhole(Some.Segment(6, offset), $"offset {offset}", "at 3");

    [Fact]
    public void A_wrong_checksum_refuses_the_whole_transaction()
    {
        var sealedOne = Some.Segment(6, 3);
        RefusesWhole(sealedOne with { Checksum = sealedOne.Checksum + 1 }, "offset 3", "damaged");
    }

    [Fact]
    public void A_segment_without_records_is_refused() =>
        RefusesWhole(Some.Segment(6, 3, count: 0), "offset 3", "empty");

    [Fact]
    public void A_partition_beyond_the_journals_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Journal.Append([Some.Segment(0, 0), Some.Segment(Some.Partitions, 0)]));
        Assert.Empty(Journal.ReadAll());
    }

    private void RefusesWhole(Segment bad, params string[] says)
    {
        Some.Fill(Journal, 1);
        Some.AssertRefused(
            () => Journal.Append([Some.Segment(0, 3), bad, Some.Segment(1, 3)]), ["partition 6", .. says]);
        Assert.Equal(Some.Partitions, Journal.ReadAll().Count());
        Assert.Equal(3, Journal.Head(0));

        Journal.Append([Some.Segment(0, 3)]);
        Assert.Equal(6, Journal.Head(0));
    }

    private protected override ISegmentJournal Create(JournalIdentity identity) =>
        new MemorySegments(new MemoryJournal(identity));
}

/// <summary>A journal whose partitions append frames through the framework.</summary>
public abstract class PartitionJournalContract : JournalReadingContract
{
    private TestStore? _store;

    private protected abstract TestStore NewStore();

    public override void Dispose()
    {
        base.Dispose();
        _store?.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override string NameOf(int partition) => $"partition-{partition}";

    private protected override ISegmentJournal Create(JournalIdentity identity) =>
        FrameWriter.Create(_store = NewStore(), identity);
}

public sealed class SqliteJournalContractTests : PartitionJournalContract
{
    private protected override TestStore NewStore() => new SqliteTestStore();
}

[NeedsPostgres]
public sealed class PostgresJournalContractTests : PartitionJournalContract
{
    private protected override TestStore NewStore() => new PostgresTestStore();
}
