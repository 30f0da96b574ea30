namespace Amoe.Engine.Journal;

/// <summary>Does something for every partition on a few threads.</summary>
internal static class EveryPartition
{
    /// <exception cref="JournalException">The first partition's that failed, as itself and not wrapped.</exception>
    public static void Do(int partitions, int threads, Action<int> action, CancellationToken cancellation = default)
    {
        try
        {
            Parallel.For(
                0, partitions,
                new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, action);
        }
        catch (AggregateException e) when (e.InnerExceptions[0] is JournalException first)
        {
            throw new JournalException(first.Message, first);
        }
    }
}
