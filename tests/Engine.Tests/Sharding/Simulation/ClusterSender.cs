using System.Buffers.Binary;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>One partition's session from a process outside the cluster, as <c>SessionActor</c> has it.</summary>
internal sealed class ClusterSender : IPeer
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    private readonly ClusterWorld _world;
    private readonly int _partition;
    private readonly SessionSender _sender;
    private readonly HashSet<(long, long)> _reversed = [];
    private readonly Dictionary<SessionItem, IPeer> _sentTo = [];
    private IPeer? _to;
    private bool _isAsked;

    public ClusterSender(
        ClusterWorld world, SimulatedProcess process, int number, int partition, SessionOptions options)
    {
        (_world, Process, _partition) = (world, process, partition);
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(id, (number * 1_000) + partition + 1);
        _sender = new SessionSender(new Guid(id), options);
        Process.After(_tick, Tick);
    }

    public SimulatedProcess Process { get; }

    public int Room => _sender.Room;

    public void Post(SessionItem item, IReplyTo caller)
    {
        _sender.Post(item, caller, _world.Now);
        if (_isAsked)
            return;
        _isAsked = true;
        Process.After(TimeSpan.Zero, () =>
        {
            _isAsked = false;
            Act();
        });
    }

    public void On(object message, IPeer from)
    {
        switch (message)
        {
            case SessionOpened opened:
                if (_sender.OnOpened(opened, _world.Now))
                    _to = from;
                break;
            case BatchAnswered answered:
                _sender.OnAnswered(WithDefect(answered), _world.Now);
                break;
            case SessionRefused refused:
                _sender.OnRefused(refused, _world.Now);
                break;
            case SessionAlive alive:
                _sender.OnAlive(alive, _world.Now);
                break;
        }

        Act();
    }

    private void Tick()
    {
        _sender.OnTick(_world.Now);
        Act();
        Process.After(_tick, Tick);
    }

    private void Act()
    {
        var actions = _sender.TakeActions();
        foreach (var message in actions.ToPartition)
        {
            if (message is Batch sent)
                CountResent(sent);
            _world.Network.Send(this, _to!, message is Batch batch ? WithDefect(batch) : message);
        }

        if (actions.ToRouter is { } open)
            _world.Sharding.Route(this, new ToRegion(_partition, open, this));
        foreach (var answer in actions.Answers)
            answer.ReplyTo.OnReply(answer.Student, answer.Reply);
    }

    private void CountResent(Batch batch)
    {
        foreach (var item in batch.Items)
        {
            if (item.Command is not null && _sentTo.TryGetValue(item, out var former) && former != _to)
                _world.Count(ClusterEffect.ResentToNextOwner);
            _sentTo[item] = _to!;
        }
    }

    private Batch WithDefect(Batch batch)
    {
        if (_world.Defect != ClusterDefect.ResentOutOfOrder || batch.Session == 1 || batch.Number > 0)
            return batch;
        _reversed.Add((batch.Session, batch.Number));
        return batch with { Items = [.. batch.Items.Reverse()] };
    }

    private BatchAnswered WithDefect(BatchAnswered answered) =>
        _reversed.Contains((answered.Session, answered.Number))
            ? answered with { Replies = [.. answered.Replies.Reverse()] }
            : answered;
}
