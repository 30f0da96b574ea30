using System.Collections.Concurrent;

namespace Amoe.Engine.Tests;

/// <summary>
/// Minutes of computing, on threads of their own. On the pool's they keep everything else in the process waiting: a
/// driver that had half a statement to flush waited for so long that PostgreSQL ended its session.
/// </summary>
internal static class OwnThreads
{
    /// <summary>Does something for each item, on as many threads as there are processors.</summary>
    /// <exception cref="AggregateException">What failed.</exception>
    public static void ForEach<T>(IEnumerable<T> items, Action<T> action)
    {
        using var source = items.GetEnumerator();
        var gate = new Lock();
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (!failures.IsEmpty)
            throw new AggregateException(failures);

        void Work()
        {
            try
            {
                while (failures.IsEmpty && TryNext(out var item))
                    action(item);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failures.Enqueue(e);
            }
        }

        bool TryNext(out T item)
        {
            lock (gate)
            {
                var isNext = source.MoveNext();
                item = isNext ? source.Current : default!;
                return isNext;
            }
        }
    }
}
