using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>
/// Sees what every client sent and heard and what the store accepted, and says so the moment the two do not agree. It trusts nobody: who owns what, it keeps for itself.
/// </summary>
internal sealed class Witness(World world, Tally tally, IActorLogic logic, int studentShards) : IRecordSink
{
    private const int RecentMax = 8;
    private readonly Dictionary<(StudentId, CommandId), Tale> _tales = [];
    private readonly Dictionary<StudentId, StudentTale> _students = [];
    private readonly Dictionary<int, Ownership> _owners = [];
    private readonly Dictionary<int, (DateOnly Opened, DateOnly Closed)> _days = [];
    private readonly Dictionary<HostId, string> _hosts = [];
    private readonly List<Event> _events = [];
    private readonly List<Command> _recent = [];
    private RecordHeader _header;
    private Segment _segment;
    private long _number;

    /// <summary>The first thing that must never happen and did; null while all is well.</summary>
    public string? Broken { get; private set; }

    /// <summary>Ledgers send commands of their own: what a provider owes they keep back.</summary>
    public bool HasLedgers { get; init; }

    /// <summary>The last commands of which anybody heard that they were decided.</summary>
    public IReadOnlyList<Command> Recent => _recent;

    /// <summary>Submissions that nobody answered yet.</summary>
    public int Unanswered { get; private set; }

    /// <summary>The command a record answers; null when nobody sent it.</summary>
    public Command? Find(RecordHeader header) =>
        _tales.GetValueOrDefault((header.Student, header.Id))?.Submissions.Find(one => one.Command.Fingerprint() == header.Fingerprint)?.Command;

    /// <summary>A host joined on a process's connection.</summary>
    public void Joined(string process, HostId host) => _hosts[host] = process;

    public void Taken(HostId host, ShardEpoch shard)
    {
        var before = _owners.GetValueOrDefault(shard.Shard);
        Require(shard.Epoch > before.Epoch, "an epoch begins once", $"shard {shard.Shard} began epoch {shard.Epoch} after {before.Epoch}");
        if (before.Epoch > 0)
            tally.Count(before.IsReleased ? Effect.TakenAfterHandOver : Effect.TakenAfterLease);
        _owners[shard.Shard] = new Ownership(shard.Epoch, _hosts[host], IsReleased: false);
    }

    /// <summary>Until the next epoch begins the log is still the former owner's: what he had sent may arrive.</summary>
    public void Released(ShardEpoch shard) => _owners[shard.Shard] = _owners[shard.Shard] with { IsReleased = true };

    /// <summary>The store accepted a segment.</summary>
    public void Accepted(string process, Segment segment)
    {
        var owner = _owners.GetValueOrDefault(segment.Shard);
        Require(
            owner.Epoch == segment.Epoch && owner.Owner == process, "only the owner's epoch writes",
            $"{process} wrote to shard {segment.Shard} under epoch {segment.Epoch}; {owner.Owner ?? "nobody"} has it under epoch {owner.Epoch}");
        _segment = segment;
        var reader = new SegmentReader(segment);
        while (reader.Read(this))
        {
        }
    }

    /// <summary>A client is about to send a command.</summary>
    public Submission Submit(string client, Command command)
    {
        Unanswered++;
        var submission = new Submission(client, command, ++_number, _students.GetValueOrDefault(command.Student)?.Floor ?? 0);
        if (command is not Query)
        {
            if (!_tales.TryGetValue((command.Student, command.Id), out var tale))
                _tales.Add((command.Student, command.Id), tale = new Tale());
            tale.Submissions.Add(submission);
        }

        return submission;
    }

    /// <summary>It was not taken: nothing was sent.</summary>
    public void NotTaken(Submission submission)
    {
        Unanswered--;
        if (submission.Command is not Query)
            _tales[(submission.Command.Student, submission.Command.Id)].Submissions.Remove(submission);
    }

