using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Engine.Tests.Postgres;
using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Journal;

/// <summary>What every journal promises to those who read it, whatever keeps it.</summary>
public abstract class JournalReadingContract : IDisposable
{
    private readonly IWritableJournal _journal;

    private protected JournalReadingContract() => _journal = Create(Some.Identity);

    private protected IWritableJournal Journal => _journal;

    private protected abstract IWritableJournal Create(JournalIdentity identity);

    /// <summary>What its messages call a shard.</summary>
    private protected virtual string NameOf(int shard) => $"shard {shard}";

    /// <summary>Where ownership is kept, the shard begins this epoch; where one process has the journal, whoever writes begins it.</summary>
    private protected virtual void Own(int shard, long epoch)
    {
    }

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
    public void Reads_back_each_shard_in_its_order()
    {
        Segment[] first = [Some.Segment(5, 0, 2), Some.Segment(1, 0, 1, length: 1)];
        Segment[] second = [Some.Segment(1, 1, 4, length: 70_000), Some.Segment(5, 2, 1_000, epoch: 7)];
        _journal.Append(first);
        Own(5, 7);
        _journal.Append(second);

        // Shards may come in any order, their segments only in one.
        Assert.Equal(4, _journal.ReadAll().Count());
        Assert.All(_journal.ReadAll().Where(segment => segment.Shard == 1).Zip([first[1], second[0]]), pair => Some.AssertSame(pair.Second, pair.First));
        Assert.All(_journal.ReadAll().Where(segment => segment.Shard == 5).Zip([first[0], second[1]]), pair => Some.AssertSame(pair.Second, pair.First));
        Assert.All(_journal.Read(5).Zip([first[0], second[1]]), pair => Some.AssertSame(pair.Second, pair.First));
        Assert.Equal(1_002, _journal.Head(5));
        Assert.InRange(_journal.Measure().SegmentBytes, 70_201, 71_000);
        Assert.True(_journal.Measure().FileBytes >= 70_201);
    }

    [StoreFact]
    public void One_transaction_may_hold_several_segments_of_a_shard()
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
    public void Reads_a_shard_from_the_segment_that_holds_the_offset(long fromOffset, long first)
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
        Assert.Equal(2 * Some.Shards, read);
        Assert.Equal(9, _journal.Head(0));
    }

    [StoreFact]
    public async Task Readers_on_other_threads_see_whole_transactions_only()
    {
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            do
                Assert.Equal(0, _journal.ReadAll().Count() % Some.Shards);
            while (!done.IsCancellationRequested);
        })).ToArray();
        Some.Fill(_journal, 50);
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(50 * Some.Shards, _journal.ReadAll().Count());
    }

    [StoreFact]
    public void A_shard_that_is_none_of_the_journals_has_no_head() => Assert.Throws<ArgumentOutOfRangeException>(() => _journal.Head(-1));
}

/// <summary>What a journal promises that takes segments itself.</summary>
public abstract class JournalContract : JournalReadingContract
{
    [StoreFact]
    public void Keeps_the_rulebooks_adopted_since_with_their_marks()
    {
        Assert.Empty(Journal.Adoptions);
        Some.Fill(Journal, 1);
        var (first, second) = (new AdoptedRulebook(1, new DateOnly(2024, 1, 31), "règles: 2\n"), new AdoptedRulebook(2, new DateOnly(2024, 2, 1), ""));
        Journal.Adopt(first, [Some.Segment(0, 3), Some.Segment(1, 3)]);
        Journal.Adopt(second, [Some.Segment(0, 6)]);

        Assert.Equal([first, second], Journal.Adoptions);
        Assert.Equal((9, 6, 3), (Journal.Head(0), Journal.Head(1), Journal.Head(2)));
        Assert.Equal(Some.Identity, Journal.Identity);
    }

    [StoreFact]
    public void An_adoption_whose_mark_is_refused_leaves_nothing()
    {
        Some.Fill(Journal, 1);
        var adopted = new AdoptedRulebook(1, new DateOnly(2024, 1, 31), "règles: 2\n");
        Some.AssertRefused(() => Journal.Adopt(adopted, [Some.Segment(0, 3), Some.Segment(1, 2)]), "shard 1", "head is at 3");
        Assert.Equal((3, 3), (Journal.Head(0), Journal.Head(1)));
        Assert.Empty(Journal.Adoptions);

        Journal.Adopt(adopted, [Some.Segment(0, 3), Some.Segment(1, 3)]);
        Assert.Equal([adopted], Journal.Adoptions);
    }

    [StoreFact]
    public void Adoptions_are_numbered_one_after_the_other()
    {
        Some.AssertRefused(() => Journal.Adopt(new AdoptedRulebook(2, default, "règles: 2\n"), [Some.Segment(0, 0)]), "0 adopted rulebooks", "number 2");
        Assert.Empty(Journal.ReadAll());
    }

