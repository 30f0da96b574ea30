using System.Collections.Concurrent;

namespace Amoe.Engine.Actors;

/// <summary>Something with work to do now and then: never run by two threads at once, and never forgotten when scheduled while it runs.</summary>
internal abstract class WorkItem(IDispatcher dispatcher)
{
    private const int Idle = 0;
    private const int Scheduled = 1;
    private const int Running = 2;
    private const int RunningAndScheduled = 3;

    private int _state;

    public void Schedule()
    {
        // What there is to do was written just before and the item may begin to run just now: each has to see the other's word (see Execute).
        Interlocked.MemoryBarrier();
        while (true)
        {
            var state = Volatile.Read(ref _state);
            var next = state == Idle ? Scheduled : RunningAndScheduled;
            if (state is Scheduled or RunningAndScheduled)
                return;
            if (Interlocked.CompareExchange(ref _state, next, state) != state)
                continue;
            if (next == Scheduled)
                dispatcher.Dispatch(this);
            return;
        }
    }

    /// <summary>Called by the dispatcher.</summary>
    public void Execute()
    {
        // A full fence: nothing that Run reads may be older than this.
        Interlocked.Exchange(ref _state, Running);
        Run();
        if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
            return;
        Volatile.Write(ref _state, Scheduled);
        dispatcher.Dispatch(this);
    }

    /// <summary>Does what there is to do. Must not throw: there is nobody to catch.</summary>
    protected abstract void Run();
}

/// <summary>Runs work items: on threads, or all in one under a seed.</summary>
internal interface IDispatcher
{
    void Dispatch(WorkItem item);

    /// <summary>True while items wait to be run.</summary>
    bool IsBusy { get; }

    /// <summary>Called each time nothing is left to run.</summary>
    Action? Idle { get; set; }

    /// <summary>Waits until a task that work items complete is done; runs them where that is this dispatcher's way.</summary>
    Task Await(Task condition);
}

/// <summary>A fixed number of threads over one queue.</summary>
internal sealed class ThreadDispatcher : IDispatcher, IDisposable
{
    private readonly BlockingCollection<WorkItem> _queue = [];
    private readonly Thread[] _threads;

    public ThreadDispatcher(string name, int threads)
    {
        _threads = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"{name} {i}" };
            _threads[i].Start();
        }
    }

    public void Dispatch(WorkItem item)
    {
        try
        {
            _queue.Add(item);
        }
        catch (InvalidOperationException)
        {
            // The end came between a post and its wake-up. Nobody runs the item and nobody waits for it: mailboxes were closed and answered before.
        }
    }

    public bool IsBusy => _queue.Count > 0;

    public Action? Idle { get; set; }

    public Task Await(Task condition) => condition;

    /// <summary>Lets the threads finish what is queued, and ends them.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        foreach (var thread in _threads)
            thread.Join();
        _queue.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            if (!_queue.TryTake(out var item))
            {
                Idle?.Invoke();
                if (!_queue.TryTake(out item, Timeout.Infinite))
                    return;
            }

            item.Execute();
        }
    }
}

/// <summary>One thread, the caller's, that runs what is ready in an order drawn from a seed: the same seed brings the same interleaving back.</summary>
internal sealed class SeededDispatcher(ulong seed) : IDispatcher
{
    private readonly List<WorkItem> _ready = [];
    private ulong _draws;
    private Exception? _defect;

    public bool IsBusy => _ready.Count > 0;

    public Action? Idle { get; set; }

    public void Dispatch(WorkItem item) => _ready.Add(item);

    /// <summary>Runs one item; false when none is ready.</summary>
    public bool RunOne()
    {
        if (_ready.Count == 0)
            Idle?.Invoke();
        if (_ready.Count == 0)
            return false;
        var index = (int)(Domain.Mixing.Mix(seed, _draws++) % (ulong)_ready.Count);
        var item = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        try
        {
            item.Execute();
        }
        catch (Exception e)
        {
            // On threads this ends the process; here whoever waits for the item must not wait for ever.
            _defect = e;
            throw;
        }

        return true;
    }

    /// <summary>Runs until nothing is ready.</summary>
    public void RunUntilIdle()
    {
        while (RunOne())
        {
        }
    }

    public Task Await(Task condition)
    {
        if (_defect is not null)
            return Task.CompletedTask;

        // What the last item completed may reach the condition on another thread, a moment later.
        RunUntilIdle();
        return condition;
    }
}
