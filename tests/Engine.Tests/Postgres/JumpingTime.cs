namespace Amoe.Engine.Tests.Postgres;

/// <summary>The machine's time, whose two clocks jump when a test says so, each on its own.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _monotonic;
    private long _wall;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref _monotonic);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _wall));

    /// <summary>As after a sleep that only this process slept.</summary>
    public void JumpMonotonic(TimeSpan by) => Interlocked.Add(ref _monotonic, by.Ticks);

    /// <summary>As when somebody sets the clock.</summary>
    public void JumpWall(TimeSpan by) => Interlocked.Add(ref _wall, by.Ticks);
}
