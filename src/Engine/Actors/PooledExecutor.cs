using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;

namespace Amoe.Engine.Actors;

/// <summary>
/// Runs the actors of a dispatcher on the thread pool, and no more of them at a time than the dispatcher has threads.
/// </summary>
/// <remarks>
/// An idle thread of the framework's dedicated pool looks for work a hundred times before it sleeps. Where turns are
/// small and far between, as with single calls to a live host, that was a quarter of the processor time. And the pool's
/// thread that has read an answer from the database or a call from a socket runs the actor that waits for it, where a
/// dedicated thread would have to be woken.
/// </remarks>
internal sealed class PooledExecutor : ExecutorServiceConfigurator
{
    private readonly int _threads;

    public PooledExecutor(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _threads = config.GetInt("dedicated-thread-pool.thread-count");

    public override ExecutorService Produce(string id) => new Service(id, _threads);

    private sealed class Service(string id, int threads) : ExecutorService(id), IThreadPoolWorkItem
    {
        private readonly ConcurrentQueue<IRunnable> _waiting = new();
        private int _running;

        public override void Execute(IRunnable run)
        {
            _waiting.Enqueue(run);
            StartOne();
        }

        /// <summary>One at a time, so that what else waits for the pool has its turn.</summary>
        void IThreadPoolWorkItem.Execute()
        {
            if (_waiting.TryDequeue(out var run))
                run.Run();
            Interlocked.Decrement(ref _running);

            // What came while all threads were taken has been left to the one that ends.
            if (!_waiting.IsEmpty)
                StartOne();
        }

        public override void Shutdown()
        {
            // The pool is the process's.
        }

        private void StartOne()
        {
            var running = Volatile.Read(ref _running);
            while (running < threads)
            {
                var before = Interlocked.CompareExchange(ref _running, running + 1, running);
                if (before == running)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    return;
                }

                running = before;
            }
        }
    }
}
