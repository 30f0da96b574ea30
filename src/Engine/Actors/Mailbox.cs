using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>What became of a message at a shard's door.</summary>
internal enum PostOutcome : byte
{
    /// <summary>It will be answered.</summary>
    Taken = 0,

    /// <summary>The mailbox is full: there may be room later.</summary>
    Full = 1,

    /// <summary>The shard is not served here: another host has it, or nobody yet. Or what the sender posted before was answered unknown.</summary>
    NotHere = 2,

    /// <summary>Something has to be fetched before the shard may have it: who posts is told to go on later.</summary>
    Gated = 3,
}

/// <summary>One life of a mailbox: told by being the same object.</summary>
internal sealed class MailboxLife;

/// <summary>
/// A bounded queue from any thread to the one that runs the shard. Full means no, never growth. Each time all that waits is answered unknown, another life
/// begins: who posts in order and says in which life he began is taken nothing more from in the next one, so that nothing of his is decided ahead of what he
/// has to send again.
/// </summary>
internal sealed class Mailbox(int messagesMax)
{
    private readonly Lock _lock = new();
    private readonly Queue<Envelope> _queue = new();
    private MailboxLife _life = new();
    private bool _isClosed;

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _queue.Count == 0;
        }
    }

    /// <param name="life">In which life the sender's messages before were taken; null with his first, or where he does not care.</param>
    public PostOutcome TryPost(in Envelope envelope, ref MailboxLife? life)
    {
        lock (_lock)
        {
            if (_isClosed || (life is not null && life != _life))
                return PostOutcome.NotHere;
            if (_queue.Count >= messagesMax)
                return PostOutcome.Full;
            life = _life;
            _queue.Enqueue(envelope);
            return PostOutcome.Taken;
        }
    }

    /// <summary>Takes nothing more; what it holds can still be taken from it.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
    }

    /// <summary>Moves all messages to <paramref name="waiting"/>, where they end, and begins another life.</summary>
    public void TakeAll(Queue<Envelope> waiting)
    {
        lock (_lock)
        {
            _life = new MailboxLife();
            while (_queue.TryDequeue(out var envelope))
                waiting.Enqueue(envelope);
        }
    }

    /// <summary>Moves messages to <paramref name="waiting"/> in the order of posting, until that holds <paramref name="max"/>.</summary>
    public void Take(Queue<Envelope> waiting, int max)
    {
        lock (_lock)
        {
            while (waiting.Count < max && _queue.TryDequeue(out var envelope))
                waiting.Enqueue(envelope);
        }
    }
}
