using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Bench.Baseline;

/// <summary>
/// What a service without actors does with a command: load the student, decide, append, forget. The deciders, the rules, the order in which a student and
/// his claims speak and the bytes of the events are the engine's own, so that the decisions have to be the same.
/// </summary>
internal sealed class CommandHandler : IActorHistory
{
    private readonly StudentTable _table;
    private readonly AmoeLogic _logic = new(Rulebook.Embedded);
    private readonly ShardState _state;
    private readonly SegmentWriter _writer = new();
    private readonly Queue<Envelope> _waiting = new();
    private readonly TurnDecider _decider;
    private readonly ShardStorage _storage = new(new MemoryJournal(new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, "", "", 0, 0)), null);
    private List<Segment> _loaded = [];

    public CommandHandler(StudentTable table)
    {
        _table = table;
        _state = new ShardState(_logic);
        _decider = new TurnDecider(_state, _logic, _writer, new EngineOptions(), this, _waiting);
    }

    /// <summary>Of every event decided here.</summary>
    public ulong Digest { get; private set; }

    /// <summary>Decides a command and makes it durable.</summary>
    /// <returns>When the student has to be looked at next.</returns>
    public DateOnly Handle(Command command, DateOnly day)
    {
        _waiting.Enqueue(new Envelope(command, CommandKind.None, default, Nobody.Waits));
        return Decide(command.Student, day);
    }

    /// <summary>Decides what has fallen due for a student and makes it durable.</summary>
    /// <returns>When the student has to be looked at next.</returns>
    public DateOnly FireDue(StudentId student, DateOnly day) => Decide(student, day);

    private DateOnly Decide(StudentId student, DateOnly day)
    {
        _loaded = _table.Load(student);
        (_state.Offset, _state.Day) = (0, day);
        foreach (var record in _loaded)
            _state.Apply(record);
        var before = _state.Digest;
        _writer.Begin(day);
        foreach (var answer in _decider.DecideWaiting())
        {
            if (!answer.Reply.IsDecision)
                throw new InvalidOperationException($"command {answer.Reply.Command} of student {student} was answered {answer.Reply.Outcome}");
        }

        if (_writer.Count > 0)
            _table.Append(student, Written());
        Digest += _state.Digest - before;
        var next = _state.Cell(student).LooksAgainOn;
        _state.Cells.Remove(student);
        return next;
    }

    StudentCell IActorHistory.Rebuild(StudentId student) => _storage.RebuildCell(0, student, _logic, History());

    Claim? IActorHistory.LoadClaim(StudentId student, in ClosedClaim closed) => _storage.LoadClaim(0, student, closed, _logic, History());

    ClaimsRevised? IActorHistory.LoadRevised(StudentId student, CommandId command) => _storage.LoadRevised(0, student, command, History());

    private List<Segment> History() => _writer.Count > 0 ? [.. _loaded, Written()] : _loaded;

    private Segment Written() => _writer.Seal(0, _state.Offset - _writer.Count, 0);
}
