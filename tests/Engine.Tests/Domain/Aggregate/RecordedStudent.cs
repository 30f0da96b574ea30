using System.Text.Json;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Domain.Aggregate;

/// <summary>
/// One aggregate, hosted as a partition hosts it: its records are kept, claims passivate after each, and a decision
/// reads back what it asks for and nothing else. Each attempt that needs records has to leave the aggregate exactly as
/// it was.
/// </summary>
internal sealed class RecordedStudent : IApplier
{
    private readonly IActorLogic _logic;
    private readonly bool _isPassivating;
    private readonly Conversation _conversation;
    private readonly CurrentReadBack _readBack = new();
    private readonly Dictionary<ulong, List<ClaimEvent>> _claims = [];
    private readonly Dictionary<CommandId, ClaimsRevised?> _answers = [];
    private readonly List<Recorded> _records = [];

    /// <param name="isPassivating">False for an aggregate that keeps every claim in memory.</param>
    public RecordedStudent(bool isPassivating = true, IActorLogic? logic = null)
    {
        (_isPassivating, _logic) = (isPassivating, logic ?? new AmoeLogic(Rulebook.Embedded));
        _conversation = new Conversation(_logic, _readBack, this);
    }

    public StudentActor Student { get; private set; } = new(Say.Student);

    /// <summary>The claims that each attempt of the last decision needed before it could go on.</summary>
    public List<IReadOnlyList<Need>> Needed { get; } = [];

    /// <summary>Every claim in memory, or as its records give it.</summary>
    public IEnumerable<Claim> Claims =>
        Student.OpenClaims.ToArray().Concat(Student.PassivatedClaims.ToList().Select(claim => ReadBack(claim.Number)));

    public RecordedStudent Given(params Command[] commands)
    {
        foreach (var command in commands)
            Assert.NotEqual(Outcome.Refused, When(command).Outcome);
        return this;
    }

    /// <summary>Fires what is due by the day of a command (T6), then decides it.</summary>
    public Decided When(Command command)
    {
        Until(command.Known);
        return command is Query && !_isPassivating ? Ask(command) : Decide(command);
    }

    public List<Decided> Until(DateOnly day)
    {
        var fallen = new List<Decided>();
        while (Student.NextDeadline is var next && next <= day)
        {
            var end = Repeated(() => _conversation.Fire(Student, next));
            Record(null);
            fallen.Add(Heard(end));
            Assert.True(Student.NextDeadline > next, $"the deadline of {next} stays due");
        }

        return fallen;
    }

    /// <summary>One attempt with nothing read back; the aggregate is changed only where it is decided.</summary>
    public ConversationEnd Attempt(Command command)
    {
        _readBack.Student = new SetAsideStudent(Student.Id);
        return Attempt(() => _conversation.Decide(Student, command));
    }

    /// <summary>Everything a snapshot keeps of the aggregate.</summary>
    public byte[] State() => State(Student);

    /// <summary>The same of the student alone, without his claims.</summary>
    public byte[] StateWithoutClaims()
    {
        var alone = Copy();
        alone.RollBack(default, default);
        return State(alone);
    }

    /// <summary>The aggregate as its records make it.</summary>
    public RecordedStudent Replayed()
    {
        var replayed = new RecordedStudent(_isPassivating, _logic);
        foreach (var record in _records)
        {
            foreach (var e in record.Events)
                replayed.Student.Apply(e, replayed.Student.ClaimOf(e), _logic);
            replayed.Book(record);
        }

        return replayed;
    }

    void IApplier.Apply(StudentAggregate aggregate, Claim? claim, Event e) => aggregate.Apply(e, claim, _logic);

    private static byte[] State(StudentActor student)
    {
        var w = new ByteWriter();
        SnapshotCodec.Write(w, student);
        return w.Written.ToArray();
    }

    private Decided Decide(Command command)
    {
        var end = Repeated(() => _conversation.Decide(Student, command));
        if (end == ConversationEnd.Decided && command is not Query)
            Record(command);
        return Heard(end);
    }

