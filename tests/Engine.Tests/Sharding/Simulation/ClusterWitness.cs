using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// Sees what every client sent and received and what the store has, and finds the first promise that does not hold. It
/// knows nothing of hosts, leases and sessions.
/// </summary>
internal sealed class ClusterWitness(ClusterTally tally, IActorLogic logic, int studentPartitions) : IRecordSink
{
    private const int RecentMax = 8;
    private readonly Dictionary<(StudentId, CommandId), CommandStory> _commands = [];
    private readonly Dictionary<StudentId, StudentStory> _students = [];
    private readonly Dictionary<int, (DateOnly Opened, DateOnly Closed)> _days = [];
    private readonly List<Event> _events = [];
    private readonly List<Command> _recent = [];
    private RecordHeader _header;
    private int _partition;
    private long _number;

    /// <summary>The first promise that does not hold, and how; null while all do.</summary>
    public string? Broken { get; private set; }

    /// <summary>The commands that were acknowledged last.</summary>
    public IReadOnlyList<Command> Recent => _recent;

    /// <summary>The command that a record answers; null when no client sent it.</summary>
    public Command? Find(RecordHeader header) =>
        _commands.GetValueOrDefault(
            (header.Student, header.Id))?.Submissions.Find(one =>
                one.Command.Fingerprint() == header.Fingerprint)?.Command;

    /// <summary>True for what ledgers tell claims: no client sends it.</summary>
    public static bool IsOfLedger(in RecordHeader header) =>
        header.Kind == CommandKind.RecoverOverpayment && header.Id.Attempt >= LedgerDecider.FirstAttempt;

    /// <summary>The store has another frame.</summary>
    public void Accepted(Frame frame)
    {
        _partition = frame.Partition;
        foreach (var segment in frame.SegmentsSealed())
        {
            var reader = new SegmentReader(segment);
            while (reader.Read(this))
            {
            }
        }
    }

    /// <summary>A client is about to send a command.</summary>
    public Submission Submit(string client, Command command)
    {
        var submission = new Submission(client, command, ++_number, StudentOf(command.Student).States.Floor);
        if (command is Query)
            return submission;
        if (!_commands.TryGetValue((command.Student, command.Id), out var story))
            _commands.Add((command.Student, command.Id), story = new CommandStory());
        story.Submissions.Add(submission);
        return submission;
    }

    public void Replied(Submission submission, in Reply reply)
    {
        var what = $"{submission.Command.Id} of student {submission.Command.Student}, sent by {submission.Client}";
        Require(
            submission.Outcome is null, "every command is answered once",
            $"{what} was answered {submission.Outcome} and then {reply.Outcome}");
        Require(
            reply.Command == submission.Command.Id, "an answer is to what was asked",
            $"{what} was answered as {reply.Command}");
        (submission.Outcome, submission.Heard) = (reply.Outcome, ++_number);
        Count(submission, reply);
        if (reply.Outcome is Outcome.Failed or Outcome.Quarantined)
            Break("no actor fails", $"{what} was answered {reply.Outcome}");
        else if (reply.Outcome == Outcome.Answered)
            CheckQuestion(submission, reply, what);
        else if (reply.IsDecision || reply.Outcome == Outcome.Conflict)
            CheckDecision(submission, reply, what);
    }

    /// <summary>A day was opened or closed, says an answer.</summary>
    public void Marked(int partition, CommandKind mark, DateOnly day)
    {
        var (opened, closed) = _days.GetValueOrDefault(partition);
        Require(
            (mark == CommandKind.OpenDay ? opened : closed) >= day, "what is answered is durable",
            $"partition {partition} answered {mark} {day:yyyy-MM-dd} and has opened {opened:yyyy-MM-dd}, closed {closed:yyyy-MM-dd}");
    }

    /// <summary>Checks that are possible only when everything is answered.</summary>
    public void Finish()
    {
        foreach (var ((student, id), story) in _commands)
        {
            if (story.Record is null && story.Submissions.Find(one => one.Outcome >= Outcome.Done) is { } lost)
                Break(
                    "what is answered is durable",
                    $"{id} of student {student} was answered {lost.Outcome} and is not in the journal");
        }

        foreach (var (student, story) in _students)
            CheckOrder(student, story.History);
    }

    public void Break(string promise, string detail) => Broken ??= $"{promise}: {detail}";

