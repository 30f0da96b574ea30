using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Actors;

/// <summary>What a shard reads and keeps outside its memory: its journal and its snapshot.</summary>
/// <param name="post">Which batches of a student shard need not be kept any more; null where nothing crosses shards.</param>
internal sealed class ShardStorage(IJournal journal, ISnapshotStore? snapshots, PostOffice? post = null)
{
    private int _snapshotting;

    /// <summary>Snapshot and tail, and the tail's size in bytes.</summary>
    /// <exception cref="JournalException">The journal is torn, corrupt or has a gap, by shard and offset.</exception>
    public (ShardState State, long TailBytes) Recover(int shard, IActorLogic logic)
    {
        var state = FromSnapshot(shard, logic) ?? NewState(shard, logic);
        var bytes = 0L;
        foreach (var segment in journal.Read(shard, state.Offset))
        {
            state.Apply(segment);
            bytes += segment.Payload.Length;
        }

        return (state, bytes);
    }

    /// <summary>A shard before its first record.</summary>
    public ShardState NewState(int shard, IActorLogic logic)
    {
        var (students, parties) = (journal.Identity.ShardCount, journal.Identity.PartyShardCount);
        return new ShardState(logic)
        {
            Outbox = shard < students && parties > 0 ? new Outbox(shard, post) : null,
            Ledgers = shard < students ? null : new LedgerBook(students),
        };
    }

    /// <summary>Keeps a snapshot, unless another shard is at it: one at a time, so that snapshots never take the machine from the turns.</summary>
    public bool TrySaveSnapshot(int shard, ShardState state)
    {
        if (snapshots is null || Interlocked.CompareExchange(ref _snapshotting, 1, 0) != 0)
            return false;
        try
        {
            snapshots.Save(shard, state.Offset, SnapshotCodec.Write(state));
            return true;
        }
        finally
        {
            Volatile.Write(ref _snapshotting, 0);
        }
    }

    /// <summary>One student's cell, replayed from the journal and from what is not in it yet.</summary>
    public StudentCell RebuildCell(int shard, StudentId student, IActorLogic logic, IReadOnlyList<Segment> undurable)
    {
        var state = new ShardState(logic);
        var sink = new OneStudent(student, state);
        foreach (var segment in From(shard, 0, undurable))
            Read(segment, sink);
        if (state.Quarantined.TryGetValue(student, out var why))
            throw new JournalException($"shard {shard}: student {student} cannot be replayed: {why}");
        return state.Cell(student);
    }

    /// <summary>One closed claim with all its detail; null when the journal does not have it.</summary>
    public Claim? LoadClaim(int shard, StudentId student, in ClosedClaim closed, IActorLogic logic, IReadOnlyList<Segment> undurable)
    {
        var sink = new OneClaim(student, closed, logic);
        foreach (var segment in From(shard, closed.DepositOffset, undurable))
        {
            var reader = new SegmentReader(segment);
            while (!sink.IsWhole && reader.Read(sink))
            {
            }

            if (sink.IsWhole)
                return sink.Claim;
        }

        return null;
    }

    /// <summary>
    /// Which claims a command came to let stand otherwise; null where it was none. Who sends a command again does so soon: the last records are read, and more
    /// of them only until it is found.
    /// </summary>
    public ClaimsRevised? LoadRevised(int shard, StudentId student, CommandId command, IReadOnlyList<Segment> undurable)
    {
        var head = journal.Head(shard);
        for (var back = 256L; ; back *= 16)
        {
            var from = Math.Max(0, head - back);
            var sink = new OneCommand(student, command);
            foreach (var segment in From(shard, from, undurable))
                Read(segment, sink);
            if (sink.IsFound || from == 0)
                return sink.Revised;
        }
    }

    /// <summary>Makes sure that shards are still their owner's.</summary>
    /// <exception cref="FencedException">Another host has some.</exception>
    public void Confirm(params IReadOnlyList<ShardEpoch> owned) => journal.Confirm(owned);

    private ShardState? FromSnapshot(int shard, IActorLogic logic)
    {
        if (snapshots?.Load(shard) is not { } snapshot)
            return null;
        if (snapshot.Offset > journal.Head(shard))
        {
            // Of a future that a journal restored from a copy does not have: once that has grown past it, the offset alone would not tell.
            snapshots.Save(shard, 0, []);
            return null;
        }

        try
        {
            var state = SnapshotCodec.Read(snapshot.Payload.Span, NewState(shard, logic));
            return state?.Offset == snapshot.Offset ? state : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>What the journal has from an offset on, and what is decided and not in it yet.</summary>
    private IEnumerable<Segment> From(int shard, long fromOffset, IReadOnlyList<Segment> undurable)
    {
        // What is looked for may begin in a turn that is not durable yet: up to the first of these, and no further, the journal is asked.
        var end = undurable.Count > 0 ? undurable[0].Offset : long.MaxValue;
        var next = Math.Min(fromOffset, end);
        foreach (var segment in next < end ? journal.Read(shard, next) : [])
        {
            yield return segment;
            next = segment.Offset + segment.Count;
            if (next >= end)
                break;
        }

        // A turn in flight may have become durable since: it is read once.
        foreach (var segment in undurable)
        {
            if (segment.Offset >= next)
                yield return segment;
        }
    }

    private static void Read(in Segment segment, IRecordSink sink)
    {
        var reader = new SegmentReader(segment);
        while (reader.Read(sink))
        {
        }
    }

    /// <summary>Passes on the records of one student.</summary>
    private sealed class OneStudent(StudentId student, IRecordSink next) : IRecordSink
    {
        private bool _isHis;

        public void Begin(in RecordHeader header, long offset)
        {
            _isHis = header.Student == student && header.HasStudent;
            if (_isHis)
                next.Begin(header, offset);
        }

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
            if (_isHis)
                next.On(e, bytes);
        }

        public void End()
        {
            if (_isHis)
                next.End();
        }
    }

    /// <summary>Finds what one command answered.</summary>
    private sealed class OneCommand(StudentId student, CommandId command) : IRecordSink
    {
        private readonly List<Event> _events = [];
        private bool _isIt;

        public bool IsFound { get; private set; }

        public ClaimsRevised? Revised { get; private set; }

        public void Begin(in RecordHeader header, long offset) => _isIt = header.IsCommand && header.Student == student && header.Id == command;

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
            if (_isIt)
                _events.Add(e);
        }

        public void End()
        {
            if (!_isIt)
                return;
            (IsFound, Revised) = (true, ClaimsRevised.Of(command.Kind, _events));
            _isIt = false;
        }
    }

    /// <summary>Evolves one claim through the events it had when it closed: behind them nothing of it follows.</summary>
    private sealed class OneClaim(StudentId student, ClosedClaim closed, IActorLogic logic) : IRecordSink
    {
        private int _left = closed.EventCount;
        private bool _isHis;

        public Claim Claim { get; } = new(closed.Number);

        public bool IsWhole => _left == 0;

        public void Begin(in RecordHeader header, long offset) => _isHis = header.Student == student;

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
            if (!_isHis || e is not ClaimEvent c || c.Claim != Claim.Number)
                return;
            logic.Evolve(Claim, c);
            _left--;
        }

        public void End()
        {
        }
    }
}
