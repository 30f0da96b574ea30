using Amoe.Engine.Domain;

namespace Amoe.Engine.Partitions.Quarantine;

/// <summary>What a person's tool and a host say to each other about students and partitions out of service.</summary>
internal abstract record QuarantineMessage;

/// <summary>Asks a host which of its students and partitions are out of service.</summary>
/// <param name="From">
/// The first student's number that is asked for: an answer has as many as are sure to travel.
/// </param>
internal sealed record AskQuarantine(ulong From) : QuarantineMessage;

/// <summary>A host's students and partitions out of service.</summary>
/// <param name="Host">The host's number.</param>
/// <param name="Students">By their numbers.</param>
/// <param name="Partitions">By their numbers, all of them in each answer.</param>
/// <param name="Next">Where the students go on; null where there are no more.</param>
internal sealed record QuarantineAnswered(long Host, StudentOut[] Students, PartitionOut[] Partitions, ulong? Next)
    : QuarantineMessage;

/// <summary>A student out of service.</summary>
/// <param name="Offset">
/// The record that could not be applied or, where a decision failed, the partition's next record at that moment.
/// </param>
/// <param name="Since">Since when the host knows it, in milliseconds since 1970; null where that is not known.</param>
internal sealed record StudentOut(StudentId Student, int Partition, long Offset, DateOnly Day, long? Since, string Why);

/// <summary>A partition out of service.</summary>
/// <inheritdoc cref="StudentOut" path="/param"/>
internal sealed record PartitionOut(int Partition, long? Since, string Why);

/// <summary>Has a partition try students again.</summary>
internal sealed record RetryStudents(int Partition, StudentId[] Students) : QuarantineMessage;

/// <summary>What became of them, in any order.</summary>
internal sealed record StudentsRetried(int Partition, Retried[] Students) : QuarantineMessage;

/// <summary>Has a host try a partition out of service again.</summary>
internal sealed record RetryPartition(int Partition) : QuarantineMessage;

/// <summary>What became of it.</summary>
/// <param name="Why">Why not, in one line; empty where there is nothing to say.</param>
internal sealed record PartitionRetried(int Partition, RetryEnd End, string Why) : QuarantineMessage;
