namespace Amoe.Bench.Ladder;

/// <summary>Does one thing on several threads of their own: a pool would start them one after the other.</summary>
internal static class Together
{
    /// <exception cref="AggregateException">Whatever failed, once all have ended.</exception>
    public static void Do(int threads, Action<int> action)
    {
        var tasks = Enumerable.Range(0, threads)
            .Select(i =>
                Task.Factory.StartNew(
                    () => action(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
                        .ToArray();
        Task.WaitAll(tasks);
    }
}
