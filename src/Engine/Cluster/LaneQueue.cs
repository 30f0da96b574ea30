using Amoe.Engine.Domain;

namespace Amoe.Engine.Cluster;

/// <summary>
/// What waits in a lane, in order: first what was sent in the session that is on, numbered from its beginning, then what was not. One thread at a time.
/// </summary>
internal sealed class LaneQueue
{
    private readonly Ring<LaneItem> _items = new();
    private List<Delivery> _deliveries = [];
    private List<Delivery> _spare = [];
    private long _earliestDeadline = long.MaxValue;
    private long _first;

    public int Count => _items.Count;

    /// <summary>Sent in the session and not through.</summary>
    public int Sent { get; private set; }

    /// <summary>The number of the next to be sent.</summary>
    public long NextNumber => _first + Sent;

    /// <summary>The next to be sent.</summary>
    public ref readonly LaneItem Next => ref _items[Sent];

    public void Add(in LaneItem item)
    {
        _items.Add(item);
        _earliestDeadline = Math.Min(_earliestDeadline, item.Deadline);
    }

    /// <summary>The next one was sent.</summary>
    public void Advance() => Sent++;

    /// <summary>True for the number of an item that was sent and is not through.</summary>
    public bool Has(long number) => number >= _first && number < NextNumber && !_items[(int)(number - _first)].IsThrough;

    /// <summary>
    /// The number of what was sent and an answer is for. Answers come in the order of sending, but for what a shard that ends or failed did not
    /// decide: so it is nearly always the first.
    /// </summary>
    /// <returns>-1 where nothing waits for it.</returns>
    public long NumberOf(StudentId student, CommandId id)
    {
        for (var place = 0; place < Sent; place++)
        {
            ref var item = ref _items[place];
            if (!item.IsThrough && item.Id == id && item.Student == student)
                return _first + place;
        }

        return -1;
    }

    /// <summary>The owner has answered an item. Which command that is, the item says.</summary>
    public void Answer(long number, in Reply reply)
    {
        ref var item = ref _items[(int)(number - _first)];
        item.IsThrough = true;
        Answer(ref item, reply with { Command = item.Id });
        while (Sent > 0 && _items[0].IsThrough)
        {
            _items.RemoveFirst();
            _first++;
            Sent--;
        }
    }

    /// <summary>From an item on, nothing that was sent in the session was taken, nor will be.</summary>
    /// <returns>False where no such item was sent.</returns>
    public bool TryCut(long number)
    {
        if (number < _first || number > NextNumber)
            return false;
        Sent = (int)(number - _first);
        return true;
    }

    /// <summary>The session is over, and it is not known what became of what was sent: all of it is to be sent again.</summary>
    public void BeginAgain()
    {
        for (var i = 0; i < Sent; i++)
            _items[i].MayStand = true;
        if (Sent > 0)
            _items.RemoveWhere(0, item => item.IsAnswered);
        (Sent, _first) = (0, 0);
    }

    /// <summary>What is past its deadline is answered: unknown, or overloaded where nobody can have taken it.</summary>
    public void GiveUpLate(long now)
    {
        if (now < _earliestDeadline)
            return;
        _earliestDeadline = long.MaxValue;
        for (var i = 0; i < _items.Count; i++)
        {
            ref var item = ref _items[i];
            if (item.Deadline > now)
                _earliestDeadline = Math.Min(_earliestDeadline, item.Deadline);
            else
                Answer(ref item, new Reply(item.Id, item.MayStand || i < Sent ? Outcome.Unknown : Outcome.Overloaded));
        }

        // What was sent keeps its number in the session, answered or not.
        _items.RemoveWhere(Sent, item => item.IsAnswered);
    }

    /// <summary>The answers since it was asked last; null where there are none. Valid until it is asked again.</summary>
    public List<Delivery>? TakeDeliveries()
    {
        if (_deliveries.Count == 0)
            return null;
        _spare.Clear();
        (_deliveries, _spare) = (_spare, _deliveries);
        return _spare;
    }

    private void Answer(ref LaneItem item, in Reply reply)
    {
        if (item.IsAnswered)
            return;
        item.IsAnswered = true;
        _deliveries.Add(new Delivery(item.Envelope.ReplyTo, item.Student, reply, item.Number));
    }
}