    [StoreFact]
    public void Reads_back_what_was_appended()
    {
        Segment[] first = [Some.Segment(5, 0, 2), Some.Segment(1, 0, 1, length: 0)];
        Segment[] second = [Some.Segment(1, 1, 4, length: 70_000), Some.Segment(5, 2, int.MaxValue, epoch: long.MaxValue)];
        Journal.Append(first);
        Own(5, long.MaxValue);
        Journal.Append(second);

        // Shards may come in any order, their segments only in one.
        Assert.Equal(4, Journal.ReadAll().Count());
        Assert.All(Journal.ReadAll().Where(segment => segment.Shard == 1).Zip([first[1], second[0]]), pair => Some.AssertSame(pair.Second, pair.First));
        Assert.All(Journal.ReadAll().Where(segment => segment.Shard == 5).Zip([first[0], second[1]]), pair => Some.AssertSame(pair.Second, pair.First));
        Assert.Equal(2L + int.MaxValue, Journal.Head(5));
        Assert.Equal(70_200, Journal.Measure().SegmentBytes);
        Assert.True(Journal.Measure().FileBytes >= 70_200);
    }

    [StoreFact]
    public void Appending_nothing_changes_nothing()
    {
        Journal.Append([]);
        Assert.Empty(Journal.ReadAll());
    }

    [StoreFact]
    public void The_callers_buffer_may_be_used_again()
    {
        var buffer = Some.Bytes(50, 1);
        Journal.Append([Segment.Seal(0, 0, 1, 1, buffer)]);
        buffer.AsSpan().Clear();
        Assert.Equal(Some.Bytes(50, 1), Journal.ReadAll().Single().Payload.ToArray());
    }

    [StoreTheory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_segment_that_is_not_at_the_head_refuses_the_whole_transaction(long offset)
    {
        Some.Fill(Journal, 1);
        RefusedWhole(Some.Segment(6, offset), "shard 6", $"offset {offset}", "head is at 3");
    }

    [StoreFact]
    public void An_old_epoch_fences_the_whole_transaction_and_says_whose()
    {
        Some.Fill(Journal, 1);
        Own(6, 5);
        Journal.Append([Some.Segment(6, 3, epoch: 5)]);
        var fenced = RefusedWhole<FencedException>(Some.Segment(6, 6, epoch: 4), "shard 6", "offset 6", "epoch 4", "epoch 5");
        Assert.Equal([6], fenced.Shards);
    }

    [StoreFact]
    public void A_wrong_checksum_refuses_the_whole_transaction()
    {
        Some.Fill(Journal, 1);
        var sealedOne = Some.Segment(6, 3);
        RefusedWhole(sealedOne with { Checksum = sealedOne.Checksum + 1 }, "shard 6", "offset 3", "checksum");
    }

    [StoreFact]
    public void A_segment_without_records_is_refused()
    {
        Some.Fill(Journal, 1);
        RefusedWhole(Some.Segment(6, 3, count: 0), "shard 6", "offset 3", "no record");
    }

    [StoreFact]
    public void A_shard_beyond_theJournals_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Journal.Append([Some.Segment(0, 0), Some.Segment(Some.Shards, 0)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Journal.Head(-1));
        Assert.Empty(Journal.ReadAll());
    }

    private void RefusedWhole(Segment bad, params string[] says) => RefusedWhole<JournalException>(bad, says);

    private T RefusedWhole<T>(Segment bad, params string[] says)
        where T : JournalException
    {
        var before = Journal.ReadAll().Count();
        var refused = Some.AssertRefused<T>(() => Journal.Append([Some.Segment(0, 3), bad, Some.Segment(1, 3)]), says);
        Assert.Equal(before, Journal.ReadAll().Count());
        Assert.Equal(3, Journal.Head(0));

        Journal.Append([Some.Segment(0, 3)]);
        Assert.Equal(6, Journal.Head(0));
        return refused;
    }
}

public sealed class MemoryJournalTests : JournalContract
{
    private protected override IWritableJournal Create(JournalIdentity identity) => new MemoryJournal(identity);
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

    private protected override string NameOf(int shard) => $"partition-{shard}";

    private protected override IWritableJournal Create(JournalIdentity identity) => FrameWriter.Create(_store = NewStore(), identity);
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

[NeedsPostgres]
public sealed class HostsJournalContractTests : JournalContract
{
    private PrivateDatabase? _database;

    private protected override IWritableJournal Create(JournalIdentity identity)
    {
        _database = PrivatePostgres.Shared.NewDatabase();
        var journal = HostsJournal.Create(JournalAddress.Parse(_database.Url), identity);
        _database.Execute("UPDATE amoe.shard SET epoch = 1");
        return journal;
    }

    private protected override void Own(int shard, long epoch) => _database!.Execute($"UPDATE amoe.shard SET epoch = {epoch} WHERE id = {shard}");
}
