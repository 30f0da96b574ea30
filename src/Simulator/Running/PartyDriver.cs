using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Simulator.Running;

/// <summary>Drives one party shard through the virtual days, behind the student shards: nobody sends it commands, a day brings it their postings.</summary>
internal sealed class PartyDriver(int shard, ICommandTarget runtime, DateOnly opens, int days, RunControl control, Pace pace) : IReplyTo, IPaced
{
    bool IPaced.IsOfParties => true;

    /// <summary>Days closed, of the horizon's.</summary>
    public int DaysClosed { get; private set; }

    private DateOnly Day => opens.AddDays(DaysClosed);

    /// <summary>Takes up after the last closed day.</summary>
    public void Resume(DateOnly lastClosed)
    {
        while (Day <= lastClosed)
            CountDay();
    }

    public void Start() => BeginDay();

    public void Wake() => BeginDay();

    public void OnReply(StudentId student, in Reply reply)
    {
        if (!reply.IsDecision)
            control.Fail(student, reply);
        if (reply.Command.Kind != CommandKind.CloseDay)
            return;
        if (reply.IsDecision)
            CountDay();
        BeginDay();
    }

    private void CountDay()
    {
        pace.Through(this, DaysClosed);
        DaysClosed++;
    }

    private void BeginDay()
    {
        var sign = DaysClosed >= days || control.IsStopping ? PaceSign.Over : pace.Enter(this, DaysClosed);
        if (sign == PaceSign.Over)
            control.DriverDone();
        if (sign != PaceSign.Go)
            return;
        Post(CommandKind.OpenDay);
        Post(CommandKind.CloseDay);
    }

    private void Post(CommandKind mark)
    {
        if (!runtime.TryPostDay(shard, mark, Day, this))
            throw new InvalidOperationException($"shard {shard} is overloaded by its only sender");
    }
}
