using System.Buffers.Binary;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>The shell of a sender, with callers that post at random.</summary>
internal sealed class SimulatedSender : SimulatedActor, IEndpoint
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    private readonly int _index;
    private readonly SessionOptions _options;
    private readonly SessionSender _sender;

    // For the defects: the last batches by number, and the sessions that were opened.
    private readonly Dictionary<(long, long), ItemKey[]> _batches = [];
    private readonly HashSet<(long, long)> _reversed = [];
    private IEndpoint? _partition;
    private int _posted;

    public SimulatedSender(SessionWorld world, int index)
        : base(world)
    {
        _index = index;
        _options = world.Weather.Options;
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(id, index + 1);
        _sender = new SessionSender(new Guid(id), _options);
        After(_tick, Tick);
    }

    public string Name => $"sender {_index}";

    public int Unanswered => _sender.Unanswered;

    /// <summary>Posts some items now, as far as there is room.</summary>
    public void Post(int count) => Run(() =>
    {
        PostSome(count);
        Act();
    });

    public void On(SessionMessage message, IEndpoint from) => Run(() =>
    {
        switch (message)
        {
            case SessionOpened opened:
                if (_sender.OnOpened(opened, World.Now))
                    _partition = from;
                else
                    World.Count(SessionEffect.OtherActorIgnored);
                break;
            case BatchAnswered answered:
                _sender.OnAnswered(WithDefect(answered), World.Now);
                break;
            case SessionRefused refused:
                _sender.OnRefused(refused, World.Now);
                break;
            case SessionAlive alive:
                _sender.OnAlive(alive, World.Now);
                break;
            case OutOfService answer:
                if (_sender.OnOutOfService(answer, World.Now))
                    World.Witness.OutOfService(_index, World.Now);
                break;
        }

        Act();
    });

    private void Tick()
    {
        _sender.OnTick(World.Now);
        Act();
        After(_tick, Tick);
    }

    private void PostSome(int count)
    {
        for (var left = Math.Min(count, _sender.Room); left > 0; left--)
        {
            var key = new ItemKey(_index, _posted++);
            World.Witness.Posted(key, World.Now, _options.Deadline);
            _sender.Post(key.ToItem(), new Caller(this, key), World.Now);
        }
    }

    private void Act()
    {
        for (var actions = _sender.TakeActions(); !actions.IsEmpty; actions = _sender.TakeActions())
        {
            if (actions.ToRouter is { } open)
            {
                if (open.Session > 1)
                    World.Count(SessionEffect.Reopened);
                World.Wire.Send(this, World.Router, open);
            }

            foreach (var message in actions.ToPartition)
                World.Wire.Send(this, _partition!, message is Batch batch ? WithDefect(batch) : message);
            foreach (var answer in actions.Answers)
                answer.ReplyTo.OnReply(answer.Student, answer.Reply);
        }
    }

    private Batch WithDefect(Batch batch)
    {
        if (World.Defect == SessionDefect.UnknownSurfaces)
            _batches[(batch.Session, batch.Number)] = [.. batch.Items.Select(item => ItemKey.Of(item))];
        if (World.Defect != SessionDefect.ResentInAnotherOrder || batch.Session == 1 || batch.Number > 0)
            return batch;
        _reversed.Add((batch.Session, batch.Number));
        return batch with { Items = [.. batch.Items.Reverse()] };
    }

    private BatchAnswered WithDefect(BatchAnswered answered)
    {
        var place = (answered.Session, answered.Number);
        if (_batches.TryGetValue(place, out var keys))
        {
            for (var i = 0; i < keys.Length; i++)
            {
                if (answered.Replies[i].Outcome == Outcome.Unknown)
                    World.Witness.Answered(
                        keys[i], answered.Replies[i] with { Command = keys[i].ToItem().Id }, World.Now);
            }
        }

        return _reversed.Contains(place) ? answered with { Replies = [.. answered.Replies.Reverse()] } : answered;
    }

    /// <summary>A caller that now and then posts again when it is answered.</summary>
    private sealed class Caller(SimulatedSender sender, ItemKey key) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply)
        {
            sender.World.Witness.Answered(key, reply, sender.World.Now);
            if (!sender.World.IsOver && sender.World.Dice.Chance(10))
                sender.PostSome(1);
        }
    }
}
