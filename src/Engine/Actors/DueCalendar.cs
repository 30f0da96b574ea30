using Amoe.Engine.Domain;

namespace Amoe.Engine.Actors;

/// <summary>
/// On which day to look at which student: derived from state, rebuilt on recovery (design decision 12). An entry whose student has another
/// next deadline by then is stale and is passed over.
/// </summary>
internal sealed class DueCalendar
{
    private readonly PriorityQueue<StudentId, UInt128> _queue = new();

    public void Add(DateOnly day, StudentId student) => _queue.Enqueue(student, new UInt128((ulong)day.DayNumber, student.Value));

    /// <summary>The next student to look at by a day, in the order of day and student.</summary>
    public bool TryTake(DateOnly day, out StudentId student)
    {
        if (_queue.TryPeek(out student, out var priority) && (int)(priority >> 64) <= day.DayNumber)
        {
            _queue.Dequeue();
            return true;
        }

        return false;
    }

    public bool HasDue(DateOnly day) => _queue.TryPeek(out _, out var priority) && (int)(priority >> 64) <= day.DayNumber;
}
