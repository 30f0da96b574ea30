namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>Something that can freeze, wake with all that came in the meantime before it, and end.</summary>
internal abstract class SimulatedActor(SessionWorld world)
{
    private readonly Queue<Action> _backlog = new();
    private bool _isFrozen;

    public bool IsEnded { get; private set; }

    protected SessionWorld World => world;

    public void Freeze() => _isFrozen = true;

    public void Wake()
    {
        _isFrozen = false;
        while (!_isFrozen && _backlog.TryDequeue(out var action))
            Run(action);
    }

    public void End() => IsEnded = true;

    /// <summary>Does something after a time, unless it has ended by then.</summary>
    protected void After(TimeSpan delay, Action action) => world.Time.After(delay, () => Run(action));

    protected void Run(Action action)
    {
        if (IsEnded)
            return;
        if (_isFrozen)
            _backlog.Enqueue(action);
        else
            action();
    }
}
