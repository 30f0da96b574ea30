using Akka.Actor;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>Says which students and partitions of a host are out of service, and has them tried again.</summary>
/// <param name="host">The host's number.</param>
internal sealed class HostQuarantine(HostContext context, long host) : UntypedActor
{
    /// <summary>Its name on every host.</summary>
    public const string Name = "quarantine";

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AskQuarantine ask:
                Sender.Tell(Answer(ask.From), Self);
                break;
            case RetryStudents { Partition: var partition } retry:
                if (Find(partition) is { IsServing: true } serving)
                    serving.Target(ActorRefs.Nobody).Forward(retry);
                else
                    Sender.Tell(
                        new StudentsRetried(
                            partition,
                            Array.ConvertAll(retry.Students, student => new Retried(student, RetryEnd.NotHere, ""))),
                        Self);
                break;
            case RetryPartition { Partition: var partition } retry:
                if (Find(partition) is { } here)
                    here.Entity.Forward(retry);
                else
                    Sender.Tell(new PartitionRetried(partition, RetryEnd.NotHere, ""), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private PartitionHost? Find(int partition) => context.Here.FirstOrDefault(here => here.Partition == partition);

    private QuarantineAnswered Answer(ulong from)
    {
        var here = context.Here.OrderBy(partition => partition.Partition).ToList();
        var students = here.Where(partition => partition.OutOfService is null)
            .SelectMany(partition =>
                partition.State.Quarantined.Where(student => student.Key.Value >= from)
                    .Select(student => Of(partition, student.Key, student.Value)))
            .OrderBy(student => student.Student.Value).Take(QuarantineCodec.StudentsMax + 1).ToList();
        ulong? next = students.Count > QuarantineCodec.StudentsMax ? students[^1].Student.Value : null;
        var partitions = here.Where(partition => partition.OutOfService is not null)
            .Select(partition =>
                new PartitionOut(
                    partition.Partition, partition.OutOfServiceSince?.ToUnixTimeMilliseconds(),
                    partition.OutOfService?.Error.Message ?? ""));
        return new QuarantineAnswered(host, [.. students.Take(QuarantineCodec.StudentsMax)], [.. partitions], next);
    }

    private static StudentOut Of(PartitionHost partition, Domain.StudentId student, QuarantinedStudent why) =>
        new(
            student, partition.Partition, why.Offset, why.Day,
            partition.Quarantines.Of(student)?.ToUnixTimeMilliseconds(), why.Why);
}
