using Amoe.Engine.Domain;

namespace Amoe.Engine.Partitions;

/// <summary>
/// On which day to look at which student: derived from state, rebuilt on recovery. An entry whose student has another
/// next deadline by then is stale and is passed over. Eight bytes an entry: a nation has one each.
/// </summary>
internal sealed class DueCalendar
{
    private readonly Dictionary<int, List<StudentId>> _students = [];
    private readonly PriorityQueue<int, int> _days = new();
    private int _sorted = -1;

    public void Add(DateOnly day, StudentId student)
    {
        if (!_students.TryGetValue(day.DayNumber, out var students))
        {
            _students.Add(day.DayNumber, students = []);
            _days.Enqueue(day.DayNumber, day.DayNumber);
        }

        students.Add(student);
        if (_sorted == day.DayNumber)
            _sorted = -1;
    }

    public bool HasDue(DateOnly day) => _days.TryPeek(out var earliest, out _) && earliest <= day.DayNumber;

    /// <summary>The next student to look at by a day, in the order of day and student.</summary>
    public bool TryTake(DateOnly day, out StudentId student)
    {
        if (!HasDue(day))
        {
            student = default;
            return false;
        }

        var earliest = _days.Peek();
        var students = _students[earliest];
        if (_sorted != earliest)
        {
            // Backwards, so that the next one is the last.
            students.Sort((left, right) => right.CompareTo(left));
            _sorted = earliest;
        }

        student = students[^1];
        students.RemoveAt(students.Count - 1);
        if (students.Count == 0)
        {
            _students.Remove(earliest);
            _days.Dequeue();
        }

        return true;
    }
}
