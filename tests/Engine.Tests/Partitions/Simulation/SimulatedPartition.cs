using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>What a simulated partition can do next.</summary>
internal enum Step : byte
{
    /// <summary>Recover after a loss.</summary>
    Restore,

    /// <summary>Decide a turn of what waits.</summary>
    Decide,

    /// <summary>Write the oldest turn.</summary>
    Write,

    /// <summary>Tell the core how that write ended, and let go of what it releases.</summary>
    Settle,

    /// <summary>Read some of what the core asked for.</summary>
    Read,

    /// <summary>Give the core one of the results.</summary>
    Supply,
}

/// <summary>
/// Hosts one core: a bounded mailbox in front of it, one write at a time behind it, reads that take their time,
/// snapshots of single buckets, crashes that leave nothing but what is in the store.
/// </summary>
internal sealed class SimulatedPartition
{
    private readonly int _index;
    private readonly SimulatedFrames _frames;
    private readonly IActorLogic _logic;
    private readonly SimulationOptions _options;
    private readonly Dice _dice;

    // Memory: what a crash takes.
    private readonly Queue<Envelope> _mailbox = new();
    private readonly Queue<PendingWrite> _inFlight = new();
    private readonly List<ReadRequest> _asked = [];
    private readonly List<ReadResult> _read = [];
    private PartitionCore _core = null!;
    private FrameChain _chain = null!;
    private Relay? _relay;
    private int _turnsMax;
    private long _incarnation;

    public SimulatedPartition(
        int index, SimulatedFrames frames, SimulatedSnapshots snapshots, IActorLogic logic, SimulationOptions options)
    {
        (_index, _frames, _logic, _options) = (index, frames, logic, options);
        _dice = new Dice(Mixing.Mix(options.Seed, (ulong)index + 100));
        Recovery = new PartitionRecovery(index, frames, snapshots, logic, options, _dice);
    }

    public PartitionState State => _core.State;

    public int Index => _index;

    public PartitionRecovery Recovery { get; }

    /// <summary>What reading passivated claims back came to.</summary>
    public ReadBackFigures ReadBack { get; } = new();

    /// <summary>When the turn that is written next was decided, among all partitions' turns.</summary>
    public long NextWrite => _inFlight.Peek().Number;

    /// <summary>False when the mailbox is full.</summary>
    public bool TryPost(in Envelope envelope)
    {
        if (_mailbox.Count >= _options.Engine.MailboxMessagesMax)
            return false;
        _mailbox.Enqueue(envelope);
        return true;
    }

    /// <summary>Begins, or begins again, on what is in the store.</summary>
    public void Start(Relay? relay)
    {
        _relay = relay;
        _incarnation++;
        _turnsMax = _options.DecidesAhead
            ? _options.Engine.TurnsInFlightMax
            : 1 + _dice.Below(_options.Engine.TurnsInFlightMax);
        Recovery.Restart();
        (var state, _chain) = Recovery.Recover(relay);
        _core = new PartitionCore(
            _index, _incarnation, state, OpenDays.Every(_logic), _options.Engine.TurnLimits, relay);
        Send(Notices.From(state));
    }

    /// <summary>
    /// Ends without a warning. What was not answered is answered <see cref="Outcome.Unknown"/>, as its sender finds
    /// out.
    /// </summary>
    public void Stop()
    {
        var release = _core.Uncommitted > 0 ? _core.Settle(_inFlight.Peek().Turn, CommitStatus.Lost) : Release.Nothing;
        _inFlight.Clear();
        _asked.Clear();
        _read.Clear();
        AnswerUnknown(release);
    }

    public bool Can(Step step) => step switch
    {
        Step.Restore => _core.MustRestore,
        Step.Decide =>
            !_core.MustRestore
                && _core.Uncommitted < _turnsMax
                && (_core.HasWork || (_mailbox.Count > 0 && _core.Room > 0)),
        Step.Write => !_frames.IsHeld && _inFlight.TryPeek(out var oldest) && oldest.Status == CommitStatus.Pending,
        Step.Settle => _inFlight.TryPeek(out var oldest) && oldest.Status != CommitStatus.Pending,
        Step.Read => _asked.Count > 0,
        _ => _read.Count > 0,
    };

    /// <param name="number">Of this step among all partitions'.</param>
    public void Run(Step step, long number)
    {
        switch (step)
        {
            case Step.Restore:
                Restore();
                break;
            case Step.Decide:
                Decide(number);
                break;
            case Step.Write:
                Write(_inFlight.Peek());
                break;
            case Step.Settle:
                Settle(_inFlight.Peek());
                break;
            case Step.Read:
                Read();
                break;
            default:
                Supply();
                break;
        }
    }

