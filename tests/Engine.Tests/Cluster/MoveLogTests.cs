using Amoe.Engine.Cluster;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Tests.Cluster;

public sealed class MoveLogTests
{
    private readonly VirtualTime _time = new();
    private readonly List<string> _said = [];

    [Fact]
    public void What_moves_within_a_second_is_one_line_for_each_way()
    {
        var log = new MoveLog(_time, _said.Add);
        log.Took([new ShardEpoch(0, 1), new ShardEpoch(1, 1)]);
        log.HandedOver([new ShardEpoch(9, 1)]);
        _time.Advance(TimeSpan.FromSeconds(0.9));
        log.Took([new ShardEpoch(2, 1), new ShardEpoch(5, 1)]);
        log.Say(isOver: false);
        Assert.Empty(_said);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        log.Say(isOver: false);
        Assert.Equal(["took 0-2, 5", "handed over 9"], _said);
        log.Say(isOver: true);
        Assert.Equal(2, _said.Count);
    }

    [Fact]
    public void The_last_that_moves_is_said_at_once()
    {
        var log = new MoveLog(_time, _said.Add);
        log.Took([new ShardEpoch(3, 1)]);
        log.Say(isOver: true);
        Assert.Equal(["took 3"], _said);
    }
}
