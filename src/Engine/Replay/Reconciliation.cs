using System.Runtime.InteropServices;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Replay;

/// <summary>
/// Holds what students' and claims' events say of each party against its ledger: the two are equal but for the postings
/// that still wait in an outbox.
/// </summary>
internal sealed class Reconciliation(IReadOnlyList<LedgerBook> books)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PartyId, PartySums> _said = [];
    private readonly Dictionary<PartyId, PartySums> _notYetBooked = [];

    /// <summary>
    /// Adds all that a student partition ever posted: its outbox after a replay that kept every batch.
    /// </summary>
    public void Add(int partition, Outbox outbox)
    {
        lock (_gate)
        {
            foreach (var batch in outbox.Pending)
            {
                foreach (ref readonly var posting in batch.Postings.AsSpan())
                    Add(posting, isTaken: batch.Number <= BookOf(posting.Party).Through[partition]);
            }

            foreach (var posting in outbox.Open)
                Add(posting, isTaken: false);
        }
    }

    /// <summary>Postings that no ledger has yet, over all parties.</summary>
    public NotYetBooked NotYetBooked { get; private set; }

    /// <summary>Parties of which ledger and events differ.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var ledger in books.SelectMany(book => book.Ledgers))
            _said.TryAdd(ledger.Party, default);
        return
            from pair in _said
            let booked = BookOf(pair.Key).Find(pair.Key) is { } ledger ? PartySums.Of(ledger) : default
            let notYetBooked = _notYetBooked.GetValueOrDefault(pair.Key)
            where pair.Value != booked + notYetBooked
            orderby pair.Key
            select $"{pair.Key}: the events of students and claims come to {pair.Value}; its ledger to {booked}; not yet booked is {notYetBooked}";
    }

    private void Add(in Posting posting, bool isTaken)
    {
        // An answer moves no money.
        if (posting.Party == default)
            return;
        ref var said = ref CollectionsMarshal.GetValueRefOrAddDefault(_said, posting.Party, out _);
        said = said.With(posting);
        if (isTaken)
            return;
        ref var notYetBooked = ref CollectionsMarshal.GetValueRefOrAddDefault(_notYetBooked, posting.Party, out _);
        notYetBooked = notYetBooked.With(posting);
        NotYetBooked = NotYetBooked.With(posting);
    }

    private LedgerBook BookOf(PartyId party) => books[party.PartitionOf(books.Count)];
}
