using Amoe.Engine.Bytes;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>Snapshots in an array of their own.</summary>
internal static class SnapshotBytes
{
    public static byte[] Of(PartitionState state, int bucket = 0)
    {
        var w = new ByteWriter();
        SnapshotCodec.Write(w, state, bucket);
        return w.Written.ToArray();
    }

    public static byte[] Of(PartitionCore core, int bucket)
    {
        var w = new ByteWriter();
        core.Snapshot(bucket, w);
        return w.Written.ToArray();
    }
}
