using System.Diagnostics;
using Amoe.Engine.Actors;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>A work item is run by one thread at a time and never forgotten.</summary>
public sealed class DispatchingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>On a machine that does other things meanwhile fewer rounds must do: each waits for a thread.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(10);

    // Whoever schedules writes what there is to do and reads whether the item is about to run; the item writes that it runs and reads what there
    // is to do. Without a fence on both sides each may miss the other's word, and a shard waits for ever with its answers in hand.
    [Fact]
    public void Work_that_comes_just_as_the_item_begins_to_run_is_not_forgotten()
    {
        using var dispatcher = new ThreadDispatcher("test", 1);
        var item = new Follower(dispatcher);
        var watch = Stopwatch.StartNew();
        for (var i = 1; i <= 100_000 && watch.Elapsed < Enough; i++)
        {
            item.Schedule();
            Thread.SpinWait(i % 200);
            item.Asked = i;
            item.Schedule();
            Assert.True(SpinWait.SpinUntil(() => item.Seen == i, Patience), $"forgotten the {i}th time");
        }
    }

    private sealed class Follower(IDispatcher dispatcher) : WorkItem(dispatcher)
    {
        private volatile int _asked;
        private volatile int _seen;

        public int Asked
        {
            set => _asked = value;
        }

        public int Seen => _seen;

        protected override void Run() => _seen = _asked;
    }
}
