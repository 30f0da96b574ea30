namespace Amoe.Engine.Journal;

/// <summary>
/// How many partitions a new journal gets. The numbers are part of its identity, because the partition of a student or
/// a party follows from them.
/// </summary>
/// <param name="Students">Partitions of students and their claims.</param>
/// <param name="Ledgers">Partitions of institutions, providers and payment runs.</param>
public readonly record struct PartitionCounts(int Students, int Ledgers)
{
    /// <summary>
    /// A file: a turn of a partition is one row, and the rows of many partitions one transaction, so few partitions
    /// make few and large rows. A core has one partition at a time: sixteen keep as many cores at work.
    /// </summary>
    public static PartitionCounts Embedded { get; } = new(16, 4);

    /// <summary>
    /// A database: few enough for large rows, and enough for several processes to have their parts of them.
    /// </summary>
    public static PartitionCounts InDatabase { get; } = new(64, 4);

    public int Total => Students + Ledgers;

    public static PartitionCounts Of(JournalAddress address) => address.IsPostgres ? InDatabase : Embedded;
}
