namespace Amoe.Engine.Cluster;

/// <summary>A queue whose elements are reached by their place. It grows to what it once held; how much that may be is its user's to limit.</summary>
internal sealed class Ring<T>
{
    private T[] _slots = [];
    private int _head;

    public int Count { get; private set; }

    /// <param name="place">Counted from the oldest.</param>
    public ref T this[int place] => ref _slots[(_head + place) & (_slots.Length - 1)];

    public void Add(in T element)
    {
        if (Count == _slots.Length)
            Grow();
        Count++;
        this[Count - 1] = element;
    }

    public T RemoveFirst()
    {
        ref var slot = ref this[0];
        var first = slot;
        slot = default!;
        _head = (_head + 1) & (_slots.Length - 1);
        Count--;
        return first;
    }

    /// <summary>Takes elements out, from a place on; the others keep their order.</summary>
    public void RemoveWhere(int from, Predicate<T> isOut)
    {
        var kept = from;
        for (var i = from; i < Count; i++)
        {
            if (!isOut(this[i]))
                this[kept++] = this[i];
        }

        for (var i = kept; i < Count; i++)
            this[i] = default!;
        Count = kept;
    }

    private void Grow()
    {
        var larger = new T[Math.Max(16, _slots.Length * 2)];
        for (var i = 0; i < Count; i++)
            larger[i] = this[i];
        (_slots, _head) = (larger, 0);
    }
}
