using Amoe.Engine.Actors;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Wire;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Cluster;

/// <summary>
/// Sends commands to a cluster from outside: any host takes any command, so shards are spread over the hosts it was given, and go to the next one where a host
/// does not answer. A host says who has a shard, and from then on its commands go there without a stop.
/// </summary>
internal sealed class ClusterClient : ICommandTarget, ILinkListener, IRoutes, IDisposable
{
    private readonly string[] _endpoints;

    // By shard, which host it goes to.
    private readonly int[] _hosts;
    private readonly long[] _failedAt;
    private readonly TimeProvider _time;
    private readonly TimeSpan _distrust;
    private readonly Lanes _lanes;

    /// <param name="endpoints">Hosts of the cluster: at least one.</param>
    /// <param name="studentShards">As the cluster has them.</param>
    /// <param name="source">Tells this process from all others that ever speak to the cluster, a later life of itself too: drawn once when it starts.</param>
    /// <param name="dispatcher">Runs what looks after lanes and links.</param>
    public ClusterClient(
        IReadOnlyList<string> endpoints, int studentShards, int partyShards, ulong source, ForwardOptions options, TimeProvider time, IDispatcher dispatcher)
    {
        (_endpoints, ShardCount, PartyShardCount) = ([.. endpoints], studentShards, partyShards);
        (_time, _distrust) = (time, 2 * options.SilenceMax);
        _failedAt = new long[_endpoints.Length];
        Array.Fill(_failedAt, time.GetTimestamp() - (time.TimestampFrequency * 3_600));
        _hosts = [.. Enumerable.Range(0, studentShards + partyShards).Select(shard => shard % _endpoints.Length)];
        _lanes = new Lanes(_hosts.Length, source, this, options, time, dispatcher);
    }

    /// <summary>Begins to send over links, which tell it of what comes.</summary>
    public void Start(ILinks links) => _lanes.Start(links);

    public int ShardCount { get; }

    public int PartyShardCount { get; }

    public bool TryPost(Command command, IReplyTo replyTo)
    {
        if (!CommandCodec.CanWrite(command))
            throw new ArgumentOutOfRangeException(nameof(command), $"{command.Id} has more than {CommandCodec.LinesMax} lines, which is more than can be sent to a host");
        return _lanes.TryPost(command.Student.ShardOf(ShardCount), new Envelope(command, CommandKind.None, default, replyTo));
    }

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo) => _lanes.TryPost(shard, Envelope.OfDay(mark, day, replyTo));

    public void OnFrame(ILink from, ReadOnlyMemory<byte> frame)
    {
        var r = new ByteReader(frame.Span);
        if (Frames.ReadType(ref r) is var type && type != FrameType.Answers)
            throw new InvalidDataException($"a frame of type {(int)type}, which a client does not take");
        _lanes.OnAnswers(from, ref r);
    }

    public void OnDown(ILink link) => _lanes.OnDown(link);

    /// <summary>Looks after nothing any more.</summary>
    public void Dispose() => _lanes.Dispose();

    Route IRoutes.RouteOf(int shard)
    {
        var host = Volatile.Read(ref _hosts[shard]);
        return new Route(host + 1, _endpoints[host]);
    }

    void IRoutes.Unreachable(int shard, Route route)
    {
        var host = (int)route.Owner - 1;
        Volatile.Write(ref _failedAt[host], _time.GetTimestamp());
        Interlocked.CompareExchange(ref _hosts[shard], (host + 1) % _endpoints.Length, host);
    }

    void IRoutes.Learn(int shard, string endpoint)
    {
        // Where it did not answer a moment ago, others may not have noticed yet.
        var host = Array.IndexOf(_endpoints, endpoint);
        if (host >= 0 && _time.GetElapsedTime(Volatile.Read(ref _failedAt[host])) >= _distrust)
            Volatile.Write(ref _hosts[shard], host);
    }

    PostOutcome IRoutes.PostHere(int shard, in Envelope envelope, IGated waiter, ref MailboxLife? life) =>
        throw new InvalidOperationException("a client has no shards");
}