    private void Restore()
    {
        (var state, _chain) = Recovery.Recover(_relay);
        _core.Restore(state);
        Send(Notices.From(state));
    }

    private void Decide(long number)
    {
        while (_core.Room > 0 && _mailbox.TryDequeue(out var envelope))
            _core.Take(envelope);
        if (_core.Decide() is { } turn)
            _inFlight.Enqueue(new PendingWrite(turn, number));
        _asked.AddRange(_core.TakeRequests());
    }

    private void Write(PendingWrite pending)
    {
        if (pending.Turn.Frame is not { } frame)
        {
            // Only answers: they rest on turns before, and those are durable.
            pending.Status = CommitStatus.Durable;
            return;
        }

        var encoded = _chain.Encode(frame);
        var reply = _frames.Write(_index, encoded);
        var isDurable = reply == StoreReply.Confirmed
            || (reply == StoreReply.Lost && LooksForIt() && _frames.Has(_index, encoded));
        pending.Status = isDurable ? CommitStatus.Durable : CommitStatus.Lost;
        if (isDurable)
            _chain.Advance(encoded);
    }

    private bool LooksForIt() => _options.ResolvesLostReplies || _dice.Chance(75);

    private void Settle(PendingWrite pending)
    {
        var release = _core.Settle(pending.Turn, pending.Status);
        if (pending.Status == CommitStatus.Durable)
        {
            _inFlight.Dequeue();
            Give(release);
            TakeSnapshots();
        }
        else
        {
            _inFlight.Clear();
            AnswerUnknown(release);
        }
    }

    /// <summary>
    /// Reads some of what was asked for, in any order. While the store does not answer, what waits is given up.
    /// </summary>
    private void Read()
    {
        var requests = new List<ReadRequest>();
        for (var left = 1 + _dice.Below(_asked.Count); left > 0; left--)
            requests.Add(TakeAny(_asked));
        try
        {
            var reader = new RecordReader(_logic, () => new PartitionState(_logic));
            _read.AddRange(reader.Read(requests, Source()));
            ReadBack.Add(reader.ClaimsRead, reader.RecordsRead);
        }
        catch (JournalUnavailableException)
        {
            AnswerUnknown(Release.Nothing);
        }
    }

    private SimulatedSource Source() =>
        new(_frames, _index, [.. _inFlight.Select(pending => pending.Turn.Frame).OfType<Frame>()]);

    /// <summary>Gives the core one result, and now and then the same again.</summary>
    private void Supply()
    {
        var result = TakeAny(_read);
        _core.Supply(result);
        if (_dice.Chance(5))
            _core.Supply(result);
    }

    private T TakeAny<T>(List<T> list)
    {
        var index = _dice.Below(list.Count);
        var taken = list[index];
        list.RemoveAt(index);
        return taken;
    }

    private void TakeSnapshots()
    {
        if (!_core.CanSnapshot || !_dice.Chance(_options.SnapshotPercent))
            return;
        if (_chain.Position.SequenceNumber != State.SequenceNumber || _chain.Position.NextRecord != State.Offset)
            throw new InvalidOperationException(
                $"partition {_index}: between turns its state is at {State.SequenceNumber}, and its frames at {_chain.Position}");
        var one = _dice.Below(State.Buckets.Length);
        foreach (var bucket in State.Buckets)
        {
            if (_options.SnapshotPercent == 100 || bucket.Index == one)
                Recovery.Save(
                    bucket.Index, State.Buckets.Length,
                    new BucketSnapshot(_chain.Position, SnapshotBytes.Of(_core, bucket.Index)));
        }
    }

    private void Give(in Release release)
    {
        Send(release.Notices);
        foreach (var answer in release.Answers)
            answer.ReplyTo.OnReply(answer.Student, answer.Reply);
    }

    private void Send(Notices? notices)
    {
        if (notices is not null)
            _relay?.Deliver(_index, notices);
    }

    /// <summary>These, and all that waits: what is in the mailbox would overtake what is sent again.</summary>
    private void AnswerUnknown(in Release release)
    {
        while (_mailbox.TryDequeue(out var envelope))
            _core.Take(envelope);
        var abandoned = _core.Abandon();
        Give(release);
        Give(abandoned);
    }

    /// <summary>A turn on its way to the store.</summary>
    private sealed class PendingWrite(Turn turn, long number)
    {
        public Turn Turn => turn;

        public long Number => number;

        public CommitStatus Status { get; set; }
    }
}
