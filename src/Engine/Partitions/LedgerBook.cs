using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Figures;

namespace Amoe.Engine.Partitions;

/// <summary>
/// The ledgers a ledger partition keeps, and up to which batch of each student partition they have its postings.
/// </summary>
internal sealed class LedgerBook(int studentPartitions)
{
    private readonly Dictionary<PartyId, Ledger> _ledgers = [];

    // Providers with a set-off that its claim has not answered: few of all.
    private readonly SortedDictionary<PartyId, ProviderLedger> _waiting = [];
    private PartyTotals _sums = new();
    private long[]? _handedOver;

    /// <summary>By student partition, the number of the last batch taken.</summary>
    public long[] Through { get; private set; } = new long[studentPartitions];

    /// <summary>
    /// The commutative sum of every ledger's history. It is here and in no bucket: a snapshot of any bucket has the
    /// ledgers.
    /// </summary>
    public ulong Digest { get; private set; }

    /// <summary>Events of the partition, those that book nothing too.</summary>
    public long EventCount { get; private set; }

    /// <summary>In no order that means anything.</summary>
    public IReadOnlyCollection<Ledger> Ledgers => _ledgers.Values;

    /// <summary>
    /// The sums over the ledgers after the last turn: an inspector of a running partition reads these.
    /// </summary>
    public PartyTotals Totals { get; private set; } = new();

    /// <summary>A party's ledger, opened when it is first asked for.</summary>
    public Ledger Of(PartyId party)
    {
        if (_ledgers.TryGetValue(party, out var known))
            return known;
        var opened = Ledger.Of(party);
        Add(opened);
        return opened;
    }

    /// <summary>Adds the ledger of a party that has none.</summary>
    public void Add(Ledger ledger)
    {
        _ledgers.Add(ledger.Party, ledger);
        _sums.Add(ledger);
        Watch(ledger);
    }

    /// <summary>A party's ledger, or null where nothing was ever posted to it.</summary>
    public Ledger? Find(PartyId party) => _ledgers.GetValueOrDefault(party);

    public void Evolve(Event e)
    {
        switch (e)
        {
            case PartyEvent p:
                var ledger = Of(p.Party);
                _sums.Remove(ledger);
                LedgerEvolver.Evolve(ledger, p);
                _sums.Add(ledger);
                Watch(ledger);
                break;
            case PostingsTaken taken:
                Through = taken.Through;
                break;
        }
    }

    /// <summary>
    /// What was taken, and all that the ledgers have to say to claims, if anything was taken since it was asked last.
    /// </summary>
    public Notices? HandOver()
    {
        if (ReferenceEquals(_handedOver, Through))
            return null;
        _handedOver = Through;

        // A copy: an inspector of the partition reads while the next turn is decided.
        var totals = new PartyTotals();
        totals.Add(_sums);
        Totals = totals;
        return new Notices([], Through, [.. Recoveries()]);
    }

    /// <summary>Becomes a book without ledgers, as a snapshot begins.</summary>
    public void Restore(long[] through, ulong digest, long eventCount)
    {
        (Through, Digest, EventCount) = (through, digest, eventCount);
        _ledgers.Clear();
        _waiting.Clear();
        _sums = new PartyTotals();
    }

    /// <summary>
    /// Counts an event that was applied, and adds it to the digest. Which batches a partition took says nothing of any
    /// party, and adds nothing.
    /// </summary>
    public void Count(Event e, DateOnly known, ReadOnlySpan<byte> bytes)
    {
        EventCount++;
        if (e is PartyEvent p)
            Digest += EventHash.Of(Mixing.Mix(p.Party.Value, PartyActors), Of(p.Party).EventCount++, known, bytes);
    }

    /// <summary>
    /// The provider whose ledger set something off and has no answer yet; null when it is none of these.
    /// </summary>
    public PartyId? WhoWaitsFor(Posting answer)
    {
        foreach (var notice in Recoveries())
        {
            if (notice.Student == answer.Student && notice.Claim == answer.Claim && notice.Attempt == answer.Attempt)
                return notice.Provider;
        }

        return null;
    }

    /// <summary>Every set-off that its claim has not answered: the claims are notified until they have.</summary>
    private IEnumerable<RecoveryNotice> Recoveries() =>
        from provider in _waiting.Values
        from debt in provider.Debts
        from setOff in debt.Pending
        select new RecoveryNotice(
            provider.Party, debt.Student, debt.Claim, setOff.Attempt, setOff.AmountCentimes, setOff.Due);

    private void Watch(Ledger ledger)
    {
        if (ledger is not ProviderLedger { Debts.Count: > 0 } provider)
            return;
        if (provider.Debts.Exists(debt => debt.Pending.Count > 0))
            _waiting[provider.Party] = provider;
        else
            _waiting.Remove(provider.Party);
    }

    // Tells a party's events in the digest from those of the student with the same number.
    private const ulong PartyActors = 0x5041_5254_5945_5300;
}
