using Akka.Actor;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Ends the partitions of a host that leaves, and its region, once no host stays. Sharding would hand the partitions
/// over one by one, and each step needs an answer of hosts that are ending themselves: one that came too late waited
/// until sharding gave up.
/// </summary>
internal sealed class LeavingTogether : UntypedActor, IWithTimers
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(250);

    private readonly Func<IEnumerable<IActorRef>> _entities;
    private readonly IActorRef _region;
    private readonly Func<bool> _isAnyStaying;
    private bool _isLooking;

    /// <param name="entities">The partitions that are here, served or on the way to it.</param>
    /// <param name="region">Takes part in the cluster's sharding for this host.</param>
    /// <param name="isAnyStaying">Asks the database, and may block, whether any other host takes partitions.</param>
    public LeavingTogether(Func<IEnumerable<IActorRef>> entities, IActorRef region, Func<bool> isAnyStaying) =>
        (_entities, _region, _isAnyStaying) = (entities, region, isAnyStaying);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, TimeSpan.Zero, _lookEvery);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look:
                if (!_isLooking)
                    Task.Run(_isAnyStaying).PipeTo(
                        Self, success: isAny => new Looked(isAny), failure: _ => new Looked(IsAnyStaying: true));
                _isLooking = true;
                break;
            case Looked looked:
                _isLooking = false;
                if (!looked.IsAnyStaying)
                    End();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A partition that comes back meanwhile, asked for by a sender, is met at the next look.</summary>
    private void End()
    {
        var entities = _entities().ToList();
        foreach (var entity in entities)
            entity.Tell(HandOverNow.Instance, Self);
        if (entities.Count == 0)
            Context.Stop(_region);
    }

    /// <param name="IsAnyStaying">True as well where the database does not say.</param>
    private sealed record Looked(bool IsAnyStaying);

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }
}
