using System.Runtime.InteropServices;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Cluster;

/// <summary>
/// What another process sends to one shard in one session: taken in the order of the numbers and without a gap, or no more. Whoever answers sends the answer
/// back with the number of what it answers.
/// </summary>
/// <remarks>Its lock is held while the target takes an item, never while anything is answered but a frame.</remarks>
internal sealed class InboundSession(int shard, long number, LinkSender sender, IInboundTarget target, int itemsMax) : IReplyTo, IGated
{
    private readonly Lock _gate = new();

    // What was taken and is not answered: first what was posted, then what waits for the post of its day.
    private readonly Ring<Waiting> _waiting = new();
    private MailboxLife? _life;
    private string? _saidOwner;
    private long _first;
    private int _posted;
    private bool _isOver;
    private bool _isLost;

    public long Number => number;

    private long Next => _first + _waiting.Count;

    /// <summary>Tells a client who has the shard, if he could go there himself and was not told yet.</summary>
    public void ShowWay()
    {
        lock (_gate)
        {
            if (target.OwnerElsewhere(shard) is not { } owner || owner == _saidOwner)
                return;
            _saidOwner = owner;
            sender.Owner(shard, number, owner);
        }
    }

    /// <param name="remainingMs">Until the item is given up.</param>
    public void Take(long item, in Envelope envelope, long remainingMs)
    {
        lock (_gate)
        {
            // What comes twice was taken; of what is over the sender was told.
            if (_isOver || item < Next)
                return;
            if (item > Next)
            {
                End(BounceReason.Gap, Next);
            }
            else if (_waiting.Count >= itemsMax)
            {
                End(BounceReason.Full, Next);
            }
            else
            {
                _waiting.Add(new Waiting(envelope with { ReplyTo = this }, remainingMs));
                Post();
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
                End(BounceReason.Gap, Next);
        }
    }

    public void GoOn()
    {
        lock (_gate)
            Post();
    }

    /// <summary>
    /// The shard's answer. They come in the order of posting, but for what a shard that ends or failed did not decide: that is unknown, and after it nothing is
    /// said any more, for of two commands under one id it could not be told which is answered.
    /// </summary>
    public void OnReply(StudentId student, in Reply reply)
    {
        lock (_gate)
        {
            var place = 0;
            while (place < _posted && (_waiting[place].IsAnswered || _waiting[place].Id != reply.Command || _waiting[place].Student != student))
                place++;
            if (place == _posted || _isLost)
                return;
            _isLost = reply.Outcome == Outcome.Unknown;
            if (_isLost)
                End(BounceReason.Lost, _first + place);
            else
                Send(place, reply);
        }
    }

    /// <summary>The lane's answer, for good whatever it is: what is not known now, nobody will know in time.</summary>
    public void Answer(long item, in Reply reply)
    {
        lock (_gate)
            Send((int)(item - _first), reply);
    }

    private void Send(int place, in Reply reply)
    {
        _waiting[place].IsAnswered = true;
        sender.Reply(shard, number, _first + place, reply);
        while (_posted > 0 && _waiting[0].IsAnswered)
        {
            _waiting.RemoveFirst();
            _first++;
            _posted--;
        }
    }

    private void Post()
    {
        while (!_isOver && _posted < _waiting.Count)
        {
            switch (target.Post(shard, _waiting[_posted].Envelope, _first + _posted, _waiting[_posted].RemainingMs, this, ref _life))
            {
                case PostOutcome.Taken:
                    _posted++;
                    break;
                case PostOutcome.Gated:
                    return;
                case PostOutcome.Full:
                    End(BounceReason.Full, _first + _posted);
                    break;
                default:
                    End(BounceReason.Moved, _first + _posted);
                    break;
            }
        }
    }

    /// <summary>Nothing more of the session is taken, not even what comes once there is room again; what was not posted never is.</summary>
    private void End(BounceReason reason, long item)
    {
        _isOver = true;
        _waiting.RemoveWhere(_posted, _ => true);
        sender.Bounce(shard, number, item, reason);
    }

    [StructLayout(LayoutKind.Auto)]
    private record struct Waiting(Envelope Envelope, long RemainingMs)
    {
        public bool IsAnswered { get; set; }

        public readonly StudentId Student => Envelope.Command?.Student ?? default;

        public readonly CommandId Id => Envelope.Command?.Id ?? new CommandId(Envelope.Mark, 0);
    }
}

/// <summary>Where what comes from others goes: a host's to the shard itself, a client's to the lane.</summary>
internal interface IInboundTarget
{
    /// <summary>Where the sender could go himself; null where it is here, or nobody is known.</summary>
    string? OwnerElsewhere(int shard);

    /// <param name="item">Its number in the session.</param>
    /// <param name="waiter">Told to go on later where something has to be fetched first.</param>
    PostOutcome Post(int shard, in Envelope envelope, long item, long remainingMs, IGated waiter, ref MailboxLife? life);
}
