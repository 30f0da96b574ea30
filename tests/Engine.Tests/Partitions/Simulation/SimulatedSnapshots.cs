using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>
/// Snapshots of single buckets, each with the position of the partition's frames at which it was taken. Keeps older
/// ones too.
/// </summary>
internal sealed class SimulatedSnapshots
{
    private const int KeptMax = 3;
    private readonly Dictionary<(int Partition, int Buckets, int Bucket), List<BucketSnapshot>> _all = [];

    public void Save(int partition, int buckets, int bucket, BucketSnapshot snapshot)
    {
        if (!_all.TryGetValue((partition, buckets, bucket), out var kept))
            _all.Add((partition, buckets, bucket), kept = []);
        kept.Add(snapshot);
        if (kept.Count > KeptMax)
            kept.RemoveAt(0);
    }

    /// <summary>Those of one bucket, oldest first.</summary>
    public IReadOnlyList<BucketSnapshot> Of(int partition, int buckets, int bucket) =>
        _all.GetValueOrDefault((partition, buckets, bucket)) ?? [];
}

/// <summary>One bucket's state.</summary>
/// <param name="Position">Behind the last frame that it has.</param>
internal sealed record BucketSnapshot(FramePosition Position, byte[] Bytes);
