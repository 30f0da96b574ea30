using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;

namespace Amoe.Engine.Akka.Journal;

/// <summary>What a journal of actors amounts to: its students' and ledgers' records, replayed by the engine's own state.</summary>
internal sealed class ReplayedState
{
    private readonly ShardState[] _shards;
    private readonly ShardState _ledgers;
    private readonly Dictionary<string, List<PostingsKept>> _pending = [];

    private ReplayedState(IActorLogic logic, int shards)
    {
        _shards = [.. Enumerable.Range(0, shards).Select(_ => new ShardState(logic))];
        _ledgers = new ShardState(logic) { Ledgers = new LedgerBook(0) };
    }

    /// <summary>Bytes of the students' and ledgers' records.</summary>
    public long Bytes { get; private set; }

    /// <exception cref="JournalException">It cannot be read.</exception>
    public static ReplayedState Of(IAkkaHistory history, IActorLogic logic, int shards)
    {
        var replayed = new ReplayedState(logic, shards);
        foreach (var (id, e) in history.Read())
            replayed.Apply(id, e);
        return replayed;
    }

    private void Apply(string persistenceId, object e)
    {
        switch (e)
        {
            case StudentRecord record:
                Apply(_shards[PersistedIds.StudentOf(persistenceId).ShardOf(_shards.Length)], record.Bytes);
                break;
            case PostingsKept kept:
                if (!_pending.TryGetValue(persistenceId, out var pending))
                    _pending[persistenceId] = pending = [];
                pending.Add(kept);
                break;
            case LedgerRecord record:
                Apply(_ledgers, record.Bytes);
                var reader = new SegmentReader(Segment.Seal(0, 0, 1, 1, record.Bytes));
                reader.Read(new Nobody());
                var day = reader.Header.Effective;
                _pending[persistenceId].RemoveAll(kept => kept.Day < day);
                break;
            case CalendarPage page:
                foreach (var closed in page.Entries.OfType<DayMarked>().Where(day => day.IsClosed))
                    _shards[closed.Shard].Totals.CloseDay(closed.Day);
                break;
        }
    }

    private void Apply(ShardState state, byte[] record)
    {
        Bytes += record.Length;
        state.Apply(Segment.Seal(0, state.Offset, 1, 1, record));
    }

    public RuntimeState State()
    {
        var (totals, parties) = (new Totals(), new PartyTotals());
        var (digest, students, openClaims) = (0UL, 0L, 0L);
        var quarantined = new Dictionary<StudentId, string>();
        _ledgers.Ledgers!.HandOver();
        parties.Add(_ledgers.Ledgers.Totals);
        foreach (var shard in _shards.Append(_ledgers))
        {
            totals.Add(shard.Totals);
            digest += shard.Digest;
            students += shard.Cells.Count;
            openClaims += shard.OpenClaimCount;
            foreach (var (student, why) in shard.Quarantined)
                quarantined[student] = why;
        }

        return new RuntimeState(digest, totals, parties, students, openClaims, quarantined);
    }

    /// <param name="state">See <see cref="State"/>.</param>
    public Accounts AccountsOf(RuntimeState state)
    {
        // What ledgers keep they take when their next day opens.
        var notYetBooked = _pending.Values.SelectMany(kept => kept).SelectMany(kept => kept.Postings)
            .Aggregate(default(NotYetBooked), (sum, posting) => sum.With(posting));
        return new Accounts(state.Totals, state.Parties, notYetBooked, OpenItems.Of(_shards));
    }

    /// <summary>Reads a record for its header.</summary>
    private sealed class Nobody : IRecordSink
    {
        public void Begin(in RecordHeader header, long offset)
        {
            // The reader has it.
        }

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
            // The ledgers have had it.
        }

        public void End()
        {
            // Nothing was begun.
        }
    }
}
