using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Simulator.Running;

/// <summary>Drives one party shard through the virtual days, behind the student shards: nobody sends it commands, a day brings it their postings.</summary>
internal sealed class PartyDriver : IReplyTo, IPaced
{
    private readonly int _shard;
    private readonly ICommandTarget _runtime;
    private readonly DateOnly _opens;
    private readonly int _days;
    private readonly RunControl _control;
    private readonly Pace _pace;
    private readonly Resending _resending;
    private int _outstanding;

    public PartyDriver(int shard, ICommandTarget runtime, DateOnly opens, int days, RunControl control, Pace pace)
    {
        (_shard, _runtime, _opens, _days, _control, _pace) = (shard, runtime, opens, days, control, pace);
        _resending = new Resending(shard, runtime, control, PostDay);
    }

    bool IPaced.IsOfParties => true;

    long IReplyTo.Life => _resending.Life;

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
        _pace.Through(this, DaysClosed);
        DaysClosed++;
    }

    private void BeginDay()
    {
        var sign = DaysClosed >= _days || _control.IsStopping ? PaceSign.Over : _pace.Enter(this, DaysClosed);
        if (sign == PaceSign.Over)
            _control.DriverDone();
        if (sign != PaceSign.Go)
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
        if (!_runtime.TryPostDay(_shard, mark, Day, this))
            throw new InvalidOperationException($"shard {_shard} is overloaded by its only sender");
    }
}
