namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>A defect made on purpose in the shell around the state machines: the witness has to find it.</summary>
internal enum ClusterDefect
{
    None,

    /// <summary>A partition serves without persisting its incarnation first.</summary>
    NoIncarnationFirst,

    /// <summary>Answers are given from memory though the deadline is past.</summary>
    AnswersPastDeadline,

    /// <summary>A silent holder's partition is taken, and the holder stays alive.</summary>
    SilentHolderStaysAlive,

    /// <summary>A partition is taken from a holder whose lease has not run out.</summary>
    HoldingTakenFromLivingHost,

    /// <summary>A write whose outcome is unknown is answered as if it were durable.</summary>
    UnknownWriteIsAcknowledged,

    /// <summary>A write that waited, and finds its sequence number taken, takes the frame there for its own.</summary>
    ForeignFrameTakenForOwn,

    /// <summary>Answers are given when the turn is decided.</summary>
    AnsweredTooSoon,

    /// <summary>Commands are sent again in another order.</summary>
    ResentOutOfOrder,

    /// <summary>A partition of ledgers forgets at a start which batches it has taken.</summary>
    InboxForgetsItsMark,

    /// <summary>A day is opened before what the other hosts have for it was fetched.</summary>
    DayOpenedBeforePost,

    /// <summary>
    /// A partition that moves in the middle of a day goes on before its new host has what others have for that day.
    /// </summary>
    OpenDayDecidedBeforePost,

    /// <summary>The commands that wait in a failed incarnation are decided by the next one.</summary>
    FormerMailIsDecided,

    /// <summary>The store takes a second frame under a sequence number, and forgets the first.</summary>
    NothingIsUnique,
}
