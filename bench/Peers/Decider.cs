using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;

namespace Amoe.Bench.Peers;

/// <summary>The result of a command, or of a due date.</summary>
/// <param name="NextDueOn">When the student has to be looked at next.</param>
/// <param name="Digest">Of the events decided.</param>
/// <param name="Event">What has to be durable before the answer leaves; null where nothing was decided.</param>
internal readonly record struct Decided(DateOnly NextDueOn, ulong Digest, byte[]? Event)
{
    /// <summary>What the caller of a command is answered.</summary>
    public Reply Reply { get; init; }
}

/// <summary>
/// Decides for one student at a time, with the engine's own deciders, rules and bytes: the same aggregate for every
/// peer. A thread has one, and students are put into it and taken out again, because a core for each would cost the
/// peers memory that is not theirs.
/// </summary>
internal sealed class Decider
{
    private static readonly AmoeLogic _logic = new(Rulebook.Embedded);

    [ThreadStatic]
    private static Decider? _own;

    private readonly PartitionState _state = new(_logic);
    private readonly PartitionCore _core;
    private readonly RecordReader _reader = new(_logic, () => new PartitionState(_logic));

    private Decider() =>
        _core = new PartitionCore(0, 0, _state, OpenDays.Every(_logic), new EngineOptions().TurnLimits, relay: null);

    private static Decider Own => _own ??= new Decider();

    /// <summary>
    /// Decides a command, or what has fallen due where <paramref name="command"/> is null, and changes the history.
    /// </summary>
    /// <exception cref="InvalidOperationException">A command was not decided.</exception>
    public static Decided Decide(StudentHistory history, Command? command, DateOnly day)
    {
        var own = Own;
        try
        {
            return own.DecideOne(history, command, day);
        }
        catch
        {
            // Its contents belong to a student that failed.
            _own = null;
            throw;
        }
    }

    /// <summary>Makes a history from the events of a store, oldest first.</summary>
    public static StudentHistory Load(StudentId student, IEnumerable<byte[]> events)
    {
        var (own, history) = (Own, new StudentHistory(student));
        own.Enter(history);
        foreach (var e in events)
        {
            foreach (var records in StudentHistory.FromEvent(e))
                own._state.Apply(history.Add(records));
        }

        own.Leave(history);
        return history;
    }

    private Decided DecideOne(StudentHistory history, Command? command, DateOnly day)
    {
        Enter(history);
        _state.Day = day;
        var before = _state.Digest;
        List<FrameSegment>? decided = null;
        var reply = default(Reply);
        if (command is not null)
            _core.Take(new Envelope(command, CommandKind.None, default, NoReply.Instance));
        while (_core.HasWork)
        {
            if (_core.Decide() is { } turn)
                reply = Keep(turn, history, ref decided) ?? reply;
            foreach (var result in _reader.Read(_core.TakeRequests(), history))
                _core.Supply(result);
        }

        if (_state.Quarantined.Count > 0)
            throw new InvalidOperationException($"student {history.Student}: {_state.Quarantined[history.Student]}");
        Leave(history);
        return new Decided(
            history.Actor!.NextDueOn, _state.Digest - before, decided is null ? null : StudentHistory.ToEvent(decided))
        {
            Reply = reply,
        };
    }

    /// <returns>The reply to the command, where the turn has it.</returns>
    private Reply? Keep(Turn turn, StudentHistory history, ref List<FrameSegment>? decided)
    {
        Reply? reply = null;
        if (turn.Frame is { } frame)
        {
            // A copy: the frame's bytes may be used again.
            var records = frame.Segments[0] with { Payload = frame.Segments[0].Payload.ToArray() };
            history.Add(records);
            (decided ??= []).Add(records);
        }

        foreach (var answer in _core.Settle(turn, CommitStatus.Durable).Answers)
        {
            if (!answer.Reply.IsDecision)
                throw new InvalidOperationException(
                    $"command {answer.Reply.Command} of student {history.Student} was answered {answer.Reply.Outcome}");
            reply = answer.Reply;
        }

        return reply;
    }

    private void Enter(StudentHistory history)
    {
        _state.Offset = history.End;
        if (history.Actor is not { } actor)
            return;
        _state.Buckets[0].Students.Put(actor);
        if (actor.NextDueOn != DateOnly.MaxValue)
            _state.Calendar.Add(actor.NextDueOn, actor.Id);
    }

    private void Leave(StudentHistory history)
    {
        history.Actor = _state.Student(history.Student);
        _state.Buckets[0].Students.Remove(history.Student);
        while (_state.Calendar.TryTake(DateOnly.MaxValue, out _))
        {
        }
    }
}
