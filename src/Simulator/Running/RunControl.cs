using Amoe.Engine.Domain;

namespace Amoe.Simulator.Running;

/// <summary>
/// The state that the drivers of a run share: when to stop, whether something failed, when all are done.
/// </summary>
/// <param name="patience">
/// How long a driver waits for a store that went; zero where a lost command ends the run.
/// </param>
internal sealed class RunControl(
    int drivers, DayBarrier? barrier = null, TimeSpan patience = default, TimeProvider? time = null)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = drivers;
    private volatile bool _stopping;
    private string? _failure;
    private volatile bool _lostCommit;

    /// <summary>True where what was lost is sent again.</summary>
    public bool IsPatient => patience > TimeSpan.Zero;

    /// <summary>Waits for stores that went; of no use without patience.</summary>
    public TimeProvider Time => time ?? TimeProvider.System;

    /// <summary>How long a driver waits.</summary>
    public TimeSpan Patience => patience;

    /// <summary>Done when every driver has ended: its last day is durable, or the run failed.</summary>
    public Task Done => _done.Task;

    /// <summary>True when no driver is to begin another day.</summary>
    public bool IsStopping => _stopping || HasFailed;

    public bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>The first thing that failed, or null.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>True when a command was lost with a commit: the store failed, not the engine.</summary>
    public bool LostCommit => _lostCommit;

    public void Stop()
    {
        _stopping = true;
        barrier?.End();
    }

    /// <summary>
    /// A command was not decided: the run cannot go on, because its traffic would no longer be that of the seed.
    /// </summary>
    public void Fail(StudentId student, in Reply reply)
    {
        if (reply.Outcome == Outcome.Unknown)
            _lostCommit = true;
        Interlocked.CompareExchange(
            ref _failure, $"command {reply.Command} of student {student} was answered {reply.Outcome}", null);
        barrier?.End();
    }

    public void DriverDone()
    {
        if (Interlocked.Decrement(ref _left) == 0)
            _done.TrySetResult();
    }
}
