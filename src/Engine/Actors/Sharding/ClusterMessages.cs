using Akka.Cluster.Sharding;
using Amoe.Engine.Actors.Addressing;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>A message between hosts, beside those of sessions and days (<see cref="WireSerializer"/>).</summary>
internal interface IClusterMessage;

/// <summary>A message for the host that has a partition, by way of the shard region of any host.</summary>
internal sealed record ToPartition(int Partition, object Message) : IClusterMessage;

/// <summary>A host asks the others for what their partitions have for its own.</summary>
/// <param name="Question">As <see cref="Partitions.Wire.RelayWire"/> writes it.</param>
internal sealed record RelayAsked(byte[] Question) : IClusterMessage;

/// <summary>The postings and notices of a host's partitions for those of the asker.</summary>
/// <param name="Answer">As <see cref="Partitions.Wire.RelayWire"/> writes it.</param>
internal sealed record RelayAnswered(byte[] Answer) : IClusterMessage;

/// <summary>
/// Asks the other hosts to let go of a partition, which sharding gave to the host that asks
/// (<see cref="StrayPartitions"/>).
/// </summary>
internal sealed record LetGo(int Partition) : IClusterMessage;

/// <summary>
/// Tells the other hosts that the one that says so serves a partition: whichever handed it over can hand over the next
/// (<see cref="HandOvers"/>).
/// </summary>
internal sealed record Taken(int Partition) : IClusterMessage;

/// <summary>
/// Maps each partition to one entity in one shard of Akka's. A message for a student or a claim goes to the partition
/// that hosts it.
/// </summary>
/// <param name="students">Partitions of students.</param>
internal sealed class PartitionExtractor(int students) : IMessageExtractor
{
    public string? EntityId(object message) => message switch
    {
        ToPartition to => NameOf(to.Partition),
        ToActor to => NameOf(to.Command.Student.PartitionOf(students)),
        _ => null,
    };

    public object? EntityMessage(object message) => message is ToPartition to ? to.Message : message as ToActor;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;

    public static string NameOf(int partition) => partition.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
