using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Partitions;

/// <summary>
/// Reads back what a core asks for. A claim is read by the places of its own records, whatever lies between them. The
/// records of many claims are read in the order of the log, so that each frame is fetched once and forgotten.
/// </summary>
internal sealed class RecordReader(IActorLogic logic, Func<PartitionState> newState)
{
    /// <summary>Claims read back so far.</summary>
    public long ClaimsRead { get; private set; }

    /// <summary>Records of claims read back so far.</summary>
    public long RecordsRead { get; private set; }

    /// <summary>Answers requests, each by itself: a fault of one is a fault of that student.</summary>
    /// <exception cref="JournalUnavailableException">
    /// The store does not answer: nothing is known of any of them.
    /// </exception>
    public IEnumerable<ReadResult> Read(IReadOnlyList<ReadRequest> requests, IRecordSource source)
    {
        var claims = TryFold(requests, source);
        for (var i = 0; i < requests.Count; i++)
            yield return ReadGuarded(requests[i], claims?[i], source);
    }

    private ReadResult ReadGuarded(ReadRequest request, List<Claim>? claims, IRecordSource source)
    {
        try
        {
            return Read(request, claims ?? Fold([request], source)[0], source);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or JournalUnavailableException))
        {
            return new ReadResult(request) { Fault = e.Message };
        }
    }

    private ReadResult Read(ReadRequest request, List<Claim> claims, IRecordSource source)
    {
        if (request.IsOfWholeStudent)
            return new ReadResult(request) { Student = Replay(request.Student, source) };
        ClaimsRevised? revised = null;
        foreach (var need in request.Needs)
        {
            if (need.Claim is null)
                revised = FindRevised(request.Student, need.Command, source);
        }

        return new ReadResult(request) { Claims = claims, Revised = revised };
    }

    /// <summary>
    /// The claims of each request; null where they cannot be had together, because a record of one is damaged.
    /// </summary>
    private List<Claim>[]? TryFold(IReadOnlyList<ReadRequest> requests, IRecordSource source)
    {
        try
        {
            return Fold(requests, source);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or JournalUnavailableException))
        {
            return null;
        }
    }

    private List<Claim>[] Fold(IReadOnlyList<ReadRequest> requests, IRecordSource source)
    {
        var claims = new List<Claim>[requests.Count];
        var records = new List<ClaimRecord>();
        for (var i = 0; i < claims.Length; i++)
        {
            claims[i] = [];
            foreach (var need in requests[i].Needs)
            {
                if (need.Claim is not { } passivated)
                    continue;
                var claim = new OneClaim(requests[i].Student, passivated.Number, logic);
                claims[i].Add(claim.Claim);
                foreach (var place in RecordPlaces.Read(passivated.Places.Span))
                    records.Add(new ClaimRecord(claim, place));
            }
        }

        records.Sort(ClaimRecord.ByPlace);
        Fold(records, source);
        RecordsRead += records.Count;
        foreach (var read in claims)
            ClaimsRead += read.Count;
        return claims;
    }

    private static void Fold(List<ClaimRecord> records, IRecordSource source)
    {
        var frames = new List<long>();
        foreach (var record in records)
        {
            if (frames.Count == 0 || frames[^1] != record.Place.Frame)
                frames.Add(record.Place.Frame);
        }

        if (frames.Count == 0)
            return;
        var next = 0;
        foreach (var frame in source.At(frames))
        {
            for (; next < records.Count && records[next].Place.Frame == frame.FirstRecord; next++)
                records[next].Claim.Read(records[next].Place, frame);
        }

        if (next < records.Count)
            throw new JournalException($"the frame of record {records[next].Place.Frame} was not read");
    }

    private StudentActor Replay(StudentId student, IRecordSource source)
    {
        var state = newState();
        foreach (var frame in source.From(0))
            state.ApplyOf(student, frame);
        if (state.Quarantined.TryGetValue(student, out var why))
            throw new JournalException($"student {student} cannot be replayed: {why}");
        return state.Student(student);
    }

    /// <summary>
    /// A sender that sends a command again does so soon: the last records are read, and more of them only until it is
    /// found.
    /// </summary>
    private static ClaimsRevised? FindRevised(StudentId student, CommandId command, IRecordSource source)
    {
        for (var back = 256L; ; back *= 16)
        {
            var from = Math.Max(0, source.End - back);
            var sink = new OneCommand(student, command);
            foreach (var frame in source.From(from))
            {
                if (frame.SegmentOf(student) is not { } segment)
                    continue;
                var reader = new SegmentReader(segment);
                while (reader.Read(sink))
                {
                }
            }

            if (sink.IsFound || from == 0)
                return sink.Revised;
        }
    }

    /// <summary>A record of a claim that is read back.</summary>
    private sealed record ClaimRecord(OneClaim Claim, RecordPlace Place)
    {
        /// <summary>The order of the log.</summary>
        public static int ByPlace(ClaimRecord left, ClaimRecord right) => left.Place.Frame != right.Place.Frame
            ? left.Place.Frame.CompareTo(right.Place.Frame)
            : left.Place.Position.CompareTo(right.Place.Position);
    }

    /// <summary>Evolves one claim by its events in its records.</summary>
    private sealed class OneClaim(StudentId student, ulong number, IActorLogic logic) : IRecordSink
    {
        private bool _isOwn;
        private bool _isSkipped;
        private bool _isHis;

        public Claim Claim { get; } = new(number);

        public void Read(RecordPlace place, Frame frame)
        {
            var segment = frame.SegmentOf(student)
                ?? throw new JournalException(
                    $"the frame of record {place.Frame} has nothing of student {student}'s bucket");
            var reader = new SegmentReader(segment);
            if (place.IsOwn)
            {
                // The record is the claim's, whatever its header says.
                (_isOwn, _isSkipped) = (true, false);
                reader.ReadAlone(place.Position, number, this);
                return;
            }

            (_isOwn, _isSkipped) = (false, true);
            while (reader.Position < place.Position && reader.Read(this))
            {
            }

            _isSkipped = false;
            if (reader.Position != place.Position || !reader.Read(this))
                throw new JournalException(
                    $"claim {number} of student {student}: the frame of record {place.Frame} has no record at byte {place.Position}");
        }

        public void Begin(in RecordHeader header, long offset) =>
            _isHis = !_isSkipped && (_isOwn || header.Student == student);

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
            if (_isHis && e is ClaimEvent c && c.Claim == number)
                logic.Evolve(Claim, c);
        }

        public void End()
        {
        }
    }

    /// <summary>Finds what one command answered.</summary>
    private sealed class OneCommand(StudentId student, CommandId command) : IRecordSink
    {
        private readonly List<Event> _events = [];
        private bool _isIt;

        public bool IsFound { get; private set; }

        public ClaimsRevised? Revised { get; private set; }

        public void Begin(in RecordHeader header, long offset) =>
            _isIt = header.IsCommand && header.Student == student && header.Id == command;

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
            if (_isIt)
                _events.Add(e);
        }

        public void End()
        {
            if (!_isIt)
                return;
            (IsFound, Revised) = (true, ClaimsRevised.Of(command, _events));
            _isIt = false;
        }
    }
}
