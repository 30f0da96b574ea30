using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Partitions;

/// <summary>
/// The commands that wait for records to be read back, each with its student's later commands behind it, so that a
/// student's commands keep their order.
/// </summary>
internal sealed class SetAside
{
    private readonly Dictionary<StudentId, SetAsideStudent> _students = [];
    private readonly Queue<SetAsideStudent> _ready = new();
    private List<ReadRequest> _requests = [];

    public bool IsEmpty => _students.Count == 0;

    /// <summary>True when the records of a student have come, or a full turn left commands of one.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>Commands that wait.</summary>
    public int Count { get; private set; }

    public bool Has(StudentId student) => _students.ContainsKey(student);

    /// <inheritdoc cref="SetAsideStudent.IsRestarting"/>
    public bool IsRestarting(StudentId student) =>
        _students.TryGetValue(student, out var waiting) && waiting.IsRestarting;

    /// <summary>Puts a command behind those of its student.</summary>
    public void Add(in Envelope envelope)
    {
        _students[envelope.Command!.Student].Commands.Enqueue(envelope);
        Count++;
    }

    /// <summary>A student's commands wait from now on, or still, for what is needed.</summary>
    /// <param name="failed">The command whose exception makes the student restart.</param>
    public void Wait(StudentId student, ReadRequest request, Command? failed = null)
    {
        if (!_students.TryGetValue(student, out var waiting))
            _students.Add(student, waiting = new SetAsideStudent(student));
        (waiting.Request, waiting.Failed) = (request, failed);
        _requests.Add(request);
    }

    /// <summary>
    /// Takes what was read; the answer to a request that was given up, or answered before, is dropped.
    /// </summary>
    public void Supply(ReadResult result)
    {
        if (!_students.TryGetValue(result.Request.Student, out var student)
            || !ReferenceEquals(student.Request, result.Request))
            return;
        student.Take(result);
        _ready.Enqueue(student);
    }

    /// <summary>The turn is full: the student's other commands are for the next.</summary>
    public void ResumeLater(SetAsideStudent student) => _ready.Enqueue(student);

    public bool TryTakeReady(out SetAsideStudent student) => _ready.TryDequeue(out student!);

    /// <summary>A command was decided: what was read for it is of no use to the next.</summary>
    public void Decided(SetAsideStudent student)
    {
        student.Commands.Dequeue();
        student.Forget();
        Count--;
    }

    public void Remove(StudentId student) => _students.Remove(student);

    /// <summary>What has to be read and was not asked for yet.</summary>
    public List<ReadRequest> TakeRequests()
    {
        var requests = _requests;
        _requests = [];
        return requests;
    }

    /// <summary>Takes everything out.</summary>
    public IReadOnlyList<SetAsideStudent> Clear()
    {
        SetAsideStudent[] all = [.. _students.Values];
        _students.Clear();
        _ready.Clear();
        _requests = [];
        Count = 0;
        return all;
    }
}

/// <summary>A student whose commands wait, and what was read for the first of them.</summary>
internal sealed class SetAsideStudent(StudentId student)
{
    private readonly List<Claim> _claims = [];
    private (CommandId Command, ClaimsRevised? Revised)? _answer;

    public StudentId Student => student;

    /// <summary>In order. Empty where a due date waits alone.</summary>
    public Queue<Envelope> Commands { get; } = new();

    /// <summary>What was asked for and has not come; null once it has.</summary>
    public ReadRequest? Request { get; set; }

    /// <summary>The last result, until it is acted on.</summary>
    public ReadResult? Result { get; set; }

    /// <summary>
    /// The command whose exception makes the student restart: it is answered with the restart, and not tried again.
    /// </summary>
    public Command? Failed { get; set; }

    /// <summary>True while the student's state is the half-changed one of an exception.</summary>
    public bool IsRestarting => (Request ?? Result?.Request) is { IsOfWholeStudent: true };

    public void Take(ReadResult result)
    {
        (Result, Request) = (result, null);
        _claims.AddRange(result.Claims);
        foreach (var need in result.Request.Needs)
        {
            if (need.Claim is null)
                _answer = (need.Command, result.Revised);
        }
    }

    /// <summary>A copy: what is decided with it may be taken back.</summary>
    public Claim? Find(ulong number) => _claims.Find(claim => claim.Number == number)?.Copy();

    public bool TryFindRevised(CommandId command, out ClaimsRevised? revised)
    {
        revised = _answer?.Revised;
        return _answer?.Command == command;
    }

    public void Forget()
    {
        _claims.Clear();
        _answer = null;
    }
}

/// <summary>What was read for the student whose commands are being decided.</summary>
internal sealed class CurrentReadBack : IReadBack
{
    /// <summary>Null while nothing was read for the student.</summary>
    public SetAsideStudent? Student { get; set; }

    public Claim? Find(StudentId student, in PassivatedClaim claim) => Student?.Find(claim.Number);

    public bool TryFindRevised(StudentId student, CommandId command, out ClaimsRevised? revised)
    {
        revised = null;
        return Student is { } read && read.TryFindRevised(command, out revised);
    }
}
