using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Partitions;

/// <summary>
/// The core of a partition: a state machine without thread, store, clock or logger. It takes what waits, decides it in
/// turns, and lets go of a turn's answers and notices once the turn is durable. What needs records that are not in
/// memory is set aside until these are supplied, and what is of a day that is not open waits for it.
/// </summary>
/// <remarks>
/// One thread at a time. The host makes the turns durable in their order, and says of each how that ended; it reads
/// what <see cref="TakeRequests"/> asks for, whenever it likes; and after a loss it reads the log again and calls
/// <see cref="Restore"/>.
/// </remarks>
internal sealed class PartitionCore
{
    private readonly int _partition;
    private readonly TurnLimits _limits;
    private readonly IRelay? _relay;
    private readonly long _owner;

    // Messages that no turn has taken, and those that wait for records.
    private readonly Queue<Envelope> _waiting = new();
    private readonly SetAside _setAside = new();

    // Students out of service that are being read again, and what became of others.
    private readonly HashSet<StudentId> _retrying = [];
    private List<Retried> _retried = [];

    // Turns decided and not known to be durable, oldest first.
    private readonly Queue<Turn> _uncommitted = new();
    private OpenDays _open;
    private DayWanted? _asked;
    private TurnDecider _decider = null!;
    private TurnWriter _writer = null!;
    private long _turns;

    /// <param name="state">As the log has it.</param>
    /// <param name="owner">The incarnation, or ownership epoch, that is in the partition's frames.</param>
    /// <param name="open">The days that it may open by now.</param>
    /// <param name="relay">What other partitions have for this one; null where nothing crosses partitions.</param>
    public PartitionCore(
        int partition, long owner, PartitionState state, OpenDays open, TurnLimits limits, IRelay? relay)
    {
        (_partition, _owner, _open, _limits, _relay) = (partition, owner, open, limits, relay);
        Begin(state);
    }

    public PartitionState State { get; private set; } = null!;

    /// <summary>
    /// One more after each loss: what was decided and what was asked for before does not count any more.
    /// </summary>
    public int Incarnation { get; private set; }

    /// <summary>
    /// True after a loss, until <see cref="Restore"/>: nothing is decided on a state that may be wrong.
    /// </summary>
    public bool MustRestore { get; private set; }

    /// <summary>Turns decided and not known to be durable.</summary>
    public int Uncommitted => _uncommitted.Count;

    /// <summary>How many messages it takes now.</summary>
    public int Room => Math.Max(0, _limits.Commands - _waiting.Count - _setAside.Count);

    /// <summary>True while there is something that a turn can decide.</summary>
    public bool HasWork => !MustRestore && _decider.HasWork;

    /// <summary>
    /// True while the state is what the log has, once all turns are durable: no record waits, and no student is out of
    /// service.
    /// </summary>
    public bool CanSnapshot =>
        !MustRestore && _uncommitted.Count == 0 && _setAside.IsEmpty && State.Quarantined.Count == 0;

    /// <summary>Puts a message behind those that wait.</summary>
    public void Take(in Envelope envelope) => _waiting.Enqueue(envelope);

    /// <summary>
    /// Decides what waits, up to the limits of a turn; null when there is nothing to append and nothing to answer.
    /// </summary>
    public Turn? Decide()
    {
        if (!HasWork)
            return null;
        _writer.Begin(State.Offset, State.Day);
        var answers = _decider.DecideWaiting();
        var frame = _writer.Seal(_partition, State.SequenceNumber + 1, _owner);
        if (frame is null && answers.Count == 0)
            return null;
        if (frame is not null)
            State.SequenceNumber++;
        var turn = new Turn(++_turns, Incarnation, frame, answers, Notices.From(State));
        _uncommitted.Enqueue(turn);
        return turn;
    }

    /// <summary>The oldest turn is durable, or lost with all that was decided behind it.</summary>
    /// <returns>
    /// What leaves: a durable turn's answers and notices; otherwise <see cref="Outcome.Unknown"/> for all that was
    /// decided or waits, which the sender sends again.
    /// </returns>
    /// <exception cref="InvalidOperationException">It is not the oldest one.</exception>
    public Release Settle(Turn turn, CommitStatus status)
    {
        if (turn.Incarnation != Incarnation)
            return Release.Nothing;
        if (!_uncommitted.TryPeek(out var oldest) || oldest != turn || status == CommitStatus.Pending)
            throw new InvalidOperationException(
                $"partition {_partition}: turn {turn.Number} is {status} and was not the oldest");
        if (status != CommitStatus.Durable)
            return Lose();
        _uncommitted.Dequeue();
        return new Release(turn.Answers, turn.Notices);
    }

    /// <summary>What has to be read back and was not asked for before.</summary>
    public List<ReadRequest> TakeRequests() => _setAside.TakeRequests();

    /// <summary>
    /// The day that what waits is of, or the open day where it is not open to this host yet, once: the host has it
    /// opened and calls <see cref="Open"/>.
    /// </summary>
    public DayWanted? TakeDayWanted()
    {
        var wanted = _decider.DayWanted;
        if (wanted == _asked)
            return null;
        _asked = wanted;
        return wanted;
    }

