using Amoe.Engine.Bytes;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Figures;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>Compares two states of one partition, whatever their numbers of buckets.</summary>
internal static class StateComparison
{
    /// <summary>The first difference, or null.</summary>
    public static string? Difference(PartitionState expected, PartitionState actual) =>
        Different("digest", expected.Digest, actual.Digest)
        ?? Different("next record", expected.Offset, actual.Offset)
        ?? Different("sequence number", expected.SequenceNumber, actual.SequenceNumber)
        ?? Different("day", (expected.Day, expected.LastClosed), (actual.Day, actual.LastClosed))
        ?? Different("open claims", expected.OpenClaimCount, actual.OpenClaimCount)
        ?? Different("totals", Counted(expected.Totals), Counted(actual.Totals))
        ?? Different("outbox", Posted(expected), Posted(actual))
        ?? Different("ledgers", Booked(expected), Booked(actual))
        ?? DifferenceOfStudents(expected, actual);

    private static string? DifferenceOfStudents(PartitionState expected, PartitionState actual)
    {
        if (Different("students", Ids(expected), Ids(actual)) is { } difference)
            return difference;
        foreach (var student in expected.Students)
        {
            var other = actual.Find(student.Id)!;
            if ((Different("next due date", student.NextDueOn, other.NextDueOn)
                ?? Different("state", Hex(student), Hex(other))) is { } found)
                return $"student {student.Id}: {found}";
        }

        return null;
    }

    private static string? Different<T>(string what, T expected, T actual) =>
        EqualityComparer<T>.Default.Equals(expected, actual)
            ? null
            : $"its {what} is {actual} and should be {expected}";

    private static string Ids(PartitionState state) =>
        string.Join(' ', state.Students.Select(student => student.Id).Order());

    /// <summary>The postings of the open day. The order of its students does not matter.</summary>
    private static string Posted(PartitionState state) =>
        state.Outbox is { } outbox
            ? $"{outbox.Sealed}: {string.Join(' ', outbox.Open.Select(posting => $"{posting}").Order())}"
            : "";

    /// <summary>Every counter, in the order of a snapshot.</summary>
    public static List<long> Counters(Totals totals)
    {
        var w = new ByteWriter();
        totals.Write(w);
        var r = new ByteReader(w.Written);
        var numbers = new List<long>();
        for (var left = r.Int(); left > 0; left--)
            numbers.Add(r.Signed());
        return numbers;
    }

    /// <summary>
    /// Counters, and the changes of each month and day. A day whose buckets' changes come to nothing has none.
    /// </summary>
    private static string Counted(Totals totals)
    {
        var w = new ByteWriter();
        totals.Days.Write(w);
        var r = new ByteReader(w.Written);
        List<string> days = [];
        var day = 0;
        for (var left = r.Int(); left > 0; left--)
        {
            day += r.Int();
            var changes = new long[(int)DayFigure.Last];
            foreach (ref var change in changes.AsSpan())
                change = r.Signed();
            if (changes.Any(change => change != 0))
                days.Add($"{day}: {string.Join(' ', changes)}");
        }

        var months = totals.Months.Select(month =>
            $"{month:yyyy-MM}: {string.Join(' ', Counters(totals.InMonthOf(month)))}");
        return $"{string.Join(' ', Counters(totals))}; day {totals.Day:yyyy-MM-dd}; {string.Join("; ", days)}; "
            + string.Join("; ", months);
    }

    private static string Booked(PartitionState state) =>
        state.Ledgers is { } ledgers ? Hex(w => PartySnapshot.Write(w, ledgers)) : "";

    /// <summary>
    /// All that a snapshot keeps of one student. The order in which claims were passivated says nothing.
    /// </summary>
    private static string Hex(StudentActor student)
    {
        var w = new ByteWriter();
        SnapshotCodec.Write(w, student);
        var r = new ByteReader(w.Written);
        var copy = SnapshotCodec.ReadStudent(ref r);
        var ordered = new PassivatedClaims();
        foreach (var claim in copy.PassivatedClaims.ToList().OrderBy(claim => claim.Number))
            ordered.Add(claim);
        copy.PassivatedClaims = ordered;
        return Hex(writer => SnapshotCodec.Write(writer, copy));
    }

    private static string Hex(Action<ByteWriter> write)
    {
        var w = new ByteWriter();
        write(w);
        return Convert.ToHexString(w.Written);
    }
}
