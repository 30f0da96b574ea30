using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>
/// Knows what every sender posted, what is durable and what every caller heard, and finds the first broken promise.
/// </summary>
internal sealed class SessionWitness(int senders, SessionTally tally)
{
    private readonly List<Item>[] _items = [.. Enumerable.Range(0, senders).Select(_ => new List<Item>())];

    // Of each sender: the items before it are decided or given up.
    private readonly int[] _settled = new int[senders];

    // When each sender last heard that the partition is out of service.
    private readonly TimeSpan?[] _outOfServiceAt = new TimeSpan?[senders];

    /// <summary>The first promise that is broken, with the item that shows it; null while all are kept.</summary>
    public string? Broken { get; private set; }

    public void Posted(ItemKey key, TimeSpan now, TimeSpan deadline) =>
        _items[key.Sender].Add(new Item(now, now + deadline));

    /// <summary>The store has the first decision of an item.</summary>
    public void Decided(ItemKey key, in Reply reply)
    {
        var items = _items[key.Sender];
        ref var settled = ref _settled[key.Sender];
        while (settled < items.Count && (items[settled].Decision is not null || items[settled].IsGivenUp))
            settled++;
        for (var before = settled; before < key.Place; before++)
        {
            if (items[before].Decision is null && !items[before].IsGivenUp)
                Break("a sender's commands are decided in order", key, $"{before} is not decided yet");
        }

        if (items[key.Place].Decision is not null)
            Break("a command is decided once", key, $"{items[key.Place].Decision} and {reply}");
        items[key.Place].Decision = reply;
        if (key.ToItem().Command is null)
            tally.Count(SessionEffect.MarkDecided);
    }

    public void Answered(ItemKey key, in Reply reply, TimeSpan now)
    {
        var item = _items[key.Sender][key.Place];
        if (item.IsAnswered)
            Break("every caller is answered once", key, $"again with {reply.Outcome}");
        item.IsAnswered = true;
        if (reply.Command != key.ToItem().Id)
            Break("a caller hears about its own command", key, $"{reply.Command}");
        if (reply.Outcome.IsOpen())
            GiveUp(key, item, reply, now);
        else if (item.Decision is not { } decision
            || (decision.Outcome, decision.Reason) != (reply.Outcome, reply.Reason))
            Break(
                "what is answered is durable", key,
                $"{reply.Outcome} {reply.Reason}, and the store has {item.Decision}");
    }

    /// <summary>A sender takes it that the partition is out of service: what it has may be given up now.</summary>
    public void OutOfService(int sender, TimeSpan now) => _outOfServiceAt[sender] = now;

    /// <summary>A partition has items of one sender that are not answered.</summary>
    public void Held(int items, int window)
    {
        if (items > window)
            Broken ??= $"a partition holds no more than the window of a sender: {items} items, and {window}";
    }

    /// <param name="since">What was posted since then has to be decided.</param>
    public void End(TimeSpan since)
    {
        for (var sender = 0; sender < _items.Length; sender++)
        {
            for (var place = 0; place < _items[sender].Count; place++)
            {
                var item = _items[sender][place];
                if (!item.IsAnswered || (item.PostedAt >= since && item.IsGivenUp))
                    Break(
                        "everything is answered once faults stop", new ItemKey(sender, place),
                        item.IsAnswered ? "given up" : "no answer");
            }
        }
    }

    private void GiveUp(ItemKey key, Item item, in Reply reply, TimeSpan now)
    {
        if (reply.Outcome == Outcome.Unknown && now < item.Deadline && _outOfServiceAt[key.Sender] == now)
            tally.Count(SessionEffect.GivenUpOutOfService);
        else if (reply.Outcome != Outcome.Unknown || now < item.Deadline)
            Break(
                "nothing is given up before its deadline", key,
                $"{reply.Outcome} at {now}, the deadline is {item.Deadline}");
        item.IsGivenUp = true;
        tally.Count(SessionEffect.GivenUp);
    }

    private void Break(string promise, ItemKey key, string what) =>
        Broken ??= $"{promise}: {key.Place} of sender {key.Sender}: {what}";

    private sealed class Item(TimeSpan postedAt, TimeSpan deadline)
    {
        public TimeSpan PostedAt => postedAt;

        public TimeSpan Deadline => deadline;

        /// <summary>The durable one.</summary>
        public Reply? Decision { get; set; }

        public bool IsAnswered { get; set; }

        public bool IsGivenUp { get; set; }
    }
}
