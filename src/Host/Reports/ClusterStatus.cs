using Amoe.Engine.Journal.Ownership;
using Amoe.Host.Http;

namespace Amoe.Host.Reports;

/// <summary>The hosts on a journal and their shards, as the store and the hosts themselves have it.</summary>
/// <param name="View">Taken after the hosts were asked.</param>
/// <param name="Answers">What hosts said of themselves; null where one did not answer.</param>
internal sealed record ClusterStatus(string Journal, ClusterView View, IReadOnlyDictionary<HostId, HostAnswer?> Answers)
{
    private readonly HashSet<HostId> _hosts = [.. View.Hosts.Select(host => host.Id)];

    /// <summary>Shards that nobody has.</summary>
    public int Free => View.Shards.Count(shard => shard.Owner == HostId.None);

    /// <summary>Shards whose host gives no sign of life.</summary>
    public int Lost => View.Shards.Count(shard => shard.Owner != HostId.None && !_hosts.Contains(shard.Owner));

    /// <summary>What a host said of itself; null when it did not answer, or joined after it could be asked.</summary>
    public HostAnswer? AnswerOf(HostEntry host) => Answers.GetValueOrDefault(host.Id);

    public IEnumerable<ShardEntry> ShardsOf(HostEntry host) => View.Shards.Where(shard => shard.Owner == host.Id);

    /// <summary>Records a host had decided that were not durable when the store was asked a moment later; null when it does not say.</summary>
    public long? Behind(HostEntry host) =>
        AnswerOf(host) is not { } answer ? null : ShardsOf(host).Sum(shard => Math.Max(0, answer.Heads.GetValueOrDefault(shard.Shard) - shard.Head));

    public string StateOf(in ShardEntry shard) => shard.Owner == HostId.None ? "free" : _hosts.Contains(shard.Owner) ? "owned" : "lost";
}
