using Amoe.Engine.Domain;

namespace Amoe.Engine.Partitions;

/// <summary>
/// Loads students into the processor's cache before a turn decides them or a replay applies their records, one step of
/// the look-up for all students before the next. The reads of one step do not depend on each other, so the processor
/// waits for memory for many students at a time. One student after the other, it waits for each.
/// </summary>
internal sealed class StudentPrefetch(PartitionState state)
{
    private readonly List<StudentId> _students = [];
    private readonly List<StudentActor?> _likely = [];

    // The sum of what was read: a read without a use would be optimised away.
    private ulong _read;

    public int Count => _students.Count;

    public void Add(StudentId student)
    {
        _students.Add(student);
        _likely.Add(state.BucketOf(student).Students.LikelyOf(student));
    }

    /// <summary>Loads the students that were added, and forgets them.</summary>
    public void Load()
    {
        foreach (var student in _likely)
            _read += student?.Id.Value ?? 0;
        foreach (var id in _students)
            _read += state.Find(id)?.Touch() ?? 0;
        _students.Clear();
        _likely.Clear();
    }
}
