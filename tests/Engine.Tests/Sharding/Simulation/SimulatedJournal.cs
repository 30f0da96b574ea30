using Amoe.Engine.Actors;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>Asks the journal's own actor to open a day.</summary>
/// <param name="Number">The asker's number of the question.</param>
internal sealed record DayAsked(long Number, OpenDay Open);

/// <summary>The answer of the journal's own actor.</summary>
/// <param name="Through">The last day that is open; null where it could not be opened.</param>
internal sealed record DayAnswered(long Number, DateOnly? Through);

/// <summary>
/// The journal's own actor on one host, as <see cref="JournalActor"/> is, with days alone. Two of them may live at
/// once: a day is an event under a sequence number.
/// </summary>
internal sealed class SimulatedJournal(SimulatedHost host)
{
    private readonly Queue<(DayAsked Asked, IPeer From)> _stash = new();
    private List<DateOnly>? _days;
    private bool _isBusy;

    private ClusterStore Store => host.World.Store;

    public void Open(DayAsked asked, IPeer from)
    {
        _stash.Enqueue((asked, from));
        GoOn();
    }

    private void GoOn()
    {
        if (_isBusy || _stash.Count == 0)
            return;
        if (_days is null)
        {
            _isBusy = true;
            Store.Call(host, () => Store.Days.ToList(), days => Settle(() => _days = days), () => Settle(GiveUp));
            return;
        }

        var (asked, from) = _stash.Dequeue();
        if (_days.Count > 0 && asked.Open.Wanted.Day <= _days[^1])
            Answer(from, asked, _days[^1]);
        else
            Write(asked, from, _days);
        GoOn();
    }

    private void Write(DayAsked asked, IPeer from, List<DateOnly> days)
    {
        _isBusy = true;
        var (number, day) = (days.Count + 1, asked.Open.Wanted.Day);
        Store.Call(host, () => TryWrite(number, day), isWritten => Settle(() =>
        {
            if (isWritten)
                days.Add(day);
            else
                _days = null;
            Answer(from, asked, isWritten ? day : null);
        }), () => Settle(() =>
        {
            _days = null;
            Answer(from, asked, null);
        }));
    }

    private bool TryWrite(int number, DateOnly day)
    {
        if (number <= Store.Days.Count)
            return false;
        Store.Days.Add(day);
        return true;
    }

    private void Settle(Action action)
    {
        _isBusy = false;
        action();
        GoOn();
    }

    private void GiveUp()
    {
        while (_stash.TryDequeue(out var waiting))
            Answer(waiting.From, waiting.Asked, null);
    }

    private void Answer(IPeer to, DayAsked asked, DateOnly? through) =>
        host.World.Network.Send(host, to, new DayAnswered(asked.Number, through));
}
