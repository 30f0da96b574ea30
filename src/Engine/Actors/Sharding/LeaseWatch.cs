using Akka.Actor;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Looks at the hosts as the database has them, each second. Raises the format of records once all of them read a newer
/// one. Downs members whose leases have run out: a host that reaches the others but not the database answers heartbeats
/// and serves nothing, so no failure detector notices it, and its partitions would stay with it.
/// </summary>
/// <remarks>
/// After an outage of the database every lease has run out. So a host evicts others only after it has reached the
/// database, and held its own lease, for as long as a lease lasts: by then the others have renewed theirs.
/// </remarks>
internal sealed class LeaseWatch : UntypedActor, IWithTimers
{
    public const string Name = "lease-watch";
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);

    private readonly PostgresHosts _hosts;
    private readonly long _host;
    private readonly HostContext _context;
    private long _reachedSince;
    private bool _isLooking;

    public LeaseWatch(PostgresHosts hosts, long host, HostContext context) =>
        (_hosts, _host, _context, _reachedSince) = (hosts, host, context, context.Partitions.Time.GetTimestamp());

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Look), Look.Instance, _lookEvery);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look when !_isLooking:
                _isLooking = true;
                var evicts = _context.Partitions.Time.GetElapsedTime(_reachedSince) >= PostgresRenewedLease.Duration;
                Task.Run(() => new Looked(LookAtHosts(evicts))).PipeTo(Self);
                break;
            case Looked { Dead: { } dead } when _context.Partitions.Journal.Lease.IsHeld:
                _isLooking = false;
                _context.Down(dead);
                break;
            case Looked:
                _isLooking = false;
                _reachedSince = _context.Partitions.Time.GetTimestamp();
                break;
        }
    }

    /// <returns>The unique addresses of the hosts that are dead; null where the database does not answer.</returns>
    private IReadOnlyList<string>? LookAtHosts(bool evicts)
    {
        try
        {
            _context.Format = _hosts.RaiseFormat();
            return evicts ? _hosts.Evict(_host, margin: _lookEvery) : [];
        }
        catch (JournalException)
        {
            return null;
        }
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record Looked(IReadOnlyList<string>? Dead);
}
