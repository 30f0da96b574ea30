using Amoe.Engine.Domain.Parties;

namespace Amoe.Simulator.Running;

/// <summary>
/// The day barrier: how far partitions may be apart in virtual time. A ledger partition opens a day when every student
/// partition has closed the day before, so that it finds all their postings; a student partition opens one when every
/// ledger partition has opened the day from which a set-off would have its value on it. Nothing else is waited for.
/// </summary>
internal sealed class DayBarrier(int studentPartitions, int ledgerPartitions, int days)
{
    private readonly Lock _gate = new();
    private readonly List<(IPaced Driver, int Day)> _waiting = [];
    private readonly Side _students = new(studentPartitions, days);
    private readonly Side _parties = new(ledgerPartitions, days);
    private bool _isOver;

    /// <summary>
    /// Receives the number of days that every student partition has closed, whenever it grows: from the thread that
    /// closed the last of them, and so one call after another.
    /// </summary>
    public Action<int>? Closed { get; set; }

    /// <summary>
    /// Asks whether a day may begin; a driver that is to wait is woken when it may, or when the run ends.
    /// </summary>
    public BarrierSign Enter(IPaced driver, int day)
    {
        lock (_gate)
        {
            if (_isOver)
                return BarrierSign.Over;
            if (MayBegin(driver, day))
                return BarrierSign.Go;
            _waiting.Add((driver, day));
            return BarrierSign.Wait;
        }
    }

    /// <summary>A driver's partition is through with a day, durably.</summary>
    public void Through(IPaced driver, int day)
    {
        List<IPaced> ready;
        int closed;
        lock (_gate)
        {
            if (!(driver.IsOfParties ? _parties : _students).Count(day))
                return;
            ready = [.. _waiting.Where(waiting => MayBegin(waiting.Driver, waiting.Day))
                .Select(waiting => waiting.Driver)];
            _waiting.RemoveAll(waiting => MayBegin(waiting.Driver, waiting.Day));
            closed = _students.Days;
        }

        if (!driver.IsOfParties)
            Closed?.Invoke(closed);
        Wake(ready);
    }

    /// <summary>No driver begins another day.</summary>
    public void End()
    {
        List<IPaced> left;
        lock (_gate)
        {
            _isOver = true;
            left = [.. _waiting.Select(waiting => waiting.Driver)];
            _waiting.Clear();
        }

        Wake(left);
    }

    private bool MayBegin(IPaced driver, int day) =>
        driver.IsOfParties ? _students.Days >= day : _parties.Days > day - LedgerDecider.ValueDays;

    private static void Wake(List<IPaced> drivers)
    {
        foreach (var driver in drivers)
            driver.Wake();
    }

    /// <summary>Counts the partitions that are through with each day.</summary>
    private sealed class Side(int partitions, int days)
    {
        private readonly int[] _through = new int[days];

        /// <summary>Days that every partition is through with.</summary>
        public int Days { get; private set; }

        /// <summary>True when this was the last partition of the day.</summary>
        public bool Count(int day)
        {
            _through[day]++;
            var before = Days;
            while (Days < _through.Length && _through[Days] == partitions)
                Days++;
            return Days > before;
        }
    }
}

/// <summary>A driver that may have to wait for others.</summary>
internal interface IPaced
{
    /// <summary>True for the driver of a ledger partition.</summary>
    bool IsOfParties { get; }

    /// <summary>It may go on, or is to end: called by whichever thread made it so.</summary>
    void Wake();
}

/// <summary>Whether a day may begin.</summary>
internal enum BarrierSign
{
    Go,
    Wait,
    Over,
}
