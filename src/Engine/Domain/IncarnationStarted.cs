namespace Amoe.Engine.Domain;

/// <summary>
/// A partition begins another incarnation. It persists this before it decides, answers or sends anything: an earlier
/// incarnation that wakes up elsewhere finds its next sequence number taken.
/// </summary>
/// <param name="Incarnation">One more than the last one's.</param>
/// <param name="AtUnixMs">Milliseconds since 1970 by the host's clock. No decision rests on it.</param>
/// <param name="Host">The name of the machine.</param>
/// <param name="Build">The version of the program.</param>
public sealed record IncarnationStarted(long Incarnation, long AtUnixMs, string Host, string Build) : Event;
