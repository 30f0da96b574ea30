using System.Collections;
using System.Runtime.CompilerServices;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// A right of one academic year: entitlement from <paramref name="From"/> to <paramref name="GraceUntil"/>, both
/// included (D4, D8, T2).
/// </summary>
/// <param name="Until">The last day of the academic year.</param>
/// <param name="GraceUntil">The last day of grace; cut short when a renewal takes over.</param>
/// <param name="Lapsed">True once the grace ran out or a renewal took over: nothing more falls due.</param>
public readonly record struct Right(short Year, bool Lapsed, DateOnly From, DateOnly Until, DateOnly GraceUntil)
{
    public bool Covers(DateOnly date) => From <= date && date <= GraceUntil;
}

/// <summary>The rights of a student, oldest first. Most students have one, which needs no array.</summary>
[CollectionBuilder(typeof(Rights), nameof(Of))]
public readonly struct Rights : IReadOnlyList<Right>
{
    private readonly Right _last;

    // Null where there is no right at all.
    private readonly Right[]? _earlier;

    private Rights(Right[] earlier, Right last) => (_earlier, _last) = (earlier, last);

    /// <summary>How many there are.</summary>
    public int Length => _earlier is { Length: var earlier } ? earlier + 1 : 0;

    int IReadOnlyCollection<Right>.Count => Length;

    public Right this[int index] => index == Length - 1 ? _last : (_earlier ?? [])[index];

    public static Rights Of(ReadOnlySpan<Right> rights) =>
        rights.IsEmpty ? default : new Rights(rights[..^1].ToArray(), rights[^1]);

    /// <summary>
    /// With one more. What it takes over those before lose, so that rights never overlap; nothing more falls due for
    /// them.
    /// </summary>
    internal Rights With(in Right next)
    {
        if (_earlier is null)
            return new Rights([], next);
        Right[] earlier = [.. _earlier, _last with { Lapsed = true }];
        var cutTo = Days.Before(next.From);
        foreach (ref var right in earlier.AsSpan())
        {
            if (cutTo < right.GraceUntil)
                right = right with { GraceUntil = cutTo };
        }

        return new Rights(earlier, next);
    }

    /// <summary>With nothing more to fall due for the latest.</summary>
    internal Rights Close() => _earlier is null ? this : new Rights(_earlier, _last with { Lapsed = true });

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<Right> IEnumerable<Right>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>From the oldest to the latest.</summary>
    public struct Enumerator(Rights rights) : IEnumerator<Right>
    {
        private readonly Rights _rights = rights;
        private int _at = -1;

        public readonly Right Current => _rights[_at];

        readonly object IEnumerator.Current => Current;

        public bool MoveNext() => ++_at < _rights.Length;

        public void Reset() => _at = -1;

        public readonly void Dispose()
        {
            // Nothing is held.
        }
    }
}
