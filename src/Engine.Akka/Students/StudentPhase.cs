namespace Amoe.Engine.Akka.Students;

/// <summary>What a student's actor waits for.</summary>
internal enum StudentPhase
{
    /// <summary>The next command.</summary>
    Idle,

    /// <summary>A claim that has the word, or the store.</summary>
    Deciding,

    /// <summary>The calendar, which is to hear of a deadline.</summary>
    Noting,

    /// <summary>Claims and party shards that keep their parts.</summary>
    Settling,
}
