using Akka.Actor;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;

namespace Amoe.Engine.Actors;

/// <summary>The actors that asked a partition to retry students, until the outcome of each is known.</summary>
internal sealed class StudentRetries(int partition)
{
    private readonly List<Asked> _asked = [];

    public void Add(RetryStudents retry, IActorRef asker) => _asked.Add(new Asked(asker, [.. retry.Students], []));

    /// <summary>Answers each asker whose students are all known.</summary>
    /// <returns>True where the partition has to be read from its log again.</returns>
    public bool Answer(List<Retried> retried, IActorRef self)
    {
        if (_asked.Count == 0)
            return false;
        foreach (var asked in _asked)
            asked.Ended.AddRange(retried.Where(one => asked.Open.Remove(one.Student)));
        foreach (var asked in _asked.Where(asked => asked.Open.Count == 0))
            asked.Asker.Tell(new StudentsRetried(partition, [.. asked.Ended]), self);
        _asked.RemoveAll(asked => asked.Open.Count == 0);
        return retried.Exists(one => one.End == RetryEnd.Restarts);
    }

    private sealed record Asked(IActorRef Asker, HashSet<StudentId> Open, List<Retried> Ended);
}
