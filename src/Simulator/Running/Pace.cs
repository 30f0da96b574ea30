using Amoe.Engine.Domain.Parties;

namespace Amoe.Simulator.Running;

/// <summary>
/// How far shards may be apart. A party shard opens a day when every student shard has closed the day before, so that it finds all their postings; a student
/// shard opens one when every party shard has opened the day from which a set-off would have its value on it. Between the two there is no barrier.
/// </summary>
internal sealed class Pace(int studentShards, int partyShards, int days)
{
    private readonly Lock _gate = new();
    private readonly List<(IPaced Driver, int Day)> _waiting = [];
    private readonly Side _students = new(studentShards, days);
    private readonly Side _parties = new(partyShards, days);
    private bool _isOver;

    /// <summary>Asks whether a day may begin; a driver that is to wait is woken when it may, or when the run ends.</summary>
    public PaceSign Enter(IPaced driver, int day)
    {
        lock (_gate)
        {
            if (_isOver)
                return PaceSign.Over;
            if (MayBegin(driver, day))
                return PaceSign.Go;
            _waiting.Add((driver, day));
            return PaceSign.Wait;
        }
    }

    /// <summary>A driver's shard is through with a day, durably.</summary>
    public void Through(IPaced driver, int day)
    {
        List<IPaced> ready;
        lock (_gate)
        {
            if (!(driver.IsOfParties ? _parties : _students).Count(day))
                return;
            ready = [.. _waiting.Where(waiting => MayBegin(waiting.Driver, waiting.Day)).Select(waiting => waiting.Driver)];
            _waiting.RemoveAll(waiting => MayBegin(waiting.Driver, waiting.Day));
        }

        Wake(ready);
    }

    /// <summary>Nobody begins another day.</summary>
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

    private bool MayBegin(IPaced driver, int day) => driver.IsOfParties ? _students.Days >= day : _parties.Days > day - LedgerDecider.ValueDays;

    private static void Wake(List<IPaced> drivers)
    {
        foreach (var driver in drivers)
            driver.Wake();
    }

    /// <summary>Counts the shards that are through with each day.</summary>
    private sealed class Side(int shards, int days)
    {
        private readonly int[] _through = new int[days];

        /// <summary>Days that every shard is through with.</summary>
        public int Days { get; private set; }

        /// <summary>True when this was the last shard of the day.</summary>
        public bool Count(int day)
        {
            _through[day]++;
            var before = Days;
            while (Days < _through.Length && _through[Days] == shards)
                Days++;
            return Days > before;
        }
    }
}

/// <summary>A driver that may have to wait for others.</summary>
internal interface IPaced
{
    /// <summary>True for the driver of a party shard.</summary>
    bool IsOfParties { get; }

    /// <summary>It may go on, or is to end: called by whichever thread made it so.</summary>
    void Wake();
}

/// <summary>Whether a day may begin.</summary>
internal enum PaceSign
{
    Go,
    Wait,
    Over,
}
