using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Partitions;

/// <summary>
/// Reads back what a core asks for. A claim is read by the places of its own records, whatever stands between them, and the frames of many claims are fetched
/// at once.
/// </summary>
internal sealed class RecordReader(IActorLogic logic, Func<PartitionState> newState)
{
    /// <summary>Claims read back so far.</summary>
    public long ClaimsRead { get; private set; }

    /// <summary>Records of claims read back so far.</summary>
    public long RecordsRead { get; private set; }

    /// <summary>Answers requests, each by itself: a fault of one is a fault of that student.</summary>
    /// <exception cref="JournalUnavailableException">The store does not answer: nothing is known of any of them.</exception>
    public IEnumerable<ReadResult> Read(IReadOnlyList<ReadRequest> requests, IRecordSource source)
    {
        var frames = TryFetch(requests, source);
        foreach (var request in requests)
            yield return ReadGuarded(request, frames, source);
    }

    private ReadResult ReadGuarded(ReadRequest request, Dictionary<long, Frame>? frames, IRecordSource source)
    {
        try
        {
            return Read(request, frames ?? Fetch([request], source), source);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or JournalUnavailableException))
        {
            return new ReadResult(request) { Fault = e.Message };
        }
    }

    /// <summary>The frames of all claims; null where they cannot be had together, because one is damaged.</summary>
    private static Dictionary<long, Frame>? TryFetch(IReadOnlyList<ReadRequest> requests, IRecordSource source)
    {
        try
        {
            return Fetch(requests, source);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or JournalUnavailableException))
        {
            return null;
        }
    }

    private static Dictionary<long, Frame> Fetch(IReadOnlyList<ReadRequest> requests, IRecordSource source)
    {
        var places = new SortedSet<long>();
        foreach (var need in requests.SelectMany(request => request.Needs))
        {
            if (need.Claim is not { } claim)
                continue;
            foreach (var place in RecordPlaces.Read(claim.Places.Span))
                places.Add(place.Frame);
        }

        return places.Count == 0 ? [] : source.At([.. places]).ToDictionary(frame => frame.FirstRecord);
    }

    private ReadResult Read(ReadRequest request, Dictionary<long, Frame> frames, IRecordSource source)
    {
        if (request.IsOfWholeStudent)
            return new ReadResult(request) { Student = Replay(request.Student, source) };
        var claims = new List<Claim>();
        ClaimsRevised? revised = null;
        foreach (var need in request.Needs)
        {
            if (need.Claim is { } claim)
                claims.Add(Fold(request.Student, claim, frames));
            else
                revised = FindRevised(request.Student, need.Command, source);
        }

        return new ReadResult(request) { Claims = claims, Revised = revised };
    }

    private Claim Fold(StudentId student, in PassivatedClaim passivated, Dictionary<long, Frame> frames)
    {
        var sink = new OneClaim(student, passivated.Number, logic);
        foreach (var place in RecordPlaces.Read(passivated.Places.Span))
        {
            var segment = frames[place.Frame].SegmentOf(student) ?? throw new JournalException($"the frame of record {place.Frame} has nothing of student {student}'s bucket");
            var reader = new SegmentReader(segment);
            if (place.IsOwn)
            {
                reader.ReadAlone(place.Position, passivated.Number, sink.Own());
            }
            else
            {
                while (reader.Position < place.Position && reader.Read(sink.Skipping()))
                {
                }

                if (reader.Position != place.Position || !reader.Read(sink.Whose()))
                    throw new JournalException($"claim {passivated.Number} of student {student}: the frame of record {place.Frame} has no record at byte {place.Position}");
            }

            RecordsRead++;
        }

        ClaimsRead++;
        return sink.Claim;
    }

    private HostedStudent Replay(StudentId student, IRecordSource source)
    {
        var state = newState();
        foreach (var frame in source.From(0))
            state.ApplyOf(student, frame);
        if (state.Quarantined.TryGetValue(student, out var why))
            throw new JournalException($"student {student} cannot be replayed: {why}");
        return state.Student(student);
    }

    /// <summary>A sender that sends a command again does so soon: the last records are read, and more of them only until it is found.</summary>
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

    /// <summary>Evolves one claim by its events in the records it is shown.</summary>
    private sealed class OneClaim(StudentId student, ulong number, IActorLogic logic) : IRecordSink
    {
        private bool _isOwn;
        private bool _isSkipped;
        private bool _isHis;

        public Claim Claim { get; } = new(number);

        /// <summary>The next record is the claim's, whatever its header says.</summary>
        public OneClaim Own()
        {
            (_isOwn, _isSkipped) = (true, false);
            return this;
        }

        public OneClaim Skipping()
        {
            (_isOwn, _isSkipped) = (false, true);
            return this;
        }

        /// <summary>The next record is the student's.</summary>
        public OneClaim Whose()
        {
            (_isOwn, _isSkipped) = (false, false);
            return this;
        }

        public void Begin(in RecordHeader header, long offset) => _isHis = !_isSkipped && (_isOwn || header.Student == student);

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
            (IsFound, Revised) = (true, ClaimsRevised.Of(command, _events));
            _isIt = false;
        }
    }
}
