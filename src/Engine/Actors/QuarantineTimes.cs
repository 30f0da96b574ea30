using System.Collections.Immutable;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>
/// Since when students of a partition are out of service. The core has no clock, so its shell notes it after each turn.
/// </summary>
internal sealed class QuarantineTimes(TimeProvider time)
{
    private IReadOnlyDictionary<StudentId, QuarantinedStudent>? _seen;
    private volatile ImmutableDictionary<StudentId, DateTimeOffset> _since =
        ImmutableDictionary<StudentId, DateTimeOffset>.Empty;

    /// <summary>Notes the students out of service by now. Costs a comparison where none has changed.</summary>
    /// <param name="quarantined">Replaced whole when one changes.</param>
    public void Note(IReadOnlyDictionary<StudentId, QuarantinedStudent> quarantined)
    {
        if (ReferenceEquals(quarantined, _seen))
            return;
        var (now, before) = (time.GetUtcNow(), _since);
        _seen = quarantined;
        _since = quarantined.Keys.ToImmutableDictionary(
            student => student, student => before.GetValueOrDefault(student, now));
    }

    /// <summary>Null where it is not known.</summary>
    public DateTimeOffset? Of(StudentId student) => _since.TryGetValue(student, out var since) ? since : null;
}
