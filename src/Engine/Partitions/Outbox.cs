using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Partitions;

/// <summary>
/// What a student partition has to say to ledger partitions. Postings follow from the partition's events, so the
/// journal has them already; what was booked on a day becomes one numbered batch when the day ends, and stays here
/// until every ledger partition has taken it durably.
/// </summary>
internal sealed class Outbox(int partition, IRelay? relay)
{
    private readonly RecordPostings _record = new();
    private readonly Queue<PostingBatch> _pending = [];
    private List<Posting> _open = [];
    private long _handedOver;

    /// <summary>The number of the last batch.</summary>
    public long Sealed { get; private set; }

    /// <summary>Booked on the day that is open.</summary>
    public IReadOnlyList<Posting> Open => _open;

    /// <summary>Batches that not every ledger partition has taken: without a gap, up to the last.</summary>
    public IReadOnlyCollection<PostingBatch> Pending => _pending;

    /// <summary>A record begins; what one that failed had noted is forgotten.</summary>
    public void Begin() => _record.Begin();

    /// <summary>Notes what an event means, before it is applied.</summary>
    public void Note(Student student, Claim? claim, Event e) => _record.Note(student, claim, e);

    /// <summary>The record remains: what was noted is booked.</summary>
    public void Book(StudentId student, in RecordHeader header)
    {
        _record.Book(student, header);
        _open.AddRange(_record.All);
        _record.Begin();
    }

    /// <summary>
    /// The day ends. A closed day is a batch even if it has nothing, so that partitions which close their days together
    /// count alike.
    /// </summary>
    public void Seal(DateOnly day, bool isClosed)
    {
        if (_open.Count == 0 && !isClosed)
            return;
        _pending.Enqueue(new PostingBatch(++Sealed, day, [.. _open]));
        _open.Clear();
        if (relay is null)
            return;
        var left = Math.Max(0, Sealed - relay.TakenByAll(partition));
        while (_pending.Count > left)
            _pending.Dequeue();
    }

    /// <summary>The batches that were not handed over yet.</summary>
    public IReadOnlyList<PostingBatch> HandOver()
    {
        if (_handedOver == Sealed)
            return [];
        var batches = new List<PostingBatch>(1);
        var known = _pending.Count - (Sealed - _handedOver);
        foreach (var batch in _pending)
        {
            if (known-- <= 0)
                batches.Add(batch);
        }

        _handedOver = Sealed;
        return batches;
    }

    /// <summary>As a snapshot has it.</summary>
    public void Restore(long lastSealed, List<Posting> open, IEnumerable<PostingBatch> pending)
    {
        (Sealed, _open) = (lastSealed, open);
        _pending.Clear();
        foreach (var batch in pending)
            _pending.Enqueue(batch);
    }
}

/// <summary>What a student partition booked on one day.</summary>
/// <param name="Number">Counted from 1 per partition: a ledger partition takes each once.</param>
/// <param name="Day">The day on which it became known; due on the next.</param>
internal sealed record PostingBatch(long Number, DateOnly Day, Posting[] Postings);
