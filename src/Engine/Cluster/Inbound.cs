using Amoe.Engine.Bytes;

namespace Amoe.Engine.Cluster;

/// <summary>
/// What other processes send to this host, by process and shard. Of each only the last session is kept, and of the processes only so many: one that is
/// forgotten and still there begins a new session, and what it sends twice is decided once.
/// </summary>
internal sealed class Inbound(int shards, int studentShards, Lanes lanes, IInboundTarget fromHosts, IInboundTarget fromClients)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Source> _sources = [];
    private long _heard;

    /// <summary>Takes a frame of items, of whose beginning the type was read.</summary>
    /// <exception cref="InvalidDataException">It makes no sense.</exception>
    public void OnItems(ILink from, ref ByteReader r)
    {
        var source = Find(r.UInt64());
        var sender = lanes.SenderOf(from);
        var target = from.IsHost ? fromHosts : fromClients;
        while (!r.AtEnd)
        {
            var part = (FramePart)r.Byte();
            var (shard, session, number) = (r.Int(), (long)r.Varint(), (long)r.Varint());
            if ((uint)shard >= (uint)shards)
                throw new InvalidDataException($"an item for shard {shard}, of {shards}");
            switch (part)
            {
                case FramePart.Items:
                    Take(source.Begin(shard, session, number, sender, target, lanes.Options.LaneItemsMax), shard, number, ref r);
                    break;
                case FramePart.Probe when source.Find(shard, session) is { } known:
                    known.Probe(number);
                    break;
                case FramePart.Probe:
                    sender.Bounce(shard, session, number, BounceReason.Gap);
                    break;
                default:
                    throw new InvalidDataException($"an item of type {(int)part}, which this version does not know");
            }
        }
    }

    private void Take(InboundSession? session, int shard, long number, ref ByteReader r)
    {
        session?.ShowWay();
        for (var first = r.Byte(); first != 0; first = r.Byte())
        {
            var (envelope, remaining) = Frames.ReadItem(ref r, first);
            if (envelope.Command is { } command && command.Student.ShardOf(studentShards) != shard)
                throw new InvalidDataException($"a command of student {command.Student} for shard {shard}, which is not his");
            session?.Take(number++, envelope, remaining);
        }
    }

    private Source Find(ulong id)
    {
        lock (_gate)
        {
            if (!_sources.TryGetValue(id, out var source))
            {
                if (_sources.Count >= lanes.Options.SourcesMax)
                    _sources.Remove(_sources.MinBy(known => known.Value.HeardAt).Key);
                _sources[id] = source = new Source(shards);
            }

            source.HeardAt = ++_heard;
            return source;
        }
    }

    /// <summary>Another process, and the last session it began with each shard.</summary>
    private sealed class Source(int shards)
    {
        private readonly Lock _gate = new();
        private readonly InboundSession?[] _sessions = new InboundSession?[shards];

        public long HeardAt { get; set; }

        /// <summary>The session that items are of; null where it is none that can be taken from.</summary>
        public InboundSession? Begin(int shard, long number, long firstItem, LinkSender sender, IInboundTarget target, int itemsMax)
        {
            lock (_gate)
            {
                var known = _sessions[shard];
                if (known?.Number == number)
                    return known;

                // A late frame of an earlier session: all of it that matters is sent again in this one.
                if (known?.Number > number)
                    return null;
                if (firstItem == 0)
                    return _sessions[shard] = new InboundSession(shard, number, sender, target, itemsMax);
            }

            // Its beginning is lost, or still on the way: nothing may be taken out of order.
            sender.Bounce(shard, number, firstItem, BounceReason.Gap);
            return null;
        }

        public InboundSession? Find(int shard, long number)
        {
            lock (_gate)
                return _sessions[shard] is { } known && known.Number == number ? known : null;
        }
    }
}
