using Akka.Actor;
using Akka.Persistence;
using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Envelope = Amoe.Engine.Partitions.Envelope;

namespace Amoe.Engine.Actors;

/// <summary>The objects that the actors of a runtime share.</summary>
internal sealed class PartitionContext
{
    /// <param name="logic">What decides under a rulebook.</param>
    /// <param name="warn">Receives, in one line, what is odd and does no harm.</param>
    public PartitionContext(
        PartitionJournal journal, Func<Rulebook, IActorLogic> logic, EngineOptions options, TimeProvider time,
        Action<string> warn)
    {
        (Journal, Options, Time, Warn) = (journal, options, time, warn);
        Store = new StoreWatch(journal, time, warn);
        Snapshots = JournalPlugins.SnapshotsOf(journal, warn);
        Own = new JournalHost(journal, logic, Store);
        Relay = new Relay(Identity.StudentPartitions, Identity.LedgerPartitions);
    }

    public PartitionJournal Journal { get; }

    public ISnapshotPlace Snapshots { get; }

    public JournalIdentity Identity => Journal.Identity;

    public EngineOptions Options { get; }

    public TimeProvider Time { get; }

    /// <summary>Takes one line for a person, of what is odd or out of service.</summary>
    public Action<string> Warn { get; }

    /// <summary>The journal's own actor.</summary>
    public JournalHost Own { get; }

    public Relay Relay { get; }

    /// <summary>Opens days for a host's partitions; null where they ask the journal's own actor directly.</summary>
    public IActorRef? DayOpener { get; set; }

    public StoreWatch Store { get; }

    /// <summary>How long writes took.</summary>
    public WriteFigures Writes { get; } = new();

    /// <summary>Null where no one can look at instruments: in a simulation.</summary>
    public EngineMeter? Meter { get; init; }
}

/// <summary>
/// The parts of a partition's actor, and its state as seen from outside, with the number of commands under way to it.
/// </summary>
internal sealed class PartitionHost : ActorHost
{
    public const string SnapshotPlugin = "akka.persistence.snapshot-store.sql";

    private readonly PartitionContext _context;
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isEnded;
    private int _underWay;
    private long _incarnation;

    public PartitionHost(int partition, PartitionContext context)
        : base(context.Identity.PersistenceIdOf(partition), context.Journal, context.Store)
    {
        (Partition, _context) = (partition, context);
        IsOfLedgers = partition >= context.Identity.StudentPartitions;
        State = NewState();
        Quarantines = new QuarantineTimes(context.Time);
    }

    public int Partition { get; }

    public bool IsOfLedgers { get; }

    public override Props Props =>
        IsOfLedgers ? Props.Create(() => new LedgerPartitionActor(this)) : Props.Create(() => new PartitionActor(this));

    /// <summary>For replaying, which no rulebook decides.</summary>
    public IActorLogic Logic => _context.Own.Logic;

    public TurnLimits Limits => _context.Options.TurnLimits;

    public Relay Relay => _context.Relay;

    public FrameTable Table => _context.Journal.Frames;

    public int TurnsInFlightMax => _context.Options.TurnsInFlightMax;

    public TimeSpan WriteHeldMax => _context.Options.WriteHeldMax;

    public int SnapshotEveryBytes => _context.Options.SnapshotEveryBytes;

    /// <summary>A partition's share of the frames that are kept; ledgers read none back.</summary>
    public long RecentBytesMax =>
        IsOfLedgers ? 0 : _context.Options.RecentBytesMax / _context.Identity.StudentPartitions;

    public ISnapshotPlace Snapshots => _context.Snapshots;

    /// <summary>Figures on the reactivation of claims.</summary>
    public ReadBackFigures ReadBackFigures { get; } = new();

    /// <summary>As it was when last opened and changed since; the empty state before.</summary>
    public PartitionState State { get; private set; }

    /// <summary>Since when students are out of service.</summary>
    public QuarantineTimes Quarantines { get; }

    /// <summary>Its parent where hosts share the journal: starts it again when it is out of service.</summary>
    public IActorRef Entity { get; set; } = ActorRefs.Nobody;

    /// <summary>Commands that were taken and not answered.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Done when the partition takes no more commands, and all that it took are answered.</summary>
    public Task Answered => _answered.Task;

    /// <summary>A partition before its first record.</summary>
    public PartitionState NewState() => new(Logic)
    {
        Outbox = !IsOfLedgers && _context.Identity.LedgerPartitions > 0 ? new Outbox(Partition, _context.Relay) : null,
        Ledgers = IsOfLedgers ? new LedgerBook(_context.Identity.StudentPartitions) : null,
    };

    public IncarnationStarted Started(long incarnation) =>
        new(
            incarnation, _context.Time.GetUtcNow().ToUnixTimeMilliseconds(), Environment.MachineName,
            PartitionRuntime.Build);

    /// <summary>The incarnation that serves, or served last; 0 before the first.</summary>
    public long Incarnation => Interlocked.Read(ref _incarnation);

