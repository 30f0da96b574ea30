using Akka.Actor;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// The state of a persistent actor as seen from outside: whether it serves, and why it stopped. It outlives the actor,
/// which is another one after each failure.
/// </summary>
internal abstract class ActorHost(string persistenceId, PartitionJournal journal, StoreWatch store)
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IActorRef? _actor;
    private volatile ActorFailure? _failure;
    private volatile Unserved? _outOfService;
    private long _progress;

    public string PersistenceId { get; } = persistenceId;

    protected PartitionJournal Journal => journal;

    /// <summary>Makes the actor.</summary>
    public abstract Props Props { get; }

    /// <summary>Done when the actor serves or is out of service; failed when the store failed before.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Counts what recovery applied: it does not grow while the journal does not answer.</summary>
    public long Progress => Interlocked.Read(ref _progress);

    /// <summary>The last failure; null where there was none.</summary>
    public ActorFailure? Failure => _failure;

    /// <summary>Why the actor serves no more; null while it does, or will.</summary>
    public ActorFailure? OutOfService => _outOfService?.Why;

    /// <summary>Since when it is out of service; null while it is not.</summary>
    public DateTimeOffset? OutOfServiceSince => _outOfService?.Since;

    public bool IsServing => _actor is not null;

    /// <summary>True when nothing more is waited for: it serves, or is out of service.</summary>
    public bool HasCome => IsServing || OutOfService is not null;

    /// <summary>Where its messages go: to the actor, and to the supervisor while it does not serve.</summary>
    public IActorRef Target(IActorRef supervisor) => _actor ?? supervisor;

    public void Progressed() => Interlocked.Increment(ref _progress);

    /// <summary>The actor serves from now on.</summary>
    public void Open(IActorRef actor)
    {
        _actor = actor;
        _opened.TrySetResult();
    }

    /// <summary>The actor serves no more.</summary>
    public void Close() => _actor = null;

    /// <summary>Keeps why the actor is about to stop, before anyone is answered.</summary>
    public void Fail(Exception cause, ActorStage stage)
    {
        var failure = ActorFailure.Of(journal, PersistenceId, cause, stage);
        _failure = failure;
        store.Failed(failure.Error);
    }

    /// <summary>The actor comes back no more by itself.</summary>
    public void TakeOutOfService(ActorFailure why)
    {
        _outOfService = new Unserved(why, store.Now);
        _opened.TrySetResult();
    }

    /// <summary>The actor is tried again.</summary>
    public void ReturnToService() => _outOfService = null;

    /// <summary>
    /// The store failed before the actor served for the first time: the start has failed, and its caller learns of it
    /// instead of waiting for a better store.
    /// </summary>
    public void FailStart(ActorFailure why) => _opened.TrySetException(why.Error);

    private sealed record Unserved(ActorFailure Why, DateTimeOffset Since);
}

/// <summary>Where an actor failed: what a failure means depends on it.</summary>
internal enum ActorStage
{
    /// <summary>The journal is read.</summary>
    Recovering,

    /// <summary>The journal was read, and the incarnation is written.</summary>
    Opening,

    /// <summary>Messages are decided.</summary>
    Serving,
}
