namespace Amoe.Engine.Akka.Watch;

/// <summary>A number that many threads change and one reads.</summary>
internal sealed class Gauge
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(long change) => Interlocked.Add(ref _value, change);
}
