using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>
/// One core whose host is the test: it says when a turn is decided, how its write ends, what is read and when.
/// </summary>
internal sealed class SingleCore
{
    private readonly IRelay? _relay;
    private readonly TurnLimits _limits;
    private readonly FrameChain _chain = new(partition: 0);
    private readonly List<Frame> _uncommitted = [];

    public SingleCore(
        int buckets = 1, TurnLimits? limits = null, IRelay? relay = null, IActorLogic? logic = null,
        DateOnly? openThrough = null)
    {
        (_relay, _limits) = (relay, limits ?? new TurnLimits(100, 100, 1 << 16));
        Logic = new FaultyLogic(logic ?? new AmoeLogic(Rulebook.Embedded));
        Core = NewCore(1, new PartitionState(Logic, buckets), openThrough ?? DateOnly.MaxValue);
    }

    public PartitionCore Core { get; private set; }

    public FaultyLogic Logic { get; }

    public SimulatedFrames Frames { get; } = new(
        new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, Rulebook.EmbeddedText, "tests", 0, 0));

    /// <summary>The answers that left the core, in order.</summary>
    public List<Reply> Replies { get; } = [];

    public IEnumerable<HistoryEntry> History => Engine.Journal.History.OfPartition(new FramesJournal(Frames), 0);

    public void Post(params ReadOnlySpan<Command> commands)
    {
        foreach (var command in commands)
            Core.Take(new Envelope(command, CommandKind.None, default, new Recipient(this)));
    }

    public void PostDay(CommandKind mark, DateOnly day) => Core.Take(Envelope.OfDay(mark, day, new Recipient(this)));

    /// <summary>Decides a turn; there has to be one.</summary>
    public Turn Decide()
    {
        var turn = Core.Decide() ?? throw new InvalidOperationException("there is nothing to decide");
        if (turn.Frame is not null)
            _uncommitted.Add(turn.Frame);
        return turn;
    }

    /// <summary>Writes a turn and settles it.</summary>
    public void Commit(Turn turn)
    {
        if (turn.Frame is { } frame)
        {
            var encoded = _chain.Encode(frame);
            Assert.Equal(StoreReply.Confirmed, Frames.Write(0, encoded));
            _chain.Advance(encoded);
            _uncommitted.RemoveAt(0);
        }

        Give(Core.Settle(turn, CommitStatus.Durable));
    }

    /// <summary>A turn is lost.</summary>
    public void Lose(Turn turn)
    {
        _uncommitted.Clear();
        Give(Core.Settle(turn, CommitStatus.Lost));
    }

    public void Abandon() => Give(Core.Abandon());

    /// <summary>Recovers from the frames.</summary>
    public void Restore() => Core.Restore(Replayed(Core.State.Buckets.Length));

    /// <summary>
    /// The partition's next host recovers from the frames. What the former one had in memory is gone.
    /// </summary>
    public void TakeOver(DateOnly openThrough)
    {
        _uncommitted.Clear();
        Core = NewCore(2, Replayed(Core.State.Buckets.Length), openThrough);
    }

    /// <summary>The state that the frames give.</summary>
    public PartitionState Replayed(int buckets)
    {
        var state = new PartitionState(Logic, buckets);
        var chain = new FrameChain(partition: 0);
        foreach (var bytes in Frames.After(0, 0))
            state.Apply(chain.Follow(bytes));
        return state;
    }

    /// <summary>Reads what the core asks for now.</summary>
    public List<ReadResult> Read() =>
        [.. new RecordReader(Logic, () => new PartitionState(Logic))
            .Read(Core.TakeRequests(), new SimulatedSource(Frames, 0, [.. _uncommitted]))];

    /// <summary>Reads what the core asks for now, and supplies it.</summary>
    public void ReadAndSupply()
    {
        foreach (var result in Read())
            Core.Supply(result);
    }

    /// <summary>Decides, commits, reads and supplies until there is nothing left to do.</summary>
    public void RunUntilIdle()
    {
        while (Core.Decide() is { } turn)
        {
            if (turn.Frame is not null)
                _uncommitted.Add(turn.Frame);
            Commit(turn);
            ReadAndSupply();
        }

        ReadAndSupply();
        if (Core.HasWork)
            RunUntilIdle();
    }

    /// <summary>Posts commands, and does all that follows from them.</summary>
    public List<Reply> Ask(params ReadOnlySpan<Command> commands)
    {
        var before = Replies.Count;
        Post(commands);
        RunUntilIdle();
        return Replies[before..];
    }

    private PartitionCore NewCore(long owner, PartitionState state, DateOnly openThrough) =>
        new(0, owner, state, OpenDays.Every(Logic) with { Through = openThrough }, _limits, _relay);

    private void Give(in Release release)
    {
        foreach (var answer in release.Answers)
            answer.ReplyTo.OnReply(answer.Student, answer.Reply);
    }

    private sealed class Recipient(SingleCore core) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) => core.Replies.Add(reply);
    }
}
