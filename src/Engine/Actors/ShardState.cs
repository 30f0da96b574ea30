using System.Collections.Concurrent;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// Everything a shard holds: its actors' cells, its calendar, its totals, its part of the digest. A live turn and a replay change it by the same
/// steps, so that they end the same.
/// </summary>
internal sealed class ShardState(IActorLogic logic) : IRecordSink
{
    // Read by whoever inspects the runtime while it runs.
    private readonly ConcurrentDictionary<StudentId, string> _quarantined = [];
    private RecordHeader _header;
    private long _recordOffset;
    private StudentCell? _replaying;
    private bool _isStudentChanged;

    public CellTable Cells { get; } = new();

    public DueCalendar Calendar { get; } = new();

    public Totals Totals { get; set; } = new();

    public ulong Digest { get; set; }

    /// <summary>The shard's number of records applied.</summary>
    public long Offset { get; set; }

    /// <summary>The day last opened: known dates are never earlier.</summary>
    public DateOnly Day { get; set; }

    /// <summary>The day last closed: where a simulation is resumed.</summary>
    public DateOnly LastClosed { get; set; }

    public long OpenClaimCount { get; set; }

    /// <summary>What a student shard has for party shards; null on a party shard, and where the journal keeps no ledgers.</summary>
    public Outbox? Outbox { get; set; }

    /// <summary>The ledgers of a party shard; null on a student shard.</summary>
    public LedgerBook? Ledgers { get; set; }

    public IReadOnlyDictionary<StudentId, string> Quarantined => _quarantined;

    public StudentCell Cell(StudentId student)
    {
        if (Cells.Find(student) is { } known)
            return known;
        var cell = new StudentCell(student);
        Cells.Put(cell);
        return cell;
    }

    /// <summary>A record begins: what it posts and what it counts follow from the state it finds.</summary>
    public void Begin(StudentCell cell)
    {
        Outbox?.Begin();
        Totals.Begin(cell, cell.Standing);
    }

    /// <summary>Applies one event to the actor it is about.</summary>
    public void Evolve(StudentCell cell, Event e, long recordOffset)
    {
        switch (e)
        {
            case StudentEvent s:
                Outbox?.Note(cell, null, e);
                logic.Evolve(cell, s);
                break;
            case ClaimEvent c:
                var claim = ClaimFor(cell, c, recordOffset);
                Outbox?.Note(cell, claim, e);
                logic.Evolve(claim, c);
                break;
        }
    }

    /// <summary>Counts an event that was applied, and adds it to the digest.</summary>
    public void Count(StudentCell cell, Event e, DateOnly known, ReadOnlySpan<byte> bytes)
    {
        var id = cell.Id.Value;
        if (e is ClaimEvent c)
        {
            Digest += EventHash.Of(Mixing.Mix(id, c.Claim), cell.CountEvent(c.Claim), known, bytes);
            Totals.Count(cell, cell.FindOpen(c.Claim), e);
            return;
        }

        _isStudentChanged = true;
        Digest += EventHash.Of(Mixing.Mix(id), cell.EventCount++, known, bytes);
        Totals.Count(cell, null, e);
    }

    /// <summary>The same for an event of a ledger.</summary>
    public void CountOfParty(Event e, DateOnly known, ReadOnlySpan<byte> bytes)
    {
        Digest += Ledgers!.Hash(e, known, bytes);
        Totals.CountOfParty();
    }

    /// <summary>Books a record once its events are applied: the receipt, the calendar, the totals, claims that closed.</summary>
    public void Book(StudentCell? cell, in RecordHeader header)
    {
        Offset++;
        if (cell is null)
        {
            BookMark(header);
            return;
        }

        Totals.Count(header);
        Outbox?.Book(cell, header);
        if (header.IsCommand)
            cell.Receipts.Add(new Receipt(header.Id, header.Fingerprint, header.Outcome, header.Reason));
        OpenClaimCount -= cell.Compact();
        if (!_isStudentChanged)
            return;

        // Deadlines and standing follow from the student alone: what happened to his claims changes neither.
        _isStudentChanged = false;
        Reschedule(cell);
        var standing = StandingOf(cell);
        if (standing != cell.Standing)
        {
            Totals.Count(cell.Standing, standing);
            cell.Standing = standing;
        }
    }

