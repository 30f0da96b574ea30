using Akka.Actor;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Envelope = Amoe.Engine.Partitions.Envelope;

namespace Amoe.Engine.Actors;

/// <summary>What all partitions of a runtime share.</summary>
internal sealed record PartitionContext(SqliteJournal Journal, IActorLogic Logic, EngineOptions Options, TimeProvider Time)
{
    public JournalIdentity Identity => Journal.Identity;

    public PostOffice Post { get; } = new(Journal.Identity.ShardCount, Journal.Identity.PartyShardCount);

    public WriteFigures Writes { get; } = new();
}

/// <summary>Where a partition failed: what a failure means depends on it.</summary>
internal enum PartitionStage
{
    /// <summary>The journal is read.</summary>
    Recovering,

    /// <summary>The journal was read, and the incarnation is written.</summary>
    Opening,

    /// <summary>Commands are decided.</summary>
    Serving,
}

/// <summary>
/// What a partition's actor is made from and what is known of it outside: its state, whether it serves, and how many commands are under way to it. It outlives
/// the actor, which is another one after each failure.
/// </summary>
internal sealed class PartitionHost
{
    private readonly PartitionContext _context;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IActorRef? _actor;
    private volatile PartitionFailure? _failure;
    private volatile PartitionFailure? _outOfService;
    private volatile bool _isEnded;
    private int _underWay;
    private long _progress;

    public PartitionHost(int partition, PartitionContext context)
    {
        (Partition, _context) = (partition, context);
        IsOfLedgers = partition >= context.Identity.ShardCount;
        PersistenceId = context.Identity.PersistenceIdOf(partition);
        State = NewState();
    }

    public int Partition { get; }

    public bool IsOfLedgers { get; }

    public string PersistenceId { get; }

    public IActorLogic Logic => _context.Logic;

    public TurnLimits Limits => _context.Options.TurnLimits;

    public IRelay Relay => _context.Post;

    public PostOffice Post => _context.Post;

    public FrameTable Table => _context.Journal.Frames;

    public int TurnsInFlightMax => _context.Options.TurnsInFlightMax;

    /// <summary>What reading passivated claims back came to.</summary>
    public ReadBackFigures ReadBackFigures { get; } = new();

    /// <summary>As it was when last opened and changed since; the empty state before.</summary>
    public PartitionState State { get; private set; }

    /// <summary>Done when the partition serves or is out of service; failed when the store failed before.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Counts what recovery applied: it stands still when the journal does not answer.</summary>
    public long Progress => Interlocked.Read(ref _progress);

    /// <summary>Commands that were taken and not answered.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Done when the partition takes no more commands, and all that it took are answered.</summary>
    public Task Answered => _answered.Task;

    /// <summary>The last failure; null where there was none.</summary>
    public PartitionFailure? Failure => _failure;

    /// <summary>Why the partition serves no more; null while it does, or will.</summary>
    public PartitionFailure? OutOfService => _outOfService;

    public bool IsServing => _actor is not null;

    /// <summary>A partition before its first record.</summary>
    public PartitionState NewState() => new(_context.Logic)
    {
        Outbox = !IsOfLedgers && _context.Identity.PartyShardCount > 0 ? new Outbox(Partition, _context.Post) : null,
        Ledgers = IsOfLedgers ? new LedgerBook(_context.Identity.ShardCount) : null,
    };

    public IncarnationStarted Started(long incarnation) =>
        new(incarnation, _context.Time.GetUtcNow().ToUnixTimeMilliseconds(), Environment.MachineName, PartitionRuntime.Build);

    public void Progressed() => Interlocked.Increment(ref _progress);

    /// <summary>The actor serves from now on.</summary>
    public void Open(IActorRef actor, PartitionState state)
    {
        State = state;
        _actor = actor;
        _opened.TrySetResult();
    }

    /// <summary>The actor serves no more.</summary>
    public void Close() => _actor = null;

