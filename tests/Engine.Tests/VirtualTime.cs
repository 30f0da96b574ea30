namespace Amoe.Engine.Tests;

/// <summary>
/// Time that passes only when a test says so. What is due runs in the order of its times, and what is due at the same
/// time in the order in which it was asked for.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Begins = new(2025, 9, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Action, (long At, long Number)> _agenda = new();
    private long _asked;
    private long _now;
    private long _wall;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => new(GetTimestamp());

    /// <summary>When the next thing is due, since the beginning; null when nothing is.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_gate)
                return _agenda.TryPeek(out _, out var key) ? new TimeSpan(key.At) : null;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => Begins.AddTicks(GetTimestamp() + Volatile.Read(ref _wall));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new VirtualTimer(After, callback, state, dueTime, period);

    /// <summary>Sets the wall clock ahead, or back; no time passes.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _wall, by.Ticks);

    /// <summary>Has something done when a time has passed.</summary>
    public void After(TimeSpan delay, Action action)
    {
        lock (_gate)
            _agenda.Enqueue(action, (_now + Math.Max(0, delay.Ticks), _asked++));
    }

    /// <summary>Goes on to the next thing that is due, and does it; false when nothing is.</summary>
    public bool RunNext()
    {
        Action? action;
        lock (_gate)
        {
            if (!_agenda.TryDequeue(out action, out var key))
                return false;
            Volatile.Write(ref _now, Math.Max(_now, key.At));
        }

        action();
        return true;
    }

    /// <summary>Lets a time pass, and does what falls due in it.</summary>
    public void Advance(TimeSpan time)
    {
        var until = GetTimestamp() + time.Ticks;
        while (NextDue is { } due && due.Ticks <= until)
            RunNext();
        Volatile.Write(ref _now, until);
    }
}

/// <summary>A timer on somebody's agenda.</summary>
internal sealed class VirtualTimer : ITimer
{
    private readonly Action<TimeSpan, Action> _after;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private TimeSpan _period;
    private int _setting;

    /// <param name="after">Has something done after a time.</param>
    public VirtualTimer(
        Action<TimeSpan, Action> after, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        (_after, _callback, _state) = (after, callback, state);
        Change(dueTime, period);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        var setting = Interlocked.Increment(ref _setting);
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
            _after(dueTime, () => Fire(setting));
        return true;
    }

    public void Dispose() => Interlocked.Increment(ref _setting);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Fire(int setting)
    {
        // Set to another time since, or put away.
        if (setting != Volatile.Read(ref _setting))
            return;
        if (_period > TimeSpan.Zero)
            _after(_period, () => Fire(setting));
        _callback(_state);
    }
}