    /// <summary>The state that the next actor has recovered, and as which incarnation it serves.</summary>
    public void Take(PartitionState state, long incarnation)
    {
        State = state;
        Quarantines.Note(state.Quarantined);
        Interlocked.Exchange(ref _incarnation, incarnation);
        _context.Meter?.Start();
    }

    /// <summary>True while no other process can have taken the journal over; false where that is not known.</summary>
    /// <exception cref="JournalException">Another has.</exception>
    public bool HasLease() => Journal.Lease.Lost is { } lost ? throw new JournalException(lost) : Journal.Lease.IsHeld;

    /// <summary>Makes sure that no other process can have taken the journal over.</summary>
    /// <exception cref="JournalException">Another process has, or it is not known.</exception>
    public void RequireLease()
    {
        if (!HasLease())
            throw new JournalUnavailableException(
                $"{Journal.Name}: nothing was heard of it for too long to answer for it. Check its server and the network between.");
    }

    /// <summary>
    /// The actor that opens days: the journal's own or, where hosts share the journal, the one that asks it for them.
    /// </summary>
    public IActorRef Days(IActorRef supervisor) => _context.DayOpener ?? _context.Own.Target(supervisor);

    /// <inheritdoc cref="JournalHost.Decides"/>
    public OpenDays Decides(int rulebook, DateOnly through) => _context.Own.Decides(rulebook, through);

    /// <summary>The days open to the partition once it has recovered, and their deciders.</summary>
    public OpenDays Recovered(PartitionState state) =>
        Decides(state.Rulebook, _context.DayOpener is null ? state.Day : OpenDays.RecoveredThrough(state));

    /// <summary>Takes no more commands.</summary>
    public void End()
    {
        _isEnded = true;
        ReturnCredit(0);
    }

    /// <summary>Takes credit for up to <paramref name="wanted"/> commands, and returns for how many.</summary>
    /// <remarks>
    /// Counts before it reads whether the runtime has ended. The end is set before the count is read, so one of the two
    /// sees the other.
    /// </remarks>
    public int TakeCredit(int wanted)
    {
        var before = Interlocked.Add(ref _underWay, wanted) - wanted;
        var taken = _isEnded ? 0 : Math.Clamp(_context.Options.MailboxMessagesMax - before, 0, wanted);
        if (taken < wanted)
        {
            ReturnCredit(wanted - taken);
            _context.Meter?.RefuseCredit(wanted - taken);
        }

        return taken;
    }

    /// <summary>Counts commands that came in sessions, whose windows bound them.</summary>
    public void CountUnderWay(int commands) => Interlocked.Add(ref _underWay, commands);

    /// <summary>Gives answers to their recipients, and their credit back.</summary>
    public void Give(IReadOnlyList<Answer> answers)
    {
        var credit = 0;
        for (var i = 0; i < answers.Count; i++)
        {
            // A notice of a ledger to a claim is decided like a command, and no sender took credit for it.
            if (answers[i].ReplyTo is not NoReply)
                credit++;
        }

        ReturnCredit(credit);
        _context.Meter?.Answer(answers);
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
    public void GiveUnknown(Envelope[] envelopes) =>
        Give(Array.ConvertAll(envelopes, envelope => PartitionCore.Unknown(envelope)));

    /// <summary>Keeps a snapshot. The sender learns how that ended.</summary>
    /// <returns>False where there is no file for it.</returns>
    public bool TrySave(PersistedSnapshot snapshot, long sequenceNumber, IActorContext sender)
    {
        if (!Snapshots.TryMake())
            return false;
        SnapshotStore(sender).Tell(
            new SaveSnapshot(
                new SnapshotMetadata(PersistenceId, sequenceNumber, _context.Time.GetUtcNow().UtcDateTime), snapshot),
            sender.Self);
        return true;
    }

    /// <summary>Deletes the snapshots up to a sequence number.</summary>
    public void DeleteSnapshots(long through, IActorContext sender) =>
        SnapshotStore(sender).Tell(
            new DeleteSnapshots(PersistenceId, new SnapshotSelectionCriteria(through)), sender.Self);

    /// <summary>A turn is durable.</summary>
    /// <param name="bytes">Of its frame.</param>
    /// <param name="commands">That it answers.</param>
    public void Wrote(TimeSpan time, int bytes, int commands)
    {
        _context.Writes.Record(time);
        _context.Meter?.Commit(time, bytes, commands);
    }

    // An actor's own store is fixed when it recovers, before there may be a file.
    private static IActorRef SnapshotStore(IActorContext context) =>
        Persistence.Instance.Apply(context.System).SnapshotStoreFor(SnapshotPlugin);

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

        _context.Meter?.ReadBack(_context.Time.GetElapsedTime(start));
        return results;
    }
}

/// <summary>Writes of all partitions of a runtime.</summary>
internal sealed class WriteFigures
{
    private readonly Lock _lock = new();

    public LatencyHistogram Latency { get; } = new();

    public void Record(TimeSpan time)
    {
        lock (_lock)
            Latency.Record(time);
    }
}
