using Amoe.Engine.Figures;

namespace Amoe.Engine.Partitions;

/// <summary>
/// A cache-sized part of a partition's students, with their totals and their part of the digest. What a turn decides in
/// one bucket is together in the frame, and a snapshot is of one bucket.
/// </summary>
/// <param name="index">From 0.</param>
internal sealed class Bucket(int index)
{
    public int Index => index;

    public StudentTable Students { get; } = new();

    public Totals Totals { get; set; } = new();

    public ulong Digest { get; set; }

    /// <summary>Claims in memory, as of the last record.</summary>
    public long OpenClaimCount { get; set; }

    /// <summary>
    /// The partition's number of the first record that this state does not have: past a snapshot's end while the log is
    /// replayed up to it.
    /// </summary>
    public long From { get; set; }

    /// <summary>The sequence number of the last frame that this state has, where it came from a snapshot.</summary>
    public long FromSequenceNumber { get; set; }
}
