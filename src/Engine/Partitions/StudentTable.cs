using System.Collections;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Partitions;

/// <summary>
/// A bucket's students by id. A plain table, each entry with its own key: one reference a student where a dictionary
/// keeps three times that, and one memory access before the cell, which matters because a day touches its students in
/// no order that a cache could know. Students stay; one leaves only when nothing of him was ever decided.
/// </summary>
internal sealed class StudentTable : IEnumerable<StudentActor>
{
    private const int SlotsMin = 16;

    private StudentActor?[] _slots = new StudentActor?[SlotsMin];

    public int Count { get; private set; }

    public StudentActor? Find(StudentId student)
    {
        var slots = _slots;
        for (var i = SlotOf(student, slots.Length); slots[i] is { } cell; i = After(i, slots))
        {
            if (cell.Id == student)
                return cell;
        }

        return null;
    }

    /// <summary>
    /// Who is in the student's slot: mostly the student. Reads the table alone, and no one in it.
    /// </summary>
    public StudentActor? LikelyOf(StudentId student) => _slots[SlotOf(student, _slots.Length)];

    /// <summary>Adds a student who is not there, or puts a cell in the place of the one he has.</summary>
    public void Put(StudentActor cell)
    {
        if (Place(_slots, cell))
            return;

        // Two slots in three at most: probes stay short. And four in nine at least: a slot is eight bytes.
        if (++Count * 3L <= _slots.Length * 2L)
            return;
        var grown = new StudentActor?[_slots.Length + _slots.Length / 2];
        foreach (var moved in this)
            Place(grown, moved);
        _slots = grown;
    }

    /// <summary>Takes a student out, and moves up those behind him in the same run of slots.</summary>
    public void Remove(StudentId student)
    {
        var slots = _slots;
        var hole = SlotOf(student, slots.Length);
        while (slots[hole] is { } cell && cell.Id != student)
            hole = After(hole, slots);
        if (slots[hole] is null)
            return;
        Count--;
        for (var i = After(hole, slots); slots[i] is { } next; i = After(i, slots))
        {
            // One who is before his own slot would not be found: he may fill the hole only if his slot is not after
            // it.
            if (Distance(SlotOf(next.Id, slots.Length), i, slots) < Distance(hole, i, slots))
                continue;
            slots[hole] = next;
            hole = i;
        }

        slots[hole] = null;
    }

    public IEnumerator<StudentActor> GetEnumerator()
    {
        foreach (var cell in _slots)
        {
            if (cell is not null)
                yield return cell;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>True when the student was there already.</summary>
    private static bool Place(StudentActor?[] slots, StudentActor cell)
    {
        var i = SlotOf(cell.Id, slots.Length);
        while (slots[i] is { } other && other.Id != cell.Id)
            i = After(i, slots);
        var known = slots[i] is not null;
        slots[i] = cell;
        return known;
    }

    // The low bits chose the partition, the highest the bucket: within one they are all alike. A product and no
    // remainder: the slots are no power of two.
    private static int SlotOf(StudentId student, int slots) =>
        (int)((uint)(Mixing.Mix(student.Value) >> 24) * (ulong)slots >> 32);

    private static int After(int slot, StudentActor?[] slots) => slot + 1 < slots.Length ? slot + 1 : 0;

    private static int Distance(int from, int to, StudentActor?[] slots) =>
        to >= from ? to - from : to - from + slots.Length;
}
