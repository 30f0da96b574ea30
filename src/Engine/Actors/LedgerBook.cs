using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Replay;

namespace Amoe.Engine.Actors;

/// <summary>The ledgers a party shard keeps, and up to which batch of each student shard they have its postings.</summary>
internal sealed class LedgerBook(int studentShards)
{
    // Order does not depend on when a party was first heard of: the same book is the same bytes.
    private readonly SortedDictionary<PartyId, Ledger> _ledgers = [];

    /// <summary>By student shard, the number of the last batch taken.</summary>
    public long[] Through { get; private set; } = new long[studentShards];

    public IReadOnlyCollection<Ledger> Ledgers => _ledgers.Values;

    /// <summary>The sums over the ledgers after the last turn: whoever inspects a running shard reads these.</summary>
    public PartyTotals Totals { get; private set; } = new();

    /// <summary>A party's ledger, opened when it is first asked for.</summary>
    public Ledger Of(PartyId party)
    {
        if (_ledgers.TryGetValue(party, out var known))
            return known;
        var opened = Ledger.Of(party);
        _ledgers.Add(party, opened);
        return opened;
    }

    /// <summary>A party's ledger, or null where nothing was ever posted to it.</summary>
    public Ledger? Find(PartyId party) => _ledgers.GetValueOrDefault(party);

    public void Evolve(Event e)
    {
        switch (e)
        {
            case PartyEvent p:
                LedgerEvolver.Evolve(Of(p.Party), p);
                break;
            case PostingsTaken taken:
                Through = taken.Through;
                break;
        }
    }

    public void Sum() => Totals = PartyTotals.Of(_ledgers.Values);

    public void Restore(long[] through) => Through = through;

    /// <summary>What an event adds to the digest. Which batches a shard took says nothing of any party, and adds nothing.</summary>
    public ulong Hash(Event e, DateOnly known, ReadOnlySpan<byte> bytes) => e is PartyEvent p
        ? EventHash.Of(Mixing.Mix(p.Party.Value, PartyActors), Of(p.Party).EventCount++, known, bytes)
        : 0;

    /// <summary>The provider whose ledger set something off and has no answer yet; null when it is none of these.</summary>
    public PartyId? WhoWaitsFor(Posting answer)
    {
        foreach (var letter in Letters())
        {
            if (letter.Student == answer.Student && letter.Claim == answer.Claim && letter.Attempt == answer.Attempt)
                return letter.Provider;
        }

        return null;
    }

    /// <summary>Every set-off that its claim has not answered: the claims are told until they have.</summary>
    public IEnumerable<RecoveryLetter> Letters() =>
        from provider in _ledgers.Values.OfType<ProviderLedger>()
        from debt in provider.Debts
        from setOff in debt.Pending
        select new RecoveryLetter(provider.Party, debt.Student, debt.Claim, setOff.Attempt, setOff.AmountCentimes, setOff.Due);

    // Tells a party's events in the digest from those of the student with the same number.
    private const ulong PartyActors = 0x5041_5254_5945_5300;
}
