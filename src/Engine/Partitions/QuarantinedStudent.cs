namespace Amoe.Engine.Partitions;

/// <summary>Why a student is out of service, and since which record.</summary>
/// <param name="Why">The exception or the damage, in one line.</param>
/// <param name="Offset">
/// The record that could not be applied or, where a decision failed, the partition's next record at that moment.
/// </param>
/// <param name="Day">The day on which that record was known, or the partition's day.</param>
public sealed record QuarantinedStudent(string Why, long Offset, DateOnly Day)
{
    /// <summary>
    /// True where a replay of the log failed: digest, totals and postings of the partition lack what came after it, so
    /// only a replay of the whole log brings the student back.
    /// </summary>
    public bool IsPartial { get; init; }

    /// <summary>
    /// True once the student's records were read without a fault, and <see cref="IsPartial"/> keeps the student out of
    /// service.
    /// </summary>
    public bool CanBeReplayed { get; init; }

    /// <summary>In one line, with the record.</summary>
    public override string ToString() => $"offset {Offset}: {Why}";
}
