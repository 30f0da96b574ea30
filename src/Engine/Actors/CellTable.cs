using System.Collections;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Actors;

/// <summary>
/// A shard's students by id. A plain table of cells, each with its own key: one reference a student where a dictionary keeps three times that, and
/// one memory access before the cell, which matters because a day touches its students in no order that a cache could know.
/// Students never leave, so there is no removal.
/// </summary>
internal sealed class CellTable : IEnumerable<StudentCell>
{
    private const int SlotsMin = 16;

    private StudentCell?[] _slots = new StudentCell?[SlotsMin];

    public int Count { get; private set; }

    public StudentCell? Find(StudentId student)
    {
        var slots = _slots;
        for (var i = SlotOf(student, slots.Length); slots[i] is { } cell; i = (i + 1) & (slots.Length - 1))
        {
            if (cell.Id == student)
                return cell;
        }

        return null;
    }

    /// <summary>Adds a student who is not there, or puts a cell in the place of the one he has.</summary>
    public void Put(StudentCell cell)
    {
        if (Place(_slots, cell))
            return;

        // Two slots in three at most: probes stay short.
        if (++Count * 3 <= _slots.Length * 2)
            return;
        var grown = new StudentCell?[_slots.Length * 2];
        foreach (var moved in this)
            Place(grown, moved);
        _slots = grown;
    }

    public IEnumerator<StudentCell> GetEnumerator()
    {
        foreach (var cell in _slots)
        {
            if (cell is not null)
                yield return cell;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>True when the student was there already.</summary>
    private static bool Place(StudentCell?[] slots, StudentCell cell)
    {
        var i = SlotOf(cell.Id, slots.Length);
        while (slots[i] is { } other && other.Id != cell.Id)
            i = (i + 1) & (slots.Length - 1);
        var known = slots[i] is not null;
        slots[i] = cell;
        return known;
    }

    // The low bits chose the shard: within one they are all alike.
    private static int SlotOf(StudentId student, int slots) => (int)(Mixing.Mix(student.Value) >> 32) & (slots - 1);
}
