using Amoe.Engine.Partitions;
using Envelope = Amoe.Engine.Partitions.Envelope;

namespace Amoe.Engine.Actors;

/// <summary>
/// Commands and marks of days for one partition, in the order of posting. One message for many: a message each would
/// cost more than deciding it.
/// </summary>
/// <param name="Incarnation">The incarnation that they are for, 0 for whichever serves.</param>
internal sealed record Commands(int Partition, Envelope[] Envelopes, long Incarnation);

/// <summary>
/// Starts a turn. A partition sends it to itself, so that it is queued behind the messages already in the mailbox.
/// </summary>
internal sealed class TakeTurn
{
    public static readonly TakeTurn Instance = new();
}

/// <summary>The records that were read back for a partition.</summary>
internal sealed record RecordsRead(ReadResult[] Results);

/// <summary>The store did not answer when records were to be read back.</summary>
internal sealed record RecordsUnavailable;

/// <summary>
/// Decide nothing more, answer what waits, and stop once the write in flight has ended. Not a poison pill: that would
/// overtake the write.
/// </summary>
internal sealed class Drain
{
    public static readonly Drain Instance = new();
}

/// <summary>An actor serves: it tells its supervisor.</summary>
internal sealed class Serving
{
    public static readonly Serving Instance = new();
}

/// <summary>Stop an actor in order and start it from its log, which it asks its supervisor for.</summary>
internal sealed record StartAgain(ActorHost Host);

/// <summary>Start an actor, for the first time or after a failure.</summary>
internal sealed record Start(ActorHost Host);
