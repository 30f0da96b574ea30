using Amoe.Engine.Journal.Ownership;
namespace Amoe.Engine.Cluster;

/// <summary>
/// What one host should take and hand over, from who has what. Every host works it out for itself from the same view: shares differ by one at most, and who
/// has the odd ones keeps them, so that nothing moves without need. Party shards are spread in the same way among themselves.
/// </summary>
/// <param name="Take">Free shards, the most urgent first.</param>
/// <param name="HandOver">Shards to give up.</param>
internal sealed record FairShare(IReadOnlyList<int> Take, IReadOnlyList<int> HandOver)
{
    /// <param name="studentShards">Shards from this number on are of parties.</param>
    public static FairShare Of(ClusterView view, HostId me, int studentShards)
    {
        var mine = view.Shards.Where(shard => shard.Owner == me).ToList();
        var staying = view.Hosts.Where(host => !host.IsLeaving).ToList();
        if (staying.Find(host => host.Id == me) is not { } self)
            return new FairShare([], [.. mine.Select(shard => shard.Shard)]);
        var all = Quotas(staying, view.Shards);
        var parties = Quotas(staying, view.Shards.Where(shard => shard.Shard >= studentShards));
        var students = staying.ToDictionary(host => host.Id, host => Math.Max(0, all[host.Id] - parties[host.Id]));
        var (take, handOver) = (new List<int>(), new List<int>());
        foreach (var (quotas, areParties) in new[] { (parties, true), (students, false) })
        {
            var shards = view.Shards.Where(shard => shard.Shard >= studentShards == areParties).ToList();
            var sort = new Sort(view, staying, shards, quotas);
            take.AddRange(sort.TakenBy(self));
            handOver.AddRange(sort.HandedOverBy(self));
        }

        return new FairShare(take, handOver);
    }

    private static Dictionary<HostId, int> Quotas(List<HostEntry> hosts, IEnumerable<ShardEntry> shards)
    {
        var counts = Counts(shards);
        var (least, odd) = Math.DivRem(shards.Count(), hosts.Count);
        return hosts.OrderByDescending(host => counts.GetValueOrDefault(host.Id)).ThenBy(host => host.Id.Value)
            .Select((host, rank) => (host.Id, Quota: rank < odd ? least + 1 : least))
            .ToDictionary(host => host.Id, host => host.Quota);
    }

    private static Dictionary<HostId, int> Counts(IEnumerable<ShardEntry> shards) => shards.GroupBy(shard => shard.Owner).ToDictionary(of => of.Key, of => of.Count());

    /// <summary>Student shards, or party shards.</summary>
    private sealed class Sort(ClusterView view, List<HostEntry> staying, List<ShardEntry> shards, Dictionary<HostId, int> quotas)
    {
        private readonly Dictionary<HostId, int> _counts = Counts(shards);

        public List<int> TakenBy(HostEntry self)
        {
            var alive = view.Hosts.Select(host => host.Id).ToHashSet();
            var free = shards.Where(shard => !alive.Contains(shard.Owner) && shard.Format <= self.Format).ToList();

            // Hosts that take at the same moment begin at different places, and what few can read is taken first.
            var begin = staying.IndexOf(self) * free.Count / staying.Count;
            var room = RoomOf(self);
            var taken = new List<int>();
            foreach (var shard in free.Skip(begin).Concat(free.Take(begin)).OrderByDescending(shard => shard.Format))
            {
                // Nobody with room can read it: better here than nowhere.
                if (room > 0 || !staying.Exists(other => other != self && RoomOf(other) > 0 && shard.Format <= other.Format))
                    taken.Add(shard.Shard);
                room--;
            }

            return taken;
        }

        public List<int> HandedOverBy(HostEntry self)
        {
            var rooms = staying.Where(other => other != self && RoomOf(other) > 0).ToDictionary(other => other, RoomOf);
            var handedOver = new List<int>();
            foreach (var shard in shards.Where(shard => shard.Owner == self.Id))
            {
                if (handedOver.Count >= -RoomOf(self))
                    break;
                if (rooms.Keys.FirstOrDefault(other => rooms[other] > 0 && shard.Format <= other.Format) is not { } next)
                    continue;
                rooms[next]--;
                handedOver.Add(shard.Shard);
            }

            return handedOver;
        }

        private int RoomOf(HostEntry host) => quotas[host.Id] - _counts.GetValueOrDefault(host.Id);
    }
}
