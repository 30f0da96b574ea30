using Amoe.Engine.Bytes;

namespace Amoe.Engine.Figures;

/// <summary>By how much counters of <see cref="Totals"/> changed within a month: those alone that did.</summary>
/// <param name="Month">See <see cref="Of"/>.</param>
/// <param name="Counters">Where they are among the counters, rising.</param>
/// <param name="Changes">Of each of these counters one.</param>
internal sealed record MonthPart(int Month, int[] Counters, long[] Changes)
{
    /// <summary>The number of a day's month, rising by one from each month to the next.</summary>
    public static int Of(DateOnly day) => day.Year * 12 + day.Month - 1;

    /// <summary>The first day of a month.</summary>
    public static DateOnly FirstDayOf(int month) => new(month / 12, month % 12 + 1, 1);

    /// <summary>Every change that is not zero.</summary>
    public static MonthPart From(int month, ReadOnlySpan<long> changes)
    {
        var (counters, kept) = (new List<int>(), new List<long>());
        for (var i = 0; i < changes.Length; i++)
        {
            if (changes[i] == 0)
                continue;
            counters.Add(i);
            kept.Add(changes[i]);
        }

        return new MonthPart(month, [.. counters], [.. kept]);
    }

    /// <param name="step">1, or -1 to take the changes away.</param>
    public void AddTo(Span<long> counters, int step = 1)
    {
        for (var i = 0; i < Counters.Length; i++)
            counters[Counters[i]] += step * Changes[i];
    }

    public void Write(ByteWriter w)
    {
        w.Varint((ulong)Month);
        w.Varint((ulong)Counters.Length);
        var before = 0;
        for (var i = 0; i < Counters.Length; i++)
        {
            w.Varint((ulong)(Counters[i] - before));
            w.Signed(Changes[i]);
            before = Counters[i];
        }
    }

    public static MonthPart Read(ref ByteReader r)
    {
        var (month, count) = (r.Int(), r.Int());
        var (counters, changes, before) = (new int[count], new long[count], 0);
        for (var i = 0; i < count; i++)
        {
            counters[i] = before += r.Int();
            changes[i] = r.Signed();
        }

        return new MonthPart(month, counters, changes);
    }
}
