using Amoe.Engine.Bytes;

namespace Amoe.Engine.Figures;

// What is kept by month: the changes of the counters, copied when the next month's first day opens, so that no event
// pays for it. The open month is what the counters have and the months before it do not.
public sealed partial class Totals
{
    // Months that are over. A sum of totals has a part of each. Replaced whole: a display may read it while a partition
    // counts.
    private MonthPart[] _months = [];

    /// <summary>The first days of the months, from the first with a change through that of the open day.</summary>
    public IReadOnlyList<DateOnly> Months
    {
        get
        {
            var parts = MonthParts();
            if (parts.Length == 0)
                return [];
            var (first, last) = (parts.Min(part => part.Month), parts.Max(part => part.Month));
            last = Math.Max(last, MonthPart.Of(Day));
            return [.. Enumerable.Range(first, last - first + 1).Select(MonthPart.FirstDayOf)];
        }
    }

    /// <summary>
    /// What became known in the month of a day: the counters' changes, of the open month up to now. Added up over
    /// <see cref="Months"/> they are these totals. A month has no days of its own, and what ledgers add to
    /// <see cref="Counter.Events"/> is in the open month.
    /// </summary>
    public Totals InMonthOf(DateOnly day)
    {
        var month = new Totals();
        foreach (var part in MonthParts())
        {
            if (part.Month == MonthPart.Of(day))
                part.AddTo(month._counters);
        }

        return month;
    }

    private void EndMonth() => _months = MonthParts();

    private void AddMonths(Totals other) => _months = [.. _months, .. other.MonthParts()];

    /// <summary>The months that are over, and the open one if anything changed in it.</summary>
    private MonthPart[] MonthParts()
    {
        var over = _months;
        Span<long> changes = stackalloc long[Length];
        _counters.CopyTo(changes);
        foreach (var part in over)
            part.AddTo(changes, -1);
        var open = MonthPart.From(MonthPart.Of(Day), changes);
        return open.Counters.Length == 0 ? over : [.. over, open];
    }

    private void WriteMonths(ByteWriter w)
    {
        w.Varint((ulong)_months.Length);
        foreach (var part in _months)
            part.Write(w);
    }

    private void ReadMonths(ref ByteReader r)
    {
        _months = new MonthPart[r.Int()];
        for (var i = 0; i < _months.Length; i++)
            _months[i] = MonthPart.Read(ref r);
    }
}
