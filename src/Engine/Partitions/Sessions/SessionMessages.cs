using Amoe.Engine.Domain;

namespace Amoe.Engine.Partitions.Sessions;

/// <summary>A message between a sender and a partition (docs/sessions.md).</summary>
/// <param name="Session">
/// The session's number. The sessions of one sender with one partition are numbered upwards.
/// </param>
internal abstract record SessionMessage(long Session);

/// <summary>Opens a session. It goes to the partition by way of the cluster's router.</summary>
/// <param name="Sender">Identifies one incarnation of the sender.</param>
internal sealed record OpenSession(Guid Sender, long Session) : SessionMessage(Session);

/// <summary>
/// Tells the sender that the session is open. The actor that sends it gets all messages of the session.
/// </summary>
/// <param name="Window">Items that may be unanswered in the session.</param>
internal sealed record SessionOpened(long Session, int Window) : SessionMessage(Session);

/// <summary>Brings items to the partition, in the order of posting.</summary>
/// <param name="Number">Counted from 0 in the session.</param>
internal sealed record Batch(Guid Sender, long Session, long Number, SessionItem[] Items) : SessionMessage(Session);

/// <summary>Answers a batch, once each of its items is answered.</summary>
/// <param name="Replies">
/// In the order of the items. The command of a reply is known from its place and does not travel.
/// </param>
internal sealed record BatchAnswered(long Session, long Number, Reply[] Replies) : SessionMessage(Session);

/// <summary>
/// Ends a session: it is not known here, a batch before this one is missing, or an outcome is unknown.
/// </summary>
internal sealed record SessionRefused(long Session) : SessionMessage(Session);

/// <summary>
/// Answers <see cref="OpenSession"/>: the partition is out of service, and nothing is decided until it is tried again.
/// </summary>
internal sealed record OutOfService(long Session) : SessionMessage(Session);

/// <summary>Asks whether the partition still has what was sent, when it says nothing for long.</summary>
/// <param name="Next">The number of the batch that is sent next.</param>
internal sealed record ProbeSession(Guid Sender, long Session, long Next) : SessionMessage(Session);

/// <summary>Answers a probe: every batch before the next one arrived.</summary>
/// <param name="Oldest">
/// The oldest batch that is not answered, or the next one. If the sender still waits for an older one, that answer was
/// lost.
/// </param>
internal sealed record SessionAlive(long Session, long Oldest) : SessionMessage(Session);
