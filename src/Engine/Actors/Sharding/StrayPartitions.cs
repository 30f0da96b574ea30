using Akka.Actor;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Lets go of a partition that this host holds and that sharding has given to another host, which asks for it.
/// </summary>
/// <remarks>
/// Where the coordinator moves in the middle of a hand-off, sharding can start a partition on two hosts. The second one
/// waits for the first one's holding, and no message tells the first region that it is the wrong one: it would keep the
/// partition for good, without a sender that reaches it. That host leaves, and joins again.
/// </remarks>
internal sealed class StrayPartitions : UntypedActor
{
    /// <summary>Its name on every host.</summary>
    public const string Name = "strays";

    private readonly HostContext _context;
    private readonly Action<string> _leave;

    /// <param name="leave">Has this host leave, for a reason in one line.</param>
    public StrayPartitions(HostContext context, Action<string> leave) => (_context, _leave) = (context, leave);

    protected override void OnReceive(object message)
    {
        if (message is not LetGo letGo)
            Unhandled(message);
        else if (!_context.Has(letGo.Partition))
            _ = _context.Holdings.LetGoAsync(letGo.Partition, () => _context.Has(letGo.Partition));
        else if (_context.Here.Any(partition => partition.Partition == letGo.Partition && partition.IsServing))
            _leave($"partition {letGo.Partition} is another host's by now, and this one still held it");
    }
}
