using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Event;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Has a host leave, and say why, when one of its actors fails in a way that none of them expects. The framework would
/// begin such an actor anew without a word: partitions that had asked the former one for a day would wait without end.
/// </summary>
/// <remarks>
/// Partitions are none of its business: their supervisor keeps why they failed, and starts them again.
/// </remarks>
internal sealed class FailureWatch : UntypedActor
{
    private readonly Action<string> _leave;

    /// <param name="leave">Has this host leave, for a reason in one line.</param>
    public FailureWatch(Action<string> leave) => _leave = leave;

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(Error));

    protected override void OnReceive(object message)
    {
        // A singleton's manager that waited too long for the former oldest host fails on purpose: the framework begins
        // it anew.
        if (message is Error { Cause: { } cause and not ClusterSingletonManagerIsStuckException } error
            && IsOurs(error.LogSource))
            _leave(
                $"an internal error of {error.LogSource} ({cause.GetType().Name}: {cause.Message.ReplaceLineEndings(" ")}): please report it");
    }

    /// <summary>
    /// The framework's own actors report what is no failure of this host, such as a connection that ended.
    /// </summary>
    private static bool IsOurs(string source) =>
        source.Contains("/user/", StringComparison.Ordinal)
            || source.Contains($"/system/sharding/{ClusterHost.RegionName}", StringComparison.Ordinal);
}