    /// <summary>Keeps why the actor is about to stop, before anyone is answered.</summary>
    public void Fail(Exception cause, PartitionStage stage)
    {
        var failure = PartitionFailure.Of(_context.Journal.Path, PersistenceId, cause, stage);
        _failure = failure;
        _context.Writes.Fail(failure.Error);
    }

    /// <summary>The partition comes back no more.</summary>
    public void TakeOutOfService(PartitionFailure why)
    {
        _outOfService = why;
        _opened.TrySetResult();
    }

    /// <summary>The store failed before the partition served for the first time: the start has failed, and its caller is told instead of waiting for a better store.</summary>
    public void FailStart(PartitionFailure why) => _opened.TrySetException(why.Error);

    /// <summary>Takes no more commands.</summary>
    public void End()
    {
        _isEnded = true;
        ReturnCredit(0);
    }

    /// <summary>Where commands go: to the actor, and to the supervisor while it does not serve.</summary>
    public IActorRef Target(IActorRef supervisor) => _actor ?? supervisor;

    /// <summary>Takes credit for up to <paramref name="wanted"/> commands, and returns for how many.</summary>
    /// <remarks>Counted before the end is looked at: who ends the runtime looks the other way round, so one of the two sees the other.</remarks>
    public int TakeCredit(int wanted)
    {
        var before = Interlocked.Add(ref _underWay, wanted) - wanted;
        var taken = _isEnded ? 0 : Math.Clamp(_context.Options.MailboxMessagesMax - before, 0, wanted);
        ReturnCredit(wanted - taken);
        return taken;
    }

    /// <summary>Gives answers to their recipients, and their credit back.</summary>
    public void Give(IReadOnlyList<Answer> answers)
    {
        var credit = 0;
        for (var i = 0; i < answers.Count; i++)
        {
            // What ledgers tell claims is decided like a command, and no sender took credit for it.
            if (answers[i].ReplyTo is not NoReply)
                credit++;
        }

        ReturnCredit(credit);
        for (var i = 0; i < answers.Count; i++)
        {
            var answer = answers[i];
            answer.ReplyTo.OnReply(answer.Student, answer.Reply);
        }
    }

    private void ReturnCredit(int credit)
    {
        if (Interlocked.Add(ref _underWay, -credit) == 0 && _isEnded)
            _answered.TrySetResult();
    }

    /// <summary>Answers commands that no actor will decide.</summary>
    public void GiveUnknown(Envelope[] envelopes) => Give(Array.ConvertAll(envelopes, envelope => PartitionCore.Unknown(envelope)));

    /// <summary>A turn is durable.</summary>
    public void Wrote(TimeSpan time) => _context.Writes.Record(time);

    /// <summary>Reads back what the core needs.</summary>
    /// <exception cref="JournalUnavailableException">The store does not answer.</exception>
    public ReadResult[] ReadBack(IReadOnlyList<ReadRequest> requests, FrameSource source)
    {
        var start = _context.Time.GetTimestamp();
        var reader = new RecordReader(Logic, () => new PartitionState(Logic));
        ReadResult[] results = [.. reader.Read(requests, source)];
        lock (ReadBackFigures)
        {
            ReadBackFigures.Add(reader.ClaimsRead, reader.RecordsRead);
            ReadBackFigures.Add(_context.Time.GetElapsedTime(start));
        }

        return results;
    }
}

/// <summary>Writes of all partitions of a runtime, and how the store failed.</summary>
internal sealed class WriteFigures
{
    private readonly Lock _lock = new();
    private JournalException? _fault;

    public LatencyHistogram Latency { get; } = new();

    /// <summary>The first failure; null where nothing failed. Kept although partitions come back: it is why their commands were answered unknown.</summary>
    public JournalException? Fault => Volatile.Read(ref _fault);

    public void Record(TimeSpan time)
    {
        lock (_lock)
            Latency.Record(time);
    }

    public void Fail(JournalException error) => Interlocked.CompareExchange(ref _fault, error, null);
}