    /// <summary>More days may be opened.</summary>
    public void Open(OpenDays open)
    {
        (_open, _asked) = (open, null);
        _decider.Open(open);
    }

    /// <summary>What was read back. An answer to a request of before a loss is dropped.</summary>
    public void Supply(ReadResult result)
    {
        if (result.Request.Incarnation == Incarnation && !MustRestore)
            _setAside.Supply(result);
    }

    /// <summary>
    /// Reads a student that is out of service again, and serves the student if that works: commands wait meanwhile.
    /// Nothing durable changes. <see cref="TakeRetried"/> says how that ended.
    /// </summary>
    public void Retry(StudentId student)
    {
        if (MustRestore)
            _retried.Add(new Retried(student, RetryEnd.Interrupted, ""));
        else if (!State.Quarantined.ContainsKey(student))
            _retried.Add(new Retried(student, RetryEnd.WasServed, ""));
        else if (_retrying.Add(student))
            _setAside.Wait(student, new ReadRequest(Incarnation, student, []));
    }

    /// <summary>What became of students that were tried again, once that is known.</summary>
    public List<Retried> TakeRetried()
    {
        if (_retrying.Count > 0)
        {
            foreach (var student in _retrying.Where(student => !_setAside.IsRestarting(student)).ToList())
            {
                _retrying.Remove(student);
                _retried.Add(!State.Quarantined.TryGetValue(student, out var why)
                    ? new Retried(student, RetryEnd.Served, "")
                    : new Retried(student, why.CanBeReplayed ? RetryEnd.Restarts : RetryEnd.StillOut, why.Why));
            }
        }

        var retried = _retried;
        if (retried.Count > 0)
            _retried = [];
        return retried;
    }

    /// <summary>
    /// What waits or is set aside is answered <see cref="Outcome.Unknown"/>: the partition ends, or records cannot be
    /// read now. What is decided stays so. A student who restarts after an exception still has to be read: the state in
    /// memory is half-changed.
    /// </summary>
    public Release Abandon()
    {
        // What is sent again has its day asked for again.
        Open(_open);
        var setAside = _setAside.Clear();
        InterruptRetries();
        foreach (var student in setAside)
        {
            if (student.IsRestarting && !State.Quarantined.ContainsKey(student.Student))
                _setAside.Wait(student.Student, new ReadRequest(Incarnation, student.Student, []));

            // A due date that waited alone is looked at again.
            if (State.Find(student.Student) is { IsQuarantined: false } hosted && hosted.NextDueOn <= State.Day)
                State.Calendar.Add(hosted.NextDueOn, hosted.Id);
        }

        _decider.TellClaimsAgain();
        return new Release(Unknown(setAside), null);
    }

    /// <summary>Begins again from a state that was read from the log after a loss.</summary>
    public void Restore(PartitionState state) => Begin(state);

    /// <summary>Writes one bucket as bytes. Only while <see cref="CanSnapshot"/>.</summary>
    public void Snapshot(int bucket, ByteWriter into)
    {
        if (!CanSnapshot)
            throw new InvalidOperationException($"partition {_partition}: a snapshot is taken between turns");
        SnapshotCodec.Write(into, State, bucket);
    }

    /// <summary>
    /// A turn was lost: so is every later one, and the state that was decided with them. What waits behind is not
    /// decided either: it would overtake what is sent again.
    /// </summary>
    private Release Lose()
    {
        var answers = new List<Answer>();
        foreach (var turn in _uncommitted)
        {
            foreach (var answer in turn.Answers)
                answers.Add(Unknown(answer));
        }

        _uncommitted.Clear();
        answers.AddRange(Unknown(_setAside.Clear()));
        InterruptRetries();
        Incarnation++;
        MustRestore = true;
        return new Release(answers, null);
    }

    private void InterruptRetries()
    {
        foreach (var student in _retrying)
            _retried.Add(new Retried(student, RetryEnd.Interrupted, ""));
        _retrying.Clear();
    }

    private void Begin(PartitionState state)
    {
        (State, _asked) = (state, null);
        _writer = new TurnWriter(state.Buckets.Length);
        _decider = new TurnDecider(
            state, _open, _limits, _writer, _relay is null ? null : new Inbox(_partition, _relay), _waiting, _setAside,
            Incarnation);
        MustRestore = false;
    }

    /// <summary>Answers for what a defect interrupted, for what was set aside, and for what waits behind it.</summary>
    private List<Answer> Unknown(IReadOnlyList<SetAsideStudent> setAside)
    {
        List<Answer> answers = [
            .. _decider.TakeUnfinished().Select(Unknown),
            .. setAside.SelectMany(student => student.Commands).Select(envelope => Unknown(envelope))
        ];
        while (_waiting.TryDequeue(out var envelope))
            answers.Add(Unknown(envelope));
        return answers;
    }

    private static Answer Unknown(Answer answer) =>
        answer with { Reply = new Reply(answer.Reply.Command, Outcome.Unknown) };

    /// <summary>The answer to a message that was not decided, or of which it is not known.</summary>
    public static Answer Unknown(in Envelope envelope) =>
        new(
            envelope.ReplyTo, envelope.Command?.Student ?? default,
            new Reply(envelope.Command?.Id ?? new CommandId(envelope.Mark, 0), Outcome.Unknown));
}
