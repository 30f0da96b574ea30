using Amoe.Engine.Domain;

namespace Amoe.Engine.Partitions.Sessions;

/// <summary>A batch that is being decided, with the replies that it has so far.</summary>
internal sealed class TakenBatch
{
    private readonly Action<TakenBatch, bool> _replied;
    private int _open;

    /// <param name="replied">Called with each reply, and whether it leaves the outcome open.</param>
    public TakenBatch(Batch batch, Action<TakenBatch, bool> replied)
    {
        (Session, Number, _replied, _open) = (batch.Session, batch.Number, replied, batch.Items.Length);
        Replies = new Reply[batch.Items.Length];
        var items = new Envelope[batch.Items.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = batch.Items[i].With(new Recipient(this, i));
        Items = items;
    }

    public long Session { get; }

    public long Number { get; }

    public IReadOnlyList<Envelope> Items { get; }

    /// <summary>In the order of the items.</summary>
    public Reply[] Replies { get; }

    public bool IsAnswered => _open == 0;

    /// <summary>The recipient of one item's reply. It distinguishes two commands with one id.</summary>
    private sealed class Recipient(TakenBatch batch, int place) : IReplyTo
    {
        private bool _isAnswered;

        public void OnReply(StudentId student, in Reply reply)
        {
            if (_isAnswered)
                throw new InvalidOperationException($"{reply.Command} of student {student.Value} is answered twice");
            _isAnswered = true;
            batch.Replies[place] = reply;
            batch._open--;
            batch._replied(batch, reply.Outcome.IsOpen());
        }
    }
}
