using Amoe.Engine.Domain;

namespace Amoe.Engine.Partitions;

/// <summary>What became of a student or a partition that was tried again. The numbers are on the wire.</summary>
internal enum RetryEnd : byte
{
    /// <summary>It serves again.</summary>
    Served = 1,

    /// <summary>It failed again, and stays out of service.</summary>
    StillOut = 2,

    /// <summary>It was not out of service.</summary>
    WasServed = 3,

    /// <summary>The student can be read, and the partition is replayed from its log to take the student in.</summary>
    Restarts = 4,

    /// <summary>Nothing is known: the store did not answer, or the partition stopped meanwhile.</summary>
    Interrupted = 5,

    /// <summary>The host that was asked does not serve the partition.</summary>
    NotHere = 6,
}

/// <summary>What became of a student that was tried again.</summary>
/// <param name="Why">Why not, in one line; empty where there is nothing to say.</param>
internal readonly record struct Retried(StudentId Student, RetryEnd End, string Why);
