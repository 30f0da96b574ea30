using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka.Students;

/// <summary>
/// What a student's actor knows: the student, the commands he was sent, and each claim as its last event left it. The claims' own actors decide; this is how
/// he sees them, and what they see of each other. Live and in replay it changes by the same steps.
/// </summary>
internal sealed class StudentFile(StudentId student, IActorLogic logic) : ISiblings, IRecordSink
{
    private readonly HashSet<ulong> _closed = [];
    private readonly Dictionary<CommandId, ClaimsRevised> _revised = [];
    private readonly List<Event> _replayed = [];
    private readonly RecordPostings _postings = new();
    private RecordHeader _header;

    public StudentCell Cell { get; private set; } = new(student);

    /// <summary>Records that were booked: the number of the last.</summary>
    public long Records { get; private set; }

    /// <summary>The last record's events: what claims and ledgers have to have before the next is decided.</summary>
    public IReadOnlyList<Event> LastEvents => _replayed;

    public RecordHeader LastHeader => _header;

    /// <summary>What the record last booked means to ledgers.</summary>
    public ReadOnlySpan<Posting> Postings => _postings.All;

    /// <summary>A record begins.</summary>
    public void Begin() => _postings.Begin();

    public Claim? Find(ulong number) => Cell.FindOpen(number);

    public bool IsClosed(ulong number) => _closed.Contains(number);

    /// <summary>How many events a claim has had.</summary>
    public int EventsOf(ulong number)
    {
        foreach (var open in Cell.OpenClaims)
        {
            if (open.Claim.Number == number)
                return open.EventCount;
        }

        return 0;
    }

    /// <summary>The numbers of the judged claims that may have a line on one of these days, in order.</summary>
    public IEnumerable<ulong> NumbersOf(CoverageChanged changed) =>
        from open in Cell.OpenClaims
        where open.Claim.IsJudged && Array.Exists(open.Claim.Lines, line => changed.Covers(line.CareDate))
        orderby open.Claim.Number
        select open.Claim.Number;

    /// <summary>What has to stand before an event of a claim that was closed: that it returns, and how it stood.</summary>
    public ClaimRecalled? RecallBefore(ClaimEvent e)
    {
        if (e is ClaimRecalled || !_closed.Contains(e.Claim))
            return null;
        var claim = Find(e.Claim)!;
        return new ClaimRecalled(
            claim.Number, claim.Way, claim.Method, claim.Items, claim.Provider, claim.DepositedOn, claim.Marks, claim.SameLines, claim.SimilarLines,
            claim.SettledCentimes, claim.LastPaymentCentimes, claim.OrderedOn, claim.OrderedBy, claim.Lines, claim.Outcomes);
    }

    public void Evolve(Event e)
    {
        switch (e)
        {
            case StudentEvent s:
                _postings.Note(Cell, null, e);
                logic.Evolve(Cell, s);
                Cell.EventCount++;
                break;
            case ClaimEvent c:
                var claim = ClaimFor(c);
                _postings.Note(Cell, claim, e);
                logic.Evolve(claim, c);
                Cell.CountEvent(c.Claim);
                break;
        }
    }

    /// <summary>The record stands.</summary>
    public void Book(in RecordHeader header, IReadOnlyList<Event> events)
    {
        Records++;
        _postings.Book(Cell.Id, header);
        if (header.IsCommand)
            Cell.Receipts.Add(new Receipt(header.Id, header.Fingerprint, header.Outcome, header.Reason));
        if (ClaimsRevised.Of(header.Kind, events) is { } revised)
            _revised[header.Id] = revised;
        foreach (var open in Cell.OpenClaims)
        {
            if (open.Claim.IsAtRest)
                _closed.Add(open.Claim.Number);
        }

        Cell.LooksAgainOn = Cell.NextDeadline;
    }

    /// <summary>Which claims a command had let stand otherwise.</summary>
    public ClaimsRevised? RevisedBy(CommandId command) => _revised.GetValueOrDefault(command);

    /// <summary>Replays one record.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    public void Apply(byte[] record)
    {
        var reader = new SegmentReader(Segment.Seal(0, Records, 1, 1, record));
        while (reader.Read(this))
        {
        }
    }

    void IRecordSink.Begin(in RecordHeader header, long offset)
    {
        _header = header;
        _replayed.Clear();
        Begin();
    }

    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes)
    {
        Evolve(e);
        _replayed.Add(e);
    }

    void IRecordSink.End() => Book(_header, _replayed);

    public byte[] ToSnapshot()
    {
        var w = new ByteWriter();
        w.Varint((ulong)Records);
        SnapshotCodec.Write(w, Cell);
        w.Varint((ulong)_closed.Count);
        foreach (var number in _closed)
            w.Varint(number);
        w.Varint((ulong)_revised.Count);
        foreach (var (command, revised) in _revised)
        {
            w.UInt64(command.Value);
            w.Varint((ulong)revised.Claims.Length);
            foreach (var claim in revised.Claims)
            {
                w.Varint(claim.Claim);
                w.Byte((byte)claim.Now);
            }
        }

        return w.Written.ToArray();
    }

    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        var r = new ByteReader(snapshot);
        Records = (long)r.Varint();
        Cell = SnapshotCodec.ReadCell(ref r);
        Cell.LooksAgainOn = Cell.NextDeadline;
        for (var left = r.Int(); left > 0; left--)
            _closed.Add(r.Varint());
        for (var left = r.Int(); left > 0; left--)
        {
            var command = new CommandId(r.UInt64());
            var claims = new RevisedClaim[r.Int()];
            for (var i = 0; i < claims.Length; i++)
                claims[i] = new RevisedClaim(r.Varint(), (Revision)r.Byte());
            _revised[command] = new ClaimsRevised(claims);
        }
    }

    public IEnumerable<Claim> Judged(ulong except, int provider, DateOnly from, DateOnly until)
    {
        foreach (var open in Cell.OpenClaims)
        {
            var claim = open.Claim;
            if (claim.Number != except && claim.IsJudged && (provider == 0 || claim.Provider == provider))
                yield return claim;
        }
    }

    public IEnumerable<Claim> Debtors(ulong except) =>
        from open in Cell.OpenClaims
        where open.Claim.OverpaidCentimes > 0 && open.Claim.Way == ClaimWay.Reimbursement && open.Claim.Number != except
        orderby open.Claim.Number
        select open.Claim;

    private Claim ClaimFor(ClaimEvent e)
    {
        if (Find(e.Claim) is { } known)
        {
            if (e is ClaimRecalled)
                _closed.Remove(e.Claim);
            else if (_closed.Contains(e.Claim))
                throw new InvalidOperationException($"claim {e.Claim} has a {e.GetType().Name} after it was closed");
            return known;
        }

        return e is ClaimDeposited
            ? Cell.Open(e.Claim, 0)
            : throw new InvalidOperationException($"claim {e.Claim} has a {e.GetType().Name} and was never deposited");
    }
}
