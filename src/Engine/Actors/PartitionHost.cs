using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>What a partition's actor is made from, and what is known of it outside.</summary>
internal sealed class PartitionHost(int partition, int students, int parties, IActorLogic logic, EngineOptions options, PostOffice post, FrameTable table, WriteFigures figures)
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    public int Partition => partition;

    public string PersistenceId { get; } = partition < students ? $"partition-{partition}" : $"ledgers-{partition - students}";

    public IActorLogic Logic => logic;

    public TurnLimits Limits { get; } = new(options.MailboxMessagesMax, options.TurnDeadlinesMax, options.TurnBytesMax);

    public IRelay Relay => post;

    public PostOffice Post => post;

    public FrameTable Table => table;

    public WriteFigures Figures => figures;

    public int TurnsInFlightMax => options.TurnsInFlightMax;

    public ReadBackFigures ReadBack { get; } = new();

    public PartitionState State { get; private set; } = null!;

    public Task Open => _open.Task;

    public PartitionState NewState() => new(logic, partition < students ? Buckets : 1)
    {
        Outbox = partition < students && parties > 0 ? new Outbox(partition, post) : null,
        Ledgers = partition < students ? null : new LedgerBook(students),
    };

    public static readonly int Buckets = int.Parse(Environment.GetEnvironmentVariable("AMOE_BUCKETS") ?? "1");

    public void Opened(PartitionState state)
    {
        State = state;
        _open.TrySetResult();
    }

    /// <summary>Takes a credit for one message; false when too many wait.</summary>
    public bool TryTakeCredit()
    {
        if (Interlocked.Increment(ref _waiting) <= options.MailboxMessagesMax)
            return true;
        Interlocked.Decrement(ref _waiting);
        return false;
    }

    public void Answered(int count) => Interlocked.Add(ref _waiting, -count);
}

/// <summary>Writes of all partitions.</summary>
internal sealed class WriteFigures
{
    private readonly Lock _lock = new();

    public LatencyHistogram Latency { get; } = new();

    public long Bytes { get; private set; }

    public void Record(TimeSpan time, int bytes)
    {
        lock (_lock)
        {
            Latency.Record(time);
            Bytes += bytes;
        }
    }
}
