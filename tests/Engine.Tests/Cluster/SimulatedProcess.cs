using Amoe.Engine.Actors;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>
/// A process of the simulated cluster, host or client: its threads, its clock and its end. Killed, nothing of it ever runs again and its memory is lost; frozen, it
/// stands still and then goes on as if no time had passed.
/// </summary>
internal sealed class SimulatedProcess
{
    private readonly World _world;

    public SimulatedProcess(World world, string name, int number)
    {
        (_world, Name, Number) = (world, name, number);
        Clock = new HostClock(world, this);
        Context = new WorldContext(this);
    }

    public string Name { get; }

    public int Number { get; }

    public HostClock Clock { get; }

    public SynchronizationContext Context { get; }

    public bool IsDead { get; private set; }

    public TimeSpan FrozenUntil { get; private set; }

    public bool IsFrozen => FrozenUntil > _world.Now;

    /// <summary>It was frozen until just now: its connections have to be made anew.</summary>
    public bool IsWaking => FrozenUntil > TimeSpan.Zero && _world.Now < FrozenUntil + TimeSpan.FromMilliseconds(50);

    public void Kill() => IsDead = true;

    public void Freeze(TimeSpan time) => FrozenUntil = _world.Now + time;

    /// <summary>Does something here and now, as a step of the process.</summary>
    public T Run<T>(Func<T> function)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(Context);
        var result = function();
        SynchronizationContext.SetSynchronizationContext(before);
        return result;
    }

    /// <summary>Has something done here after a time.</summary>
    public void After(TimeSpan delay, StepKind kind, long detail, Action action) => _world.After(delay, this, kind, detail, action);

    /// <summary>Threads of its own, each item of which takes some time to come to run.</summary>
    public IDispatcher Dispatcher(StepKind kind, Func<TimeSpan> delay) => new ProcessDispatcher(this, kind, delay);

    private sealed class ProcessDispatcher(SimulatedProcess process, StepKind kind, Func<TimeSpan> delay) : IDispatcher
    {
        private int _waiting;

        public bool IsBusy => _waiting > 0;

        public Action? Idle { get; set; }

        public void Dispatch(WorkItem item)
        {
            _waiting++;
            process.After(delay(), kind, item is Shard shard ? shard.Index : -1, () =>
            {
                _waiting--;
                item.Execute();
                if (_waiting == 0)
                    Idle?.Invoke();
            });
        }

        // Whoever waits goes on when the world comes to it.
        public Task Await(Task condition) => condition;
    }

    /// <summary>What a process awaits goes on here, as a step of the world, and never on another thread.</summary>
    private sealed class WorldContext(SimulatedProcess process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => process.After(TimeSpan.Zero, StepKind.Work, -2, () => d(state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);
    }
}

/// <summary>A process's clock: its wall time is wrong and jumps, and its stamps run a little too fast or too slow. Timers follow the stamps.</summary>
internal sealed class HostClock(World world, SimulatedProcess process) : TimeProvider
{
    private static readonly DateTimeOffset Begins = new(2025, 9, 1, 8, 0, 0, TimeSpan.Zero);

    private TimeSpan _jumped;
    private TimeSpan _wallError;

    /// <summary>Thousandths by which it is too fast.</summary>
    public int FastThousandths { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Local(world.Now) + _jumped.Ticks;

    public override DateTimeOffset GetUtcNow() => Begins.AddTicks(Local(world.Now)) + _wallError;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new VirtualTimer(After, callback, state, dueTime, period);

    /// <summary>Somebody sets the wall clock.</summary>
    public void SetWall(TimeSpan error) => _wallError = error;

    /// <summary>The stamps leap ahead, as after a machine was suspended; they never go back.</summary>
    public void Leap(TimeSpan time) => _jumped += time;

    private void After(TimeSpan time, Action action) =>
        process.After(new TimeSpan(time.Ticks * 1_000 / (1_000 + FastThousandths)), StepKind.Timer, 0, action);

    private long Local(TimeSpan time) => time.Ticks + (time.Ticks / 1_000 * FastThousandths);
}
