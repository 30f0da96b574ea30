using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;

namespace Amoe.Bench.Baseline;

/// <summary>
/// Handles a command like a service without actors: load the student, decide, append, forget. The deciders, the rules,
/// the order in which a student and the claims speak and the bytes of the events are the engine's own, so that the
/// decisions have to be the same.
/// </summary>
internal sealed class CommandHandler
{
    private readonly StudentTable _table;
    private readonly PartitionState _state;
    private readonly PartitionCore _core;
    private readonly RecordReader _reader;

    public CommandHandler(StudentTable table)
    {
        _table = table;
        var logic = new AmoeLogic(Rulebook.Embedded);
        _state = new PartitionState(logic);
        _core = new PartitionCore(0, 0, _state, OpenDays.Every(logic), new EngineOptions().TurnLimits, relay: null);
        _reader = new RecordReader(logic, () => new PartitionState(logic));
    }

    /// <summary>Of every event decided here.</summary>
    public ulong Digest { get; private set; }

    /// <summary>Decides a command and makes it durable.</summary>
    /// <returns>When the student has to be looked at next.</returns>
    public DateOnly Handle(Command command, DateOnly day)
    {
        _core.Take(new Envelope(command, CommandKind.None, default, NoReply.Instance));
        return Decide(command.Student, day);
    }

    /// <summary>Decides what has fallen due for a student and makes it durable.</summary>
    /// <returns>When the student has to be looked at next.</returns>
    public DateOnly FireDue(StudentId student, DateOnly day) => Decide(student, day);

    private DateOnly Decide(StudentId student, DateOnly day)
    {
        var records = _table.Load(student);
        (_state.Offset, _state.Day) = (0, day);
        foreach (var record in records)
            _state.Apply(record);
        var before = _state.Digest;
        while (_core.HasWork)
        {
            if (_core.Decide() is { } turn)
                Keep(student, turn, records);
            foreach (var result in _reader.Read(_core.TakeRequests(), new Loaded(records)))
                _core.Supply(result);
        }

        Digest += _state.Digest - before;
        var next = _state.Student(student).NextDueOn;
        _state.Buckets[0].Students.Remove(student);
        return next;
    }

    private void Keep(StudentId student, Turn turn, List<Segment> records)
    {
        if (turn.Frame is { } frame)
        {
            records.Add(Segment.Seal(0, frame.FirstRecord, 0, frame.RecordCount, frame.Segments[0].Payload));
            _table.Append(student, records[^1]);
        }

        foreach (var answer in _core.Settle(turn, CommitStatus.Durable).Answers)
        {
            if (!answer.Reply.IsDecision)
                throw new InvalidOperationException(
                    $"command {answer.Reply.Command} of student {student} was answered {answer.Reply.Outcome}");
        }
    }

    /// <summary>A student's records: what is loaded is all there is.</summary>
    private sealed class Loaded(IReadOnlyList<Segment> records) : IRecordSource
    {
        public long End => records is [.., var last] ? last.Offset + last.Count : 0;

        public IEnumerable<Frame> At(IReadOnlyList<long> firstRecords) =>
            firstRecords.Select(first => FrameOf(records.First(segment => segment.Offset == first)));

        public IEnumerable<Frame> From(long record) =>
            records.Where(segment => segment.Offset + segment.Count > record).Select(FrameOf);

        private static Frame FrameOf(Segment segment) =>
            new(
                segment.Partition, 1, segment.Offset, segment.Epoch, Buckets: 1,
                [new FrameSegment(0, segment.Count, segment.Payload)]);
    }
}
