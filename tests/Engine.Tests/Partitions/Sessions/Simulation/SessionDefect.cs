namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>A defect made on purpose around the state machines: the witness has to find it.</summary>
internal enum SessionDefect
{
    None,

    /// <summary>The partition takes a batch though one before it is missing.</summary>
    GapIsTaken,

    /// <summary>The partition takes batches of a session after an outcome in it was unknown.</summary>
    TakenAfterUnknown,

    /// <summary>The partition takes batches of a session that another incarnation opened.</summary>
    UnknownSessionIsTaken,

    /// <summary>The partition takes a batch of a session that its sender has left.</summary>
    OlderSessionIsTaken,

    /// <summary>The partition says that a batch waits for its answer, whose answer it has sent.</summary>
    LostAnswerIsDenied,

    /// <summary>The partition answers before its decisions are durable.</summary>
    AnsweredTooSoon,

    /// <summary>The sender resends in another order.</summary>
    ResentInAnotherOrder,

    /// <summary>The sender gives an unknown outcome to its caller.</summary>
    UnknownSurfaces,

    /// <summary>The store takes decisions of a former owner.</summary>
    FormerOwnerWrites,
}
