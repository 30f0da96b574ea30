using System.Runtime.InteropServices;
using Amoe.Engine.Akka.Ledgers;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Akka.Students;

/// <summary>Who has yet to keep his part of a student's last record: claims their events, party shards their postings.</summary>
internal sealed class RecordParts(int partyShards)
{
    private readonly HashSet<ulong> _claims = [];
    private readonly Dictionary<int, TakePostings> _postings = [];

    /// <summary>True when everybody has kept his part: the record may be answered, and the next decided.</summary>
    public bool AreKept => _claims.Count == 0 && _postings.Count == 0;

    /// <summary>What party shards have not said to have kept.</summary>
    public IReadOnlyCollection<TakePostings> Untaken => _postings.Values;

    public void Add(ulong claim) => _claims.Add(claim);

    public void Settled(ulong claim) => _claims.Remove(claim);

    /// <summary>Of an earlier record it may come late, for who is asked twice answers twice.</summary>
    public void Taken(int party, long record)
    {
        if (_postings.TryGetValue(party, out var awaited) && awaited.Record == record)
            _postings.Remove(party);
    }

    /// <summary>Addresses a record's postings; where no ledgers are kept there is nobody to have them.</summary>
    public void Add(StudentId student, long record, DateOnly day, ReadOnlySpan<Posting> postings)
    {
        if (partyShards == 0)
            return;
        var boxes = new Dictionary<int, List<Posting>>();
        foreach (var posting in postings)
        {
            // Whichever ledger waits for it: none but the ledgers know.
            var (first, count) = posting.Party == default ? (0, partyShards) : (posting.Party.ShardOf(partyShards), 1);
            for (var party = first; party < first + count; party++)
                (CollectionsMarshal.GetValueRefOrAddDefault(boxes, party, out _) ??= []).Add(posting);
        }

        foreach (var (party, some) in boxes)
            _postings[party] = new TakePostings(party, student, record, day, [.. some]);
    }
}
