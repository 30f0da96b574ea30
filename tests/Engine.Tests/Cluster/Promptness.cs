namespace Amoe.Engine.Tests.Cluster;

/// <summary>How long that waits for an answer which was sent while all was well: for a while only, whatever had gone wrong before.</summary>
/// <param name="isWell">There are no faults any more, and every shard is served.</param>
/// <param name="most">Longer than it takes to give up, one after the other, hosts and links that say nothing.</param>
internal sealed class Promptness(World world, Witness witness, Func<bool> isWell, TimeSpan most)
{
    /// <summary>When something is sent; null where nothing can be expected.</summary>
    public TimeSpan? Begin() => isWell() ? world.Now : null;

    /// <summary>It was answered.</summary>
    public void End(TimeSpan? begun, object what)
    {
        if (begun is { } since)
            witness.Waited(what, world.Now - since, most);
    }
}
