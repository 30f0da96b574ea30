using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Simulator.Running;

/// <summary>
/// Waits, for one driver, for a store that went, and says when the driver may send again what was lost with it. What a
/// driver sends is for one incarnation of its partition, so nothing overtakes what was lost.
/// </summary>
/// <param name="again">Called to send again, by a timer's thread.</param>
internal sealed class Resending(int partition, ICommandTarget target, RunControl control, Action again)
{
    private static readonly TimeSpan _tryEvery = TimeSpan.FromMilliseconds(100);

    private ITimer? _timer;
    private long _lostSince;

    // The last one.
    private volatile Tuple<StudentId, Reply>? _lost;

    /// <summary>The incarnation that the driver speaks to.</summary>
    public long Incarnation { get; private set; }

    /// <summary>True when something was lost since the driver last sent.</summary>
    public bool HasLost => _lost is not null;

    /// <summary>The driver sends for the first time.</summary>
    public void Begin() => Incarnation = control.IsPatient ? target.IncarnationOf(partition) : 0;

    /// <summary>An answer is no decision. Any thread says so.</summary>
    /// <returns>True when what it answers was lost, and is to be sent again.</returns>
    public bool TakeLost(StudentId student, in Reply reply)
    {
        if (!control.IsPatient || reply.Outcome != Outcome.Unknown)
            return false;
        _lost = Tuple.Create(student, reply);
        return true;
    }

    /// <summary>Everything that the driver sent was answered, and nothing was lost.</summary>
    public void Succeeded() => _lostSince = 0;

    /// <summary>
    /// Everything was answered, and something was lost: the driver sends again soon. Where it was waited for
    /// too long, or the partition serves no more, the run has failed.
    /// </summary>
    /// <returns>False when the run has failed.</returns>
    public bool TryAgainLater()
    {
        var (student, reply) = _lost!;
        _lost = null;
        if (_lostSince == 0)
            _lostSince = control.Time.GetTimestamp();
        if (target.IncarnationOf(partition) == ICommandTarget.NoIncarnation
            || control.Time.GetElapsedTime(_lostSince) > control.Patience)
            control.Fail(student, reply);
        if (control.HasFailed)
            return false;
        _timer ??= control.Time.CreateTimer(_ => Again(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_tryEvery, Timeout.InfiniteTimeSpan);
        return true;
    }

    private void Again()
    {
        Incarnation = target.IncarnationOf(partition);
        again();
    }
}