    void IRecordSink.Begin(in RecordHeader header, long offset)
    {
        _header = header;
        _events.Clear();
    }

    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes) => _events.Add(e);

    void IRecordSink.End()
    {
        if (!_header.HasStudent)
        {
            var (opened, closed) = _days.GetValueOrDefault(_partition);
            if (_header.Kind is CommandKind.OpenDay or CommandKind.CloseDay)
                _days[_partition] = _header.Kind == CommandKind.OpenDay
                    ? (_header.Effective, closed)
                    : (opened, _header.Effective);
            return;
        }

        var student = StudentOf(_header.Student);
        var record = new Written(_header, [.. _events], student.History.Count + 1);
        student.History.Add(record);
        Require(
            _header.Student.PartitionOf(studentPartitions) == _partition, "a student has one partition",
            $"student {_header.Student} was written to partition {_partition}");
        if (_header.IsCommand)
            CheckRecord(record);
    }

    private void CheckRecord(Written record)
    {
        var header = record.Header;
        var what = $"{header.Id} of student {header.Student}";
        if (IsOfLedger(header))
            tally.Count(ClusterEffect.ToldClaim);
        if (!_commands.TryGetValue((header.Student, header.Id), out var story))
            _commands.Add((header.Student, header.Id), story = new CommandStory());
        Require(
            IsOfLedger(header) || story.Submissions.Exists(one => one.Command.Fingerprint() == header.Fingerprint),
            "nothing that was not sent is in the journal", $"{what} was written with a content that no client sent");
        Require(
            story.Record is null, "nothing is in the journal twice",
            $"{what} was written again, to partition {_partition}");
        story.Record = record;
    }

    private void CheckDecision(Submission submission, in Reply reply, string what)
    {
        if (_commands[(submission.Command.Student, submission.Command.Id)].Record is not { } record)
        {
            Break("what is answered is durable", $"{what} was answered {reply.Outcome} and is not in the journal");
            return;
        }

        _recent.Add(submission.Command);
        if (_recent.Count > RecentMax)
            _recent.RemoveAt(0);
        StudentOf(submission.Command.Student).States.Raise(record.Version);
        var (header, isSame) = (record.Header, record.Header.Fingerprint == submission.Command.Fingerprint());
        if (reply.Outcome == Outcome.Conflict)
        {
            Require(!isSame, "an id is one command", $"{what} was a conflict with itself");
            return;
        }

        Require(isSame, "an id is one command", $"{what} was answered for another content");
        Require(
            (header.Outcome, header.Reason) == (reply.Outcome, reply.Reason), "the first outcome is the outcome",
            $"{what} was answered {reply.Outcome} {reply.Reason}; the journal has {header.Outcome} {header.Reason}");
        var revised = ClaimsRevised.Of(header.Id, record.Events);
        Require(
            (revised?.Claims ?? []).AsSpan().SequenceEqual((reply.Answer as ClaimsRevised)?.Claims ?? []),
            "the first answer is the answer",
            $"{what} was answered {(reply.Answer as ClaimsRevised)?.Claims.Length ?? 0} revised claims; the journal has {revised?.Claims.Length ?? 0}");
    }

    /// <summary>
    /// An answer is of a state that there was between the last that a client had heard of when it was sent, and now.
    /// </summary>
    private void CheckQuestion(Submission submission, in Reply reply, string what)
    {
        var student = StudentOf(submission.Command.Student);
        Require(
            student.States.TryExplain(submission.Command, reply.Answer, submission.Floor), "no answer is out of date",
            $"{what}: {submission.Command} was answered {reply.Answer}, which was so at no time since the last that was acknowledged, record {submission.Floor} of {student.History.Count}");
    }

    private StudentStory StudentOf(StudentId id)
    {
        if (!_students.TryGetValue(id, out var student))
            _students.Add(id, student = new StudentStory(id, logic));
        return student;
    }

    /// <summary>
    /// A command whose answer a client had before another was first sent comes before it in the journal. So does an
    /// earlier command of the same client, if it was answered and no other client sent the later one.
    /// </summary>
    private void CheckOrder(StudentId id, List<Written> history)
    {
        var later = new List<Submission>();
        for (var i = history.Count - 1; i >= 0; i--)
        {
            if (!_commands.TryGetValue((id, history[i].Header.Id), out var story)
                || story.Record != history[i]
                || story.Submissions.Count == 0)
                continue;
            var first = story.Submissions[0];
            var byOthers = story.Submissions.Find(one => one.Client != first.Client)?.Sent ?? long.MaxValue;
            foreach (var answered in later)
            {
                var wasHeardOf = answered.Heard < first.Sent;
                var wasSentBefore = answered.Client == first.Client
                    && answered.Sent < first.Sent
                    && answered.Heard < byOthers;
                Require(
                    !wasHeardOf && !wasSentBefore, "a student's commands keep their order",
                    $"student {id}: {history[i].Header.Id} came before {answered.Command.Id} in the journal; it was sent {(wasHeardOf ? "after the other was answered" : "after the other by the same client")}");
            }

            later.AddRange(story.Submissions.Where(one => one.Outcome >= Outcome.Done));
        }
    }

    private void Count(Submission submission, in Reply reply)
    {
        if (reply.Outcome.IsOpen())
            tally.Count(ClusterEffect.AnsweredUnknown);
        else if (reply.Outcome == Outcome.Conflict)
            tally.Count(ClusterEffect.AnsweredConflict);
        else if (reply.Outcome == Outcome.Answered)
            tally.Count(ClusterEffect.QuestionAnswered);
        else if (submission.Command is not Query
            && _commands[(submission.Command.Student, submission.Command.Id)].Submissions.Count > 1)
            tally.Count(reply.Answer is ClaimsRevised ? ClusterEffect.ClaimsRevisedAgain : ClusterEffect.AnsweredAgain);
    }

    private void Require(bool holds, string promise, string detail)
    {
        if (!holds)
            Break(promise, detail);
    }
}
