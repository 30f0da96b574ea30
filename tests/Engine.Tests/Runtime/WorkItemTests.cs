using Amoe.Engine.Actors;

namespace Amoe.Engine.Tests.Runtime;

public sealed class WorkItemTests
{
    /// <summary>
    /// One run in twenty of a national year stopped for ever near its end: a commit was confirmed in the very moment in which its shard began to
    /// run, neither saw the other's write, and nobody woke the shard again.
    /// </summary>
    [Fact]
    public async Task What_was_written_before_scheduling_is_seen_by_a_run_however_close_the_two_are()
    {
        const int rounds = 400_000;
        using var dispatcher = new ThreadDispatcher("test", 1);
        var seen = new Seen(dispatcher);
        var writer = Task.Run(() =>
        {
            for (var round = 1; round <= rounds; round++)
            {
                // The first wake-up sets it running, the second comes somewhere in between.
                seen.Schedule();
                seen.Written = round;
                seen.Schedule();
                for (var spins = 0L; seen.Read != round; spins++)
                {
                    // Some minutes of waiting: a machine may be busy, a lost wake-up is for ever.
                    if (spins == 1_000_000_000)
                        return round;
                    Thread.SpinWait(1);
                }
            }

            return 0;
        });
        Assert.Equal(0, await writer);
    }

    private sealed class Seen(IDispatcher dispatcher) : WorkItem(dispatcher)
    {
        public volatile int Written;

        public volatile int Read;

        protected override void Run() => Read = Written;
    }
}
