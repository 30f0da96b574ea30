namespace Amoe.Engine.Actors;

/// <summary>
/// Figures on the reactivation of claims. Written by the thread that runs a partition; a moving picture to others.
/// </summary>
public sealed class ReadBackFigures
{
    /// <summary>Claims read.</summary>
    public long Claims { get; private set; }

    /// <summary>Records of claims read.</summary>
    public long Records { get; private set; }

    /// <summary>Time spent reading them, fetching and decoding.</summary>
    public TimeSpan Time { get; private set; }

    internal void Add(long claims, long records) => (Claims, Records) = (Claims + claims, Records + records);

    internal void Add(TimeSpan time) => Time += time;

    internal void Add(ReadBackFigures other)
    {
        Add(other.Claims, other.Records);
        Add(other.Time);
    }
}
