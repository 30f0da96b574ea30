namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// A process that can be frozen, wakes with all that came in the meantime before it, and ends without a warning.
/// </summary>
/// <param name="place">Where it runs: a process that is started after it may have the same place.</param>
internal sealed class SimulatedProcess(VirtualTime time, string place)
{
    private readonly Queue<Action> _backlog = new();

    public string Place => place;

    public bool IsFrozen { get; private set; }

    public bool HasEnded { get; private set; }

    public void Freeze() => IsFrozen = true;

    public void Wake()
    {
        IsFrozen = false;
        while (!IsFrozen && _backlog.TryDequeue(out var action))
            Run(action);
    }

    public void End() => HasEnded = true;

    /// <summary>Does something after a time, or when it wakes after that, unless it has ended by then.</summary>
    public void After(TimeSpan delay, Action action) => time.After(delay, () => Run(action));

    public void Run(Action action)
    {
        if (HasEnded)
            return;
        if (IsFrozen)
            _backlog.Enqueue(action);
        else
            action();
    }
}