    public void Replied(Submission submission, in Reply reply)
    {
        var what = $"{submission.Command.Id} of student {submission.Command.Student}, sent by {submission.Client}";
        Require(submission.Outcome is null, "every command is answered once", $"{what} was answered {submission.Outcome} and then {reply.Outcome}");
        Require(reply.Command == submission.Command.Id, "an answer is to what was asked", $"{what} was answered as {reply.Command}");
        Unanswered--;
        submission.Outcome = reply.Outcome;
        submission.Heard = ++_number;
        Count(submission, reply);
        if (reply.Outcome is Outcome.Failed or Outcome.Quarantined)
            Break("no actor fails", $"{what} was answered {reply.Outcome}");
        else if (reply.Outcome == Outcome.Answered)
            CheckRead(submission, reply, what);
        else if (reply.IsDecision || reply.Outcome == Outcome.Conflict)
            CheckDecision(submission, reply, what);
    }

    /// <summary>A day was opened or closed, says an answer.</summary>
    public void Marked(int shard, CommandKind mark, DateOnly day)
    {
        var (opened, closed) = _days.GetValueOrDefault(shard);
        Require((mark == CommandKind.OpenDay ? opened : closed) >= day, "what is answered is durable", $"shard {shard} answered {mark} {day:yyyy-MM-dd} and has opened {opened:yyyy-MM-dd}, closed {closed:yyyy-MM-dd}");
    }

