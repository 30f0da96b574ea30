using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Cluster;

/// <summary>
/// What another process sends to one shard in one session: taken in the order of the numbers and without a gap, or no more. Whoever answers sends the answer
/// back with the number of what it answers.
/// </summary>
/// <param name="target">The shard's mailbox, or the lane to it.</param>
internal sealed class InboundSession(int shard, long number, LinkSender sender, IInboundTarget target) : IReplyTo
{
    private readonly Lock _gate = new();
    private readonly Ring<Waiting> _waiting = new();
    private MailboxLife? _life;
    private long _first;
    private bool _isOver;

    public long Number => number;

    private long Next => _first + _waiting.Count;

    /// <param name="remaining">Milliseconds until the item is given up.</param>
    public void Take(long item, in Envelope envelope, long remaining)
    {
        lock (_gate)
        {
            // What comes twice was taken; of what is over the sender was told.
            if (_isOver || item < Next)
                return;
            if (item > Next)
            {
                End(BounceReason.Gap);
                return;
            }

            var mine = envelope with { ReplyTo = this };
            switch (target.Post(shard, mine, remaining, ref _life))
            {
                case PostOutcome.Taken:
                    _waiting.Add(new Waiting(envelope.Command?.Student ?? default, envelope.Command?.Id ?? new CommandId(envelope.Mark, 0)));
                    break;
                case PostOutcome.Full:
                    End(BounceReason.Full);
                    break;
                default:
                    End(BounceReason.Moved);
                    break;
            }
        }
    }

    /// <summary>The sender has no answer for long: has he sent all up to an item, and is some of it still to be answered?</summary>
    public void Probe(long next)
    {
        lock (_gate)
        {
            if (!_isOver && next == Next && _waiting.Count > 0)
                sender.Alive(shard, number);
            else
                End(BounceReason.Gap);
        }
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        lock (_gate)
        {
            if (_isOver && reply.Outcome == Outcome.Unknown)
                return;
            for (var place = 0; place < _waiting.Count; place++)
            {
                ref var waiting = ref _waiting[place];
                if (waiting.IsAnswered || waiting.Id != reply.Command || waiting.Student != student)
                    continue;
                waiting.IsAnswered = true;
                Answer(_first + place, reply);
                break;
            }

            while (_waiting.Count > 0 && _waiting[0].IsAnswered)
            {
                _waiting.RemoveFirst();
                _first++;
            }
        }
    }

    private void Answer(long item, in Reply reply)
    {
        if (reply.Outcome == Outcome.Unknown && !target.IsFinal)
            End(BounceReason.Lost, item);
        else
            sender.Reply(shard, number, item, reply);
    }

    private void End(BounceReason reason) => End(reason, Next);

    private void End(BounceReason reason, long item)
    {
        // Nothing of the session is taken from here on, not even what comes once there is room again.
        _isOver = true;
        sender.Bounce(shard, number, item, reason);
    }

    /// <summary>What was taken and is not answered.</summary>
    private record struct Waiting(StudentId Student, CommandId Id)
    {
        public bool IsAnswered { get; set; }
    }
}

/// <summary>Where what comes from others goes: a host's to the shard itself, a client's to the lane.</summary>
internal interface IInboundTarget
{
    /// <summary>True when an answer that says nothing of what became of a command is the last one all the same: its time is over.</summary>
    bool IsFinal { get; }

    PostOutcome Post(int shard, in Envelope envelope, long remainingMs, ref MailboxLife? life);
}
