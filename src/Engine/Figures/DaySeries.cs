using Amoe.Engine.Bytes;

namespace Amoe.Engine.Figures;

/// <summary>
/// By how much figures changed on each day. Changes add up over partitions whatever day each is in; what was in force
/// at the close of a day is the sum of the changes up to it. Days without a change have no row.
/// </summary>
public sealed class DaySeries
{
    private const int Figures = (int)DayFigure.Last;

    // Replaced whole when it grows, and filled before it is counted: a display may read it while a partition counts.
    private Rows _rows = new([], []);
    private int _count;

    /// <summary>The first day with a change; none before there is one.</summary>
    public DateOnly First => _count == 0 ? default : DateOnly.FromDayNumber(_rows.Days[0]);

    /// <summary>The last day with a change; none before there is one.</summary>
    public DateOnly Last => _count == 0 ? default : DateOnly.FromDayNumber(_rows.Days[_count - 1]);

    /// <summary>The changes of a figure, one for each day of a period.</summary>
    public long[] Changes(DayFigure figure, DateOnly from, DateOnly through)
    {
        var changes = new long[Math.Max(0, through.DayNumber - from.DayNumber + 1)];
        for (var i = 0; i < _count; i++)
        {
            if (_rows.Days[i] - from.DayNumber is var at && at >= 0 && at < changes.Length)
                changes[at] = _rows.Changes[i * Figures + (int)figure];
        }

        return changes;
    }

    /// <summary>A figure at the close of each day of a period that begins with the first change or before.</summary>
    public long[] Closing(DayFigure figure, DateOnly from, DateOnly through)
    {
        var closing = Changes(figure, from, through);
        for (var i = 1; i < closing.Length; i++)
            closing[i] += closing[i - 1];
        return closing;
    }

    /// <summary>The most that a figure was at the close of a day.</summary>
    public long Peak(DayFigure figure)
    {
        var (peak, sum) = (0L, 0L);
        for (var i = 0; i < _count; i++)
            peak = Math.Max(peak, sum += _rows.Changes[i * Figures + (int)figure]);
        return peak;
    }

    internal void Add(DaySeries other)
    {
        var count = Volatile.Read(ref other._count);
        var rows = other._rows;
        for (var i = 0; i < count; i++)
        {
            var changes = On(rows.Days[i]);
            for (var figure = 0; figure < Figures; figure++)
                changes[figure] += rows.Changes[i * Figures + figure];
        }
    }

    /// <summary>The changes of a day, by figure.</summary>
    internal Span<long> On(int day)
    {
        var at = _count > 0 && _rows.Days[_count - 1] < day ? ~_count : Array.BinarySearch(_rows.Days, 0, _count, day);
        if (at < 0)
            Insert(at = ~at, day);
        return _rows.Changes.AsSpan(at * Figures, Figures);
    }

    internal void Write(ByteWriter w)
    {
        w.Varint((ulong)_count);
        var before = 0;
        for (var i = 0; i < _count; i++)
        {
            w.Varint((ulong)(_rows.Days[i] - before));
            before = _rows.Days[i];
            foreach (var change in _rows.Changes.AsSpan(i * Figures, Figures))
                w.Signed(change);
        }
    }

    internal void Read(ref ByteReader r)
    {
        var day = 0;
        for (var left = r.Int(); left > 0; left--)
        {
            day += r.Int();
            foreach (ref var change in On(day))
                change = r.Signed();
        }
    }

    private void Insert(int at, int day)
    {
        var rows = _rows;
        if (_count == rows.Days.Length || at < _count)
        {
            var length = _count + 1 + Math.Min(_count, 64);
            rows = new Rows(new int[length], new long[length * Figures]);
            Array.Copy(_rows.Days, rows.Days, at);
            Array.Copy(_rows.Days, at, rows.Days, at + 1, _count - at);
            Array.Copy(_rows.Changes, rows.Changes, at * Figures);
            Array.Copy(_rows.Changes, at * Figures, rows.Changes, (at + 1) * Figures, (_count - at) * Figures);
        }

        rows.Days[at] = day;
        _rows = rows;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <param name="Days">Their numbers, rising.</param>
    /// <param name="Changes">Of each day one for every figure.</param>
    private sealed record Rows(int[] Days, long[] Changes);
}