    /// <summary>
    /// A question passivates what was read for it, so an aggregate that never passivates is asked by a copy.
    /// </summary>
    private Decided Ask(Command query)
    {
        var kept = Student;
        Student = Copy();
        var asked = Decide(query);
        Student = kept;
        return asked;
    }

    private Decided Heard(ConversationEnd end) =>
        new(end, _conversation.Outcome, _conversation.Reason, _conversation.Answer, [.. _conversation.Events]);

    private StudentActor Copy()
    {
        var r = new ByteReader(State());
        return SnapshotCodec.ReadStudent(ref r);
    }

    private ConversationEnd Repeated(Func<ConversationEnd> decide)
    {
        Needed.Clear();
        _readBack.Student = new SetAsideStudent(Student.Id);
        var end = Attempt(decide);
        for (; end == ConversationEnd.NeedsRecords; end = Attempt(decide))
            Supply(Needed[^1]);
        return end;
    }

    private ConversationEnd Attempt(Func<ConversationEnd> decide)
    {
        var before = State();
        var end = decide();
        if (end != ConversationEnd.Decided)
            Assert.Equal(before, State());
        if (end != ConversationEnd.NeedsRecords)
            return end;
        Needed.Add([.. _conversation.Needs]);
        Assert.NotEmpty(Needed[^1]);
        Assert.Empty(_conversation.Events);
        return end;
    }

    /// <summary>Reads what is needed; what was read before may not be asked for again.</summary>
    private void Supply(IReadOnlyList<Need> needs)
    {
        var read = _readBack.Student!;
        Assert.All(
            needs,
            need =>
                Assert.True(
                    need.Claim is { } claim
                        ? read.Find(claim.Number) is null
                        : !read.TryFindRevised(need.Command, out _), $"{need} was read before"));
        read.Take(new ReadResult(new ReadRequest(0, Student.Id, needs))
        {
            Claims = [.. needs.Where(need => need.Claim is not null)
                .Select(need => ReadBack(need.Claim!.Value.Number))],
            Revised = needs is [{ Claim: null, Command: var command }] ? _answers[command] : null,
        });
    }

    /// <summary>A claim as its records give it, from the one that restates it on.</summary>
    private Claim ReadBack(ulong number)
    {
        var claim = new Claim(number);
        foreach (var e in _claims[number])
            _logic.Evolve(claim, e);
        return claim;
    }

    private void Record(Command? command)
    {
        var record = new Recorded(
            command is null
                ? null
                : new Receipt(command.Id, _conversation.Fingerprint, _conversation.Outcome, _conversation.Reason),
            [.. _conversation.Events]);
        Book(record);
        if (command is not null)
            _answers.Add(command.Id, _conversation.Answer as ClaimsRevised);
    }

    private void Book(Recorded record)
    {
        var place = new RecordPlace(_records.Count, 7);
        _records.Add(record);
        foreach (var e in record.Events)
            Count(e, place);
        if (record.Receipt is { } receipt)
            Student.Receipts.Add(receipt);
        if (_isPassivating)
            Student.Passivate();
    }

    private void Count(Event e, RecordPlace place)
    {
        if (e is not ClaimEvent c)
        {
            Student.LastSequenceNr++;
            return;
        }

        Student.Count(c, place);
        if (c is ClaimRecalled || !_claims.TryGetValue(c.Claim, out var events))
            _claims[c.Claim] = events = [];
        events.Add(c);
    }

    /// <param name="Receipt">Null for what fell due.</param>
    private sealed record Recorded(Receipt? Receipt, Event[] Events);
}

/// <summary>The answer to a command, and its events.</summary>
internal sealed record Decided(ConversationEnd End, Outcome Outcome, Reason Reason, object? Answer, Event[] Events)
{
    /// <summary>The events but for those that restate a claim.</summary>
    public IEnumerable<Event> Happened => Events.Where(e => e is not ClaimRecalled);

    /// <summary>The answer by its content.</summary>
    public string AnswerText => JsonSerializer.Serialize(Answer);
}