    public void Reschedule(StudentCell cell)
    {
        var next = cell.NextDeadline;
        if (next == cell.LooksAgainOn)
            return;
        cell.LooksAgainOn = next;
        if (next != DateOnly.MaxValue)
            Calendar.Add(next, cell.Id);
    }

    /// <summary>Replays a segment.</summary>
    /// <exception cref="JournalException">It is not the next one of the shard, or cannot be read.</exception>
    public void Apply(in Segment segment)
    {
        RequireNext(segment);
        var reader = new SegmentReader(segment);
        while (reader.Read(this))
        {
        }
    }

    /// <exception cref="JournalException">The segment is not the next one of the shard.</exception>
    public void RequireNext(in Segment segment)
    {
        if (segment.Offset != Offset)
            throw new JournalException($"shard {segment.Shard}, offset {segment.Offset}: the records from {Offset} on are missing");
    }

    void IRecordSink.Begin(in RecordHeader header, long offset)
    {
        (_header, _recordOffset) = (header, offset);
        _replaying = header.HasStudent ? Cell(header.Student) : null;
        if (_replaying is { } cell)
            Begin(cell);
    }

    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes)
    {
        if (_replaying is not { } cell)
        {
            ReplayOfParty(e, bytes);
            return;
        }

        if (!cell.IsQuarantined)
        {
            try
            {
                Evolve(cell, e, _recordOffset);
            }
            catch (Exception fault) when (fault is not JournalException)
            {
                Quarantine(cell, $"offset {_recordOffset}: {fault.Message}");
            }
        }

        if (!cell.IsQuarantined)
            Count(cell, e, _header.Known, bytes);
    }

    private void ReplayOfParty(Event e, ReadOnlySpan<byte> bytes)
    {
        if (Ledgers is null)
            return;
        Ledgers.Evolve(e);
        CountOfParty(e, _header.Known, bytes);
    }

    void IRecordSink.End() => Book(_replaying, _header);

    public void Quarantine(StudentCell cell, string why)
    {
        cell.IsQuarantined = true;
        cell.LooksAgainOn = DateOnly.MaxValue;
        _quarantined[cell.Id] = why;
    }

    /// <summary>Puts a freshly replayed cell in the place of one that failed; of whom the journal has nothing, nothing stays.</summary>
    public void Replace(StudentCell cell)
    {
        if (cell.IsBlank)
        {
            Cells.Remove(cell.Id);
            return;
        }

        Cells.Put(cell);
        if (cell.LooksAgainOn != DateOnly.MaxValue)
            Calendar.Add(cell.LooksAgainOn, cell.Id);
    }

    /// <summary>A closed claim returns as an actor. Until something happens to it, it leaves again with the record.</summary>
    public Claim Return(StudentCell cell, in ClosedClaim closed, Claim claim)
    {
        cell.Return(closed, claim);
        OpenClaimCount++;
        return claim;
    }

    private Claim ClaimFor(StudentCell cell, ClaimEvent e, long recordOffset)
    {
        if (cell.FindOpen(e.Claim) is { } open)
            return open;
        if (e is ClaimRecalled && cell.FindClosed(e.Claim) is { } closed)
            return Return(cell, closed, new Claim(e.Claim));
        if (e is not ClaimDeposited)
            throw new InvalidOperationException($"claim {e.Claim} has a {e.GetType().Name} and was never deposited");
        OpenClaimCount++;
        return cell.Open(e.Claim, recordOffset);
    }

    private void BookMark(in RecordHeader header)
    {
        if (header.Kind == CommandKind.OpenDay)
        {
            Outbox?.Seal(Day, isClosed: false);
            Day = header.Effective;
        }
        else if (header.Kind == CommandKind.CloseDay)
        {
            Outbox?.Seal(Day, isClosed: true);
            LastClosed = header.Effective;
            Totals.CloseDay(header.Effective);
        }
    }

    private static Standing StandingOf(Student student)
    {
        if (student.Insurance is not { Rights.Length: > 0 } insurance)
            return Standing.None;
        if (insurance.Rights[^1].Lapsed)
            return Standing.Lapsed;
        foreach (var suspension in insurance.Suspensions)
        {
            if (suspension.Until == DateOnly.MaxValue)
                return Standing.Suspended;
        }

        return Standing.Active;
    }
}
