using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Simulator.Running;

/// <summary>
/// Drives one ledger partition through the virtual days, behind the student partitions: it gets no commands, a day
/// brings it their postings.
/// </summary>
internal sealed class LedgerDriver : IReplyTo, IPaced
{
    private readonly int _partition;
    private readonly ICommandTarget _runtime;
    private readonly DateOnly _opens;
    private readonly int _days;
    private readonly RunControl _control;
    private readonly DayBarrier _barrier;
    private readonly Resending _resending;
    private int _outstanding;

    public LedgerDriver(
        int partition, ICommandTarget runtime, DateOnly opens, int days, RunControl control, DayBarrier barrier)
    {
        (_partition, _runtime, _opens, _days, _control, _barrier) = (partition, runtime, opens, days, control, barrier);
        _resending = new Resending(partition, runtime, control, PostDay);
    }

    bool IPaced.IsOfParties => true;

    long IReplyTo.Incarnation => _resending.Incarnation;

    /// <summary>Days closed, of the horizon's.</summary>
    public int DaysClosed { get; private set; }

    private DateOnly Day => _opens.AddDays(DaysClosed);

    /// <summary>Takes up after the last closed day.</summary>
    public void Resume(DateOnly lastClosed)
    {
        while (Day <= lastClosed)
            CountDay();
    }

    public void Start()
    {
        _resending.Begin();
        BeginDay();
    }

    public void Wake() => BeginDay();

    public void OnReply(StudentId student, in Reply reply)
    {
        if (!reply.IsDecision && !_resending.TakeLost(student, reply))
            _control.Fail(student, reply);
        if (Interlocked.Decrement(ref _outstanding) > 0)
            return;
        if (_control.HasFailed)
        {
            _control.DriverDone();
        }
        else if (_resending.HasLost)
        {
            if (!_resending.TryAgainLater())
                _control.DriverDone();
        }
        else
        {
            _resending.Succeeded();
            CountDay();
            BeginDay();
        }
    }

    private void CountDay()
    {
        _barrier.Through(this, DaysClosed);
        DaysClosed++;
    }

    private void BeginDay()
    {
        var sign = DaysClosed >= _days || _control.IsStopping ? BarrierSign.Over : _barrier.Enter(this, DaysClosed);
        if (sign == BarrierSign.Over)
            _control.DriverDone();
        if (sign != BarrierSign.Go)
            return;
        PostDay();
    }

    private void PostDay()
    {
        _outstanding = 2;
        Post(CommandKind.OpenDay);
        Post(CommandKind.CloseDay);
    }

    private void Post(CommandKind mark)
    {
        if (!_runtime.TryPostDay(_partition, mark, Day, this))
            throw new InvalidOperationException($"partition {_partition} is overloaded by its only sender");
    }
}
