using Amoe.Engine.Journal.Postgres;
using Amoe.Host.Http;

namespace Amoe.Host.Reports;

/// <summary>The hosts on a journal and their partitions, as the database and the hosts themselves have it.</summary>
/// <param name="Format">The format in which records are written: the newest that all hosts read.</param>
/// <param name="Hosts">As the database has them.</param>
/// <param name="Holdings">By partition, the host that holds it; null where it was handed back or never held.</param>
/// <param name="Answers">What hosts said of themselves; null where one did not answer.</param>
internal sealed record ClusterStatus(
    string Journal, int Partitions, int Format, IReadOnlyList<HostRow> Hosts, IReadOnlyDictionary<int, long?> Holdings,
    IReadOnlyDictionary<long, HostAnswer?> Answers)
{
    /// <summary>Partitions that no host holds.</summary>
    public int Free => Enumerable.Range(0, Partitions).Count(partition => HolderOf(partition) is null);

    /// <summary>Partitions whose host does not renew its lease: another host takes them then.</summary>
    public int Lost => Enumerable.Range(0, Partitions).Count(partition => StateOf(partition) == "lost");

    public HostAnswer? AnswerOf(HostRow host) => Answers.GetValueOrDefault(host.Id);

    public long? HolderOf(int partition) => Holdings.GetValueOrDefault(partition);

    public IEnumerable<int> PartitionsOf(HostRow host) =>
        Enumerable.Range(0, Partitions).Where(partition => HolderOf(partition) == host.Id);

    /// <summary>The host's report about a partition; null when it does not answer, or no longer has it.</summary>
    public PartitionAnswer? AnswerOf(int partition) =>
        HolderOf(partition) is { } holder && Answers.GetValueOrDefault(holder) is { } answer
            ? answer.Partitions.GetValueOrDefault(partition)
            : null;

    /// <summary>How it is: free, lost, held, or what its host says.</summary>
    public string StateOf(int partition) =>
        HolderOf(partition) is not { } holder ? "free"
        : !Hosts.Any(host => host.Id == holder && host.Status.IsLive) ? "lost"
        : AnswerOf(partition)?.State ?? "held";
}
