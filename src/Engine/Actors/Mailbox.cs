using Amoe.Engine.Domain;

namespace Amoe.Engine.Actors;

/// <summary>A message on its way to a shard: a command, or the mark of a day.</summary>
internal readonly record struct Envelope(Command? Command, CommandKind Mark, DateOnly Day, IReplyTo ReplyTo);

/// <summary>A bounded queue from any thread to the one that runs the shard. Full means no, never growth.</summary>
internal sealed class Mailbox(int messagesMax)
{
    private readonly Lock _lock = new();
    private readonly Queue<Envelope> _queue = new();
    private bool _isClosed;

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _queue.Count == 0;
        }
    }

    public bool TryPost(in Envelope envelope)
    {
        lock (_lock)
        {
            if (_isClosed || _queue.Count >= messagesMax)
                return false;
            _queue.Enqueue(envelope);
            return true;
        }
    }

    /// <summary>Takes nothing more; what it holds can still be taken from it.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
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
