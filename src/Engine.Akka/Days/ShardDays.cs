using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Akka.Days;

/// <summary>The days of one shard of students, and who is to be looked at when.</summary>
internal sealed class ShardDays
{
    private readonly SortedDictionary<DateOnly, HashSet<StudentId>> _due = [];

    /// <summary>The day last opened.</summary>
    public DateOnly Day { get; private set; }

    public DateOnly LastClosed { get; private set; }

    /// <summary>Students to be looked at, each as often as he is noted.</summary>
    public int Count { get; private set; }

    public void Open(DateOnly day) => Day = day > Day ? day : Day;

    public void Close(DateOnly day) => LastClosed = day > LastClosed ? day : LastClosed;

    public void Note(StudentId student, DateOnly day)
    {
        if (!_due.TryGetValue(day, out var students))
            _due[day] = students = [];
        if (students.Add(student))
            Count++;
    }

    /// <summary>The first day after the open one, and not after another, on which somebody is to be looked at; that other one when nobody is.</summary>
    public DateOnly NextUntil(DateOnly day) => Day == default || _due.Count == 0 || _due.Keys.First() is var first && first >= day ? day : first > Day ? first : Day;

    /// <summary>Takes those who are to be looked at by the open day.</summary>
    public List<StudentId> TakeDue()
    {
        var due = new List<StudentId>();
        while (_due.Count > 0 && _due.First() is var (day, students) && day <= Day)
        {
            due.AddRange(students);
            Remove(day);
        }

        return due;
    }

    /// <summary>Forgets those who were looked at.</summary>
    public void Settle(DateOnly day)
    {
        foreach (var past in _due.Keys.TakeWhile(due => due <= day).ToList())
            Remove(past);
    }

    /// <summary>The entries that make it so.</summary>
    public IEnumerable<CalendarEntry> Entries(int shard)
    {
        if (Day != default)
            yield return new DayMarked(shard, IsClosed: false, Day);
        if (LastClosed != default)
            yield return new DayMarked(shard, IsClosed: true, LastClosed);
        foreach (var (day, students) in _due)
        {
            foreach (var student in students)
                yield return new DeadlineNoted(student, day);
        }
    }

    private void Remove(DateOnly day)
    {
        if (_due.Remove(day, out var students))
            Count -= students.Count;
    }
}