    /// <summary>What can only be said when everything is answered.</summary>
    public void Finish()
    {
        foreach (var ((student, id), tale) in _tales)
        {
            if (tale.Record is null && tale.Submissions.Find(one => one.Outcome >= Outcome.Done) is { } lost)
                Break("nothing acknowledged is lost", $"{id} of student {student} was answered {lost.Outcome} and is not in the journal");
        }

        foreach (var (student, tale) in _students)
            CheckOrder(student, tale.History);
    }

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
            var (opened, closed) = _days.GetValueOrDefault(_segment.Shard);
            if (_header.Kind is CommandKind.OpenDay or CommandKind.CloseDay)
                _days[_segment.Shard] = _header.Kind == CommandKind.OpenDay ? (_header.Effective, closed) : (opened, _header.Effective);
            return;
        }

        if (!_students.TryGetValue(_header.Student, out var student))
            _students.Add(_header.Student, student = new StudentTale());
        var record = new Written(_header, [.. _events], student.History.Count + 1);
        student.History.Add(record);
        Require(_header.Student.ShardOf(studentShards) == _segment.Shard, "a student has one shard", $"student {_header.Student} was written to shard {_segment.Shard}");
        if (_header.IsCommand)
            Write(record);
    }

    private void Write(Written record)
    {
        var header = record.Header;
        var what = $"{header.Id} of student {header.Student}";
        if (!_tales.TryGetValue((header.Student, header.Id), out var tale))
        {
            Require(IsOfLedger(header), "nothing uninvited is in the journal", $"{what} was written and never sent");
            _tales.Add((header.Student, header.Id), tale = new Tale());
        }
        else
        {
            Require(
                IsOfLedger(header) || tale.Submissions.Exists(one => one.Command.Fingerprint() == header.Fingerprint),
                "nothing uninvited is in the journal", $"{what} was written with a content that nobody sent");
        }

        Require(tale.Record is null, "nothing is in the journal twice", $"{what} was written again, to shard {_segment.Shard} at {_segment.Offset}");
        tale.Record = record;
    }

    private bool IsOfLedger(in RecordHeader header) => HasLedgers && header.Kind == CommandKind.RecoverOverpayment;

    private void CheckDecision(Submission submission, in Reply reply, string what)
    {
        var record = _tales[(submission.Command.Student, submission.Command.Id)].Record;
        if (record is null)
        {
            Break("what is answered is durable", $"{what} was answered {reply.Outcome} and is not in the journal");
            return;
        }

        _recent.Add(submission.Command);
        if (_recent.Count > RecentMax)
            _recent.RemoveAt(0);
        var student = _students[submission.Command.Student];
        student.Floor = Math.Max(student.Floor, record.Version);
        if (reply.Outcome == Outcome.Conflict)
        {
            Require(record.Header.Fingerprint != submission.Command.Fingerprint(), "an id is one command", $"{what} was a conflict with itself");
            return;
        }

        var header = record.Header;
        Require(header.Fingerprint == submission.Command.Fingerprint(), "an id is one command", $"{what} was answered for another content");
        Require(
            (header.Outcome, header.Reason) == (reply.Outcome, reply.Reason), "the first outcome is the outcome",
            $"{what} was answered {reply.Outcome} {reply.Reason}; the journal has {header.Outcome} {header.Reason}");
        var told = ClaimsRevised.Of(header.Id, record.Events);
        Require(
            (told?.Claims ?? []).AsSpan().SequenceEqual((reply.Answer as ClaimsRevised)?.Claims ?? []), "the first answer is the answer",
            $"{what} was answered {(reply.Answer as ClaimsRevised)?.Claims.Length ?? 0} revised claims; the journal has {told?.Claims.Length ?? 0}");
    }

    /// <summary>A read is of a state that there was between the last of which somebody had heard when it was sent, and its answer.</summary>
    private void CheckRead(Submission submission, in Reply reply, string what)
    {
        _students.TryGetValue(submission.Command.Student, out var student);
        if (PastStates.Find(submission.Command, reply.Answer, student?.History ?? [], submission.Floor, logic) is not { } version)
            Break("reads never go backwards", $"{what}: {submission.Command} was answered {reply.Answer}, which was so at no time since the last that was acknowledged, record {submission.Floor} of {student?.History.Count ?? 0}");
        else if (student is not null)
            student.Floor = Math.Max(student.Floor, version);
    }

    /// <summary>
    /// What anybody had heard of before something else was first sent comes before it in the journal; and so does what the same client sent before it, if that was
    /// answered and nobody else sent the other.
    /// </summary>
    private void CheckOrder(StudentId id, List<Written> history)
    {
        var later = new List<Submission>();
        for (var i = history.Count - 1; i >= 0; i--)
        {
            if (!_tales.TryGetValue((id, history[i].Header.Id), out var tale) || tale.Record != history[i] || tale.Submissions.Count == 0)
                continue;
            var first = tale.Submissions[0];
            var byOthers = tale.Submissions.Find(one => one.Client != first.Client)?.Sent ?? long.MaxValue;
            foreach (var answered in later)
            {
                var wasHeardOf = answered.Heard < first.Sent;
                var wasSentBefore = answered.Client == first.Client && answered.Sent < first.Sent && answered.Heard < byOthers;
                Require(
                    !wasHeardOf && !wasSentBefore, "a student's commands keep their order",
                    $"student {id}: {history[i].Header.Id} came before {answered.Command.Id} in the journal; it was sent {(wasHeardOf ? "after the other was answered" : "after the other by the same client")}");
            }

            later.AddRange(tale.Submissions.Where(one => one.Outcome >= Outcome.Done));
        }
    }

    private void Count(Submission submission, in Reply reply)
    {
        if (reply.Outcome == Outcome.Unknown)
            tally.Count(Effect.AnsweredUnknown);
        else if (reply.Outcome == Outcome.Overloaded)
            tally.Count(Effect.AnsweredOverloaded);
        else if (reply.Outcome == Outcome.Stale)
            tally.Count(Effect.AnsweredStale);
        else if (reply.Outcome == Outcome.Conflict)
            tally.Count(Effect.AnsweredConflict);
        else if (reply.Outcome == Outcome.Answered)
            tally.Count(Effect.Read);
        else if (_tales[(submission.Command.Student, submission.Command.Id)].Submissions.Count > 1)
            tally.Count(reply.Answer is ClaimsRevised ? Effect.ClaimsRevisedAgain : Effect.AnsweredAgain);
    }

    /// <summary>What was sent while all was well was answered after so long.</summary>
    public void Waited(object what, TimeSpan time, TimeSpan most) =>
        Require(time <= most, "what is sent while all is well is answered soon", $"{what} after {time.TotalSeconds:0.0} s");

    private void Require(bool holds, string invariant, string detail)
    {
        if (!holds)
            Break(invariant, detail);
    }

    private void Break(string invariant, string detail)
    {
        world.Note(null, StepKind.Client, 0, detail);
        Broken ??= $"{invariant}: {detail}";
    }

    private readonly record struct Ownership(long Epoch, string? Owner, bool IsReleased);

    private sealed class StudentTale
    {
        public List<Written> History { get; } = [];

        /// <summary>How many of his records somebody has heard of: no later read may show less.</summary>
        public int Floor { get; set; }
    }
}
