using Akka.Actor;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Has the partitions of a host that leaves handed over a few at a time. Those that wait for their turn serve on:
/// handed over all at once, each would be silent until the other hosts had recovered the last of them.
/// </summary>
internal sealed class HandOvers : UntypedActor, IWithTimers
{
    /// <summary>Its name on every host.</summary>
    public const string Name = "hand-overs";

    // Hosts recover one or two at a time, and the next ones are on their way meanwhile.
    private const int AtOnce = 4;

    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(250);

    // A host that has taken a partition and does not say so is not waited for any longer.
    private static readonly TimeSpan _takenMax = TimeSpan.FromSeconds(1);

    // Sharding ends an entity that is to stop five seconds before its handoff-timeout of fifteen.
    private static readonly TimeSpan _waitMax = TimeSpan.FromSeconds(6);

    private readonly TimeProvider _time;
    private readonly Queue<Waiting> _waiting = new();

    // Partitions on the way to another host, and since when.
    private readonly Dictionary<int, long> _moving = [];

    public HandOvers(TimeProvider time) => _time = time;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HandOver wanted:
                _waiting.Enqueue(new Waiting(wanted.Partition, Sender, _time.GetTimestamp()));
                if (!Timers.IsTimerActive(nameof(Look)))
                    Timers.StartPeriodicTimer(nameof(Look), Look.Instance, TimeSpan.Zero, _lookEvery);
                break;
            case Taken taken:
                _moving.Remove(taken.Partition);
                break;
            case Look when _waiting.Count == 0:
                Timers.Cancel(nameof(Look));
                break;
            case Look:
                LetLateOnesBe();
                break;
            default:
                Unhandled(message);
                break;
        }

        while (_waiting.TryPeek(out var first)
            && (_moving.Count < AtOnce || _time.GetElapsedTime(first.Since) >= _waitMax))
            Go();
    }

    private void LetLateOnesBe()
    {
        foreach (var (partition, since) in _moving)
        {
            if (_time.GetElapsedTime(since) >= _takenMax)
                _moving.Remove(partition);
        }
    }

    private void Go()
    {
        var first = _waiting.Dequeue();
        _moving[first.Partition] = _time.GetTimestamp();
        first.Entity.Tell(HandOverNow.Instance, Self);
    }

    private readonly record struct Waiting(int Partition, IActorRef Entity, long Since);

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }
}

/// <summary>A partition that serves is to be handed over, and waits for its turn.</summary>
internal sealed record HandOver(int Partition);

/// <summary>It is a partition's turn to be handed over.</summary>
internal sealed class HandOverNow
{
    public static readonly HandOverNow Instance = new();
}
