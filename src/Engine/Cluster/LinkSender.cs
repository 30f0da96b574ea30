using Amoe.Engine.Actors;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Cluster;

/// <summary>
/// What goes out over one link: answers as they come, and what lanes have to send, of many lanes in one frame. A frame that the link does not take is kept and
/// offered again; what waits behind it is bounded by the lanes' windows.
/// </summary>
/// <remarks>Its lock is never held while a lane's is asked for.</remarks>
internal sealed class LinkSender(ILink link, Lanes lanes, IDispatcher dispatcher) : WorkItem(dispatcher)
{
    // Beyond these the link is left to others for a while.
    private const int FramesPerRun = 16;

    private readonly Lock _gate = new();
    private readonly Queue<Lane> _ready = new();
    private readonly Queue<ReadOnlyMemory<byte>> _frames = new();
    private readonly ByteWriter _answers = new();
    private readonly ByteWriter _items = new();
    private (int Shard, long Session, long Next) _replying = (-1, 0, 0);
    private ReadOnlyMemory<byte> _refused;
    private volatile bool _isDown;

    /// <summary>The link is down: nothing goes over it any more.</summary>
    public bool IsDown => _isDown;

    /// <summary>The lane is asked for what it has to send.</summary>
    public void Enlist(Lane lane)
    {
        lock (_gate)
            _ready.Enqueue(lane);
        Schedule();
    }

    /// <summary>The answer to an item.</summary>
    public void Reply(int shard, long session, long number, in Reply reply)
    {
        lock (_gate)
        {
            if (_replying != (shard, session, number))
            {
                BeginPart(FramePart.Replies, shard, session);
                _answers.Varint((ulong)number);
            }

            ReplyCodec.Write(_answers, reply);
            _replying = (shard, session, number + 1);
            SealIfFull();
        }

        Schedule();
    }

    /// <summary>From an item on nothing is taken in a session.</summary>
    public void Bounce(int shard, long session, long number, BounceReason reason)
    {
        lock (_gate)
        {
            BeginPart(FramePart.Bounce, shard, session);
            _answers.Varint((ulong)number);
            _answers.Byte((byte)reason);
            SealIfFull();
        }

        Schedule();
    }

    /// <summary>All of a session is known here.</summary>
    public void Alive(int shard, long session)
    {
        lock (_gate)
        {
            BeginPart(FramePart.Alive, shard, session);
            SealIfFull();
        }

        Schedule();
    }

    /// <summary>Who has a shard.</summary>
    public void Owner(int shard, long session, string endpoint)
    {
        lock (_gate)
        {
            BeginPart(FramePart.Owner, shard, session);
            WireFields.Write(_answers, endpoint);
            SealIfFull();
        }

        Schedule();
    }

    /// <summary>A frame of another type.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        lock (_gate)
            _frames.Enqueue(frame.ToArray());
        Schedule();
    }

    /// <summary>The link is down: what waits for it is lost, as what is on the way.</summary>
    public void End()
    {
        _isDown = true;
        Schedule();
    }

    protected override void Run()
    {
        for (var sent = 0; sent < FramesPerRun; sent++)
        {
            if (_isDown)
            {
                Forget();
                return;
            }

            if (_refused.IsEmpty)
                _refused = TakeAnswers();
            if (_refused.IsEmpty)
                _refused = TakeItems();
            if (_refused.IsEmpty)
                return;
            if (!link.TrySend(_refused))
            {
                lanes.OfferAgain(this);
                return;
            }

            _refused = default;
        }

        Schedule();
    }

    private void BeginPart(FramePart part, int shard, long session)
    {
        EndReplies();
        if (_answers.Length == 0)
            Frames.Begin(_answers, FrameType.Answers);
        _answers.Byte((byte)part);
        _answers.Varint((ulong)shard);
        _answers.Varint((ulong)session);
    }

    private void EndReplies()
    {
        if (_replying.Shard >= 0)
            _answers.Byte(ReplyCodec.End);
        _replying.Shard = -1;
    }

    private void SealIfFull()
    {
        if (_answers.Length >= lanes.Options.FrameBytes)
            Seal();
    }

    private void Seal()
    {
        EndReplies();
        _frames.Enqueue(_answers.Written.ToArray());
        _answers.Truncate(0);
    }

    private ReadOnlyMemory<byte> TakeAnswers()
    {
        lock (_gate)
        {
            if (_frames.Count == 0 && _answers.Length > 0)
                Seal();
            return _frames.TryDequeue(out var frame) ? frame : default;
        }
    }

    private ReadOnlyMemory<byte> TakeItems()
    {
        _items.Truncate(0);
        Frames.Begin(_items, FrameType.Items);
        _items.UInt64(lanes.Source);
        var empty = _items.Length;
        while (_items.Length < lanes.Options.FrameBytes && Next() is { } lane)
        {
            if (lane.Fill(this, _items))
                Enlist(lane);
        }

        return _items.Length > empty ? _items.Written.ToArray() : default;
    }

    private Lane? Next()
    {
        lock (_gate)
            return _ready.TryDequeue(out var lane) ? lane : null;
    }

    private void Forget()
    {
        lock (_gate)
        {
            _ready.Clear();
            _frames.Clear();
            _answers.Truncate(0);
            _replying.Shard = -1;
        }

        _refused = default;
    }
}
