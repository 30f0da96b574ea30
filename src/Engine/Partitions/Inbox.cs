using System.Runtime.InteropServices;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Partitions;

/// <summary>
/// What comes to a partition from others when a day opens: to a ledger partition the postings of the days before, taken
/// as one record; to a student partition what the ledgers have to say to its claims.
/// </summary>
internal sealed class Inbox(int partition, IRelay relay) : IEventSink
{
    private readonly List<Posting> _postings = [];
    private readonly List<(PartyId, StudentId, int)> _keys = [];
    private readonly List<Event> _events = [];
    private readonly Decision _decision = new();
    private PartitionState _state = null!;

    /// <summary>
    /// Takes what is due by the open day. One record, with a few events for each party that anything was posted to, and
    /// the marks up to which it took each partition's batches: that is what makes a posting come in exactly once.
    /// </summary>
    public void TakePostings(PartitionState state, LedgerBook book, SegmentWriter writer)
    {
        var through = (long[])book.Through.Clone();
        _postings.Clear();
        relay.Fetch(partition, state.Day, through, _postings);
        if (through.AsSpan().SequenceEqual(book.Through))
            return;
        _state = state;
        _events.Clear();
        Absorb(book, new PostingsTaken(through));

        for (var i = _postings.Count - 1; i >= 0; i--)
            Address(book, i);

        var ordered = InOrder();
        while (!ordered.IsEmpty)
        {
            var party = ordered[0].Party;
            var count = 1;
            while (count < ordered.Length && ordered[count].Party == party)
                count++;
            _decision.Clear();
            LedgerDecider.Decide(book.Of(party), ordered[..count], state.Day, _decision);
            foreach (var e in _decision.Events)
                Absorb(book, e);
            ordered = ordered[count..];
        }

        var header = RecordHeader.Mark(CommandKind.TakePostings, state.Day);
        writer.Append(header, CollectionsMarshal.AsSpan(_events), this);
        state.Book(null, header);
    }

    public IReadOnlyList<RecoveryNotice> Recoveries(DateOnly day) => relay.NoticesTo(partition, day);

    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes) => _state.Ledgers!.Count(e, _state.Day, bytes);

    /// <summary>
    /// What is for whichever ledger waits for it came to every ledger partition: it is for one of this partition's, or
    /// for none.
    /// </summary>
    private void Address(LedgerBook book, int index)
    {
        var posting = _postings[index];
        if (posting.Party != default)
            return;
        if (book.WhoWaitsFor(posting) is { } provider)
            _postings[index] = posting with { Party = provider };
        else
            _postings.RemoveAt(index);
    }

    /// <summary>
    /// By party and student; one student's stay in their order, and whose partition came first says nothing.
    /// </summary>
    private ReadOnlySpan<Posting> InOrder()
    {
        // In place: a day's postings of a nation are a large object, and a new one each day makes the collector look
        // through everything.
        var postings = CollectionsMarshal.AsSpan(_postings);
        CollectionsMarshal.SetCount(_keys, postings.Length);
        var keys = CollectionsMarshal.AsSpan(_keys);
        for (var i = 0; i < keys.Length; i++)
            keys[i] = (postings[i].Party, postings[i].Student, i);
        keys.Sort(postings);
        return postings;
    }

    private void Absorb(LedgerBook book, Event e)
    {
        book.Evolve(e);
        _events.Add(e);
    }
}
