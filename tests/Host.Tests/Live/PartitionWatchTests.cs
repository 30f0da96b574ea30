using System.Collections.Concurrent;
using Amoe.Engine.Tests;
using Amoe.Host.Live;

namespace Amoe.Host.Tests.Live;

/// <summary>What an operator reads when partitions stop.</summary>
public sealed class PartitionWatchTests
{
    private readonly VirtualTime _time = new();
    private readonly ConcurrentQueue<string> _said = new();
    private volatile string? _whyNot;
    private int _looks;

    [Fact]
    public async Task Partitions_that_stop_and_come_back_are_a_line_each()
    {
        await using var watch = new PartitionWatch(Look, _time, new LinesLogger(_said.Enqueue));
        await LookAsync(3);
        Assert.Empty(_said);
        _whyNot = "2 of 20 partitions take no commands: the disk is full.";
        await LookAsync(5);
        Assert.Equal(
            [
                "2 of 20 partitions take no commands: the disk is full. Commands are answered unknown or overloaded meanwhile."
            ], _said);
        _whyNot = null;
        await LookAsync(5);
        Assert.Matches("^all partitions take commands again after [45] s.$", Assert.Single(_said.Skip(1)));
    }

    private string? Look()
    {
        Interlocked.Increment(ref _looks);
        return _whyNot;
    }

    /// <summary>Lets it look so often, and one time more begin.</summary>
    private async Task LookAsync(int times)
    {
        for (var until = Volatile.Read(ref _looks) + times; Volatile.Read(ref _looks) < until;)
        {
            _time.RunNext();
            await Task.Yield();
        }
    }
}
