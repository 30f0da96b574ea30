using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Tests.Partitions.Simulation;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// The database: frames under UNIQUE (partition, sequence number), the days that are open, hosts and holdings. A
/// statement travels, may be lost on the way, may be executed when its host has given it up, and its outcome may stay
/// unknown. Statements of sessions that were ended are not executed.
/// </summary>
internal sealed class ClusterStore
{
    // Command Timeout and call-timeout are of this order.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    private readonly ClusterWorld _world;
    private readonly Dictionary<long, int> _sessions = [];
    private readonly Dictionary<string, TimeSpan> _cutThere = [];
    private readonly Dictionary<string, TimeSpan> _cutBack = [];
    private readonly Dictionary<int, long> _holders = [];
    private readonly Dictionary<long, TimeSpan> _heldUntil = [];
    private TimeSpan _downUntil;

    public ClusterStore(ClusterWorld world, JournalIdentity identity)
    {
        _world = world;
        Frames = new SimulatedFrames(identity);

        // Now and then the server ends them too late.
        Hosts = new HostTable(world)
        {
            SessionsEnded = id => _sessions[id] = SessionOf(id) + (world.IsCalm || world.Dice.Chance(50) ? 1 : 0)
        };
    }

    public SimulatedFrames Frames { get; }

    /// <summary>The days that the journal's own actor has opened, one event each.</summary>
    public List<DateOnly> Days { get; } = [];

    public HostTable Hosts { get; }

    /// <summary>Every session ends, and nothing is executed for a time.</summary>
    public void Restart(TimeSpan time) => _downUntil = _world.Now + time;

    /// <summary>A host does not reach the store for a time, or does not hear from it.</summary>
    public void Cut(string place, TimeSpan time, bool there, bool back)
    {
        if (there)
            _cutThere[place] = _world.Now + time;
        if (back)
            _cutBack[place] = _world.Now + time;
    }

    /// <summary>
    /// The writes of a host that are on their way are executed after a time, whatever has become of the host by then.
    /// </summary>
    public void Hold(SimulatedHost host, TimeSpan time)
    {
        _heldUntil[host.Id] = _world.Now + time;
        _world.Count(ClusterEffect.StoreCallLate);
    }

    /// <summary>
    /// Reads the log of a partition. A long one takes a while, and a frame may become durable meanwhile.
    /// </summary>
    public void Read(SimulatedHost host, int partition, Action<List<byte[]>> done, Action failed)
    {
        var time = TimeSpan.FromMilliseconds(_world.IsCalm ? 1 : _world.Dice.Below(_world.Dice.Of(2, 300, 1_500)));
        Call(
            host, () => Frames.After(partition, 0).ToList(), rows => host.Process.After(time, () => done(rows)),
            failed);
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="done">Called with whether it is durable, or its sequence number was taken.</param>
    /// <param name="failed">Called where the outcome is unknown.</param>
    public void Write(SimulatedHost host, int partition, EncodedFrame frame, Action<bool> done, Action failed)
    {
        var isGivenUp = false;
        Call(
            host, () => TryWrite(host, partition, frame, isGivenUp), done, () =>
            {
                isGivenUp = true;
                failed();
            }, mayBeHeld: true);
    }

    /// <summary>
    /// Executes a statement. Exactly one of the two is called, unless the host ends or is frozen before.
    /// </summary>
    public void Call<T>(SimulatedHost host, Func<T> execute, Action<T> done, Action failed, bool mayBeHeld = false)
    {
        var (session, isSettled) = (SessionOf(host.Id), false);
        if (IsCut(_cutThere, host))
        {
            _world.Count(ClusterEffect.StoreCallFailed);
            host.Process.After(_patience, failed);
            return;
        }

        host.Process.After(_patience, () => Settle(failed));
        _world.Time.After(Travel(), Arrive);

        void Arrive()
        {
            if (mayBeHeld && _heldUntil.GetValueOrDefault(host.Id) is var until && _world.Now < until)
            {
                _world.Time.After(TimeSpan.FromMilliseconds(50), Arrive);
                return;
            }

            if (_world.Now < _downUntil
                || SessionOf(host.Id) != session
                || _world.Strikes(_world.Weather.StoreFailsPerMille))
            {
                _world.Count(ClusterEffect.StoreCallFailed);
                host.Process.After(Back(), () => Settle(failed));
                return;
            }

            var result = execute();
            if (IsCut(_cutBack, host))
                return;
            if (_world.Strikes(_world.Weather.StoreReplyLostPerMille))
            {
                _world.Count(ClusterEffect.StoreReplyLost);
                host.Process.After(Back(), () => Settle(failed));
                return;
            }

            host.Process.After(Back(), () => Settle(() => done(result)));
        }

        void Settle(Action action)
        {
            if (isSettled)
                return;
            isSettled = true;
            action();
        }
    }

    public bool TryHold(int partition, long host)
    {
        if (!Hosts.TryHold(partition, host))
            return false;

        // What a former holder has on its way may come at any time from now on.
        if (_holders.TryGetValue(partition, out var former) && former != host && _heldUntil.ContainsKey(former))
            _heldUntil[former] = _world.Now + TimeSpan.FromMilliseconds(_world.Dice.Below(1_500));
        _holders[partition] = host;
        return true;
    }

    private bool TryWrite(SimulatedHost host, int partition, EncodedFrame frame, bool isGivenUp)
    {
        if (frame.End.SequenceNumber <= Frames.HighestOf(partition))
        {
            _world.Count(ClusterEffect.Collision);
            return _world.Defect == ClusterDefect.NothingIsUnique;
        }

        if (frame.Start.SequenceNumber > Frames.HighestOf(partition))
        {
            _world.Witness.Break(
                "the log has no gap",
                $"partition {partition} has {Frames.HighestOf(partition)} frames and is given number {frame.End.SequenceNumber}");
            return true;
        }

        if (isGivenUp || host.Process.HasEnded || host.HasEnded)
            _world.Count(ClusterEffect.LateWriteStood);
        if (_holders.TryGetValue(partition, out var holder) && holder != host.Id)
            _world.Count(ClusterEffect.LateWriteAfterTakeover);
        Frames.Write(partition, frame);
        return true;
    }

    private int SessionOf(long host) => _sessions.GetValueOrDefault(host);

    private bool IsCut(Dictionary<string, TimeSpan> cuts, SimulatedHost host) =>
        !_world.IsCalm && cuts.TryGetValue(host.Process.Place, out var until) && _world.Now < until;

    private TimeSpan Travel()
    {
        var time = TimeSpan.FromMicroseconds(400 + _world.Dice.Below(1_500));
        if (!_world.Strikes(_world.Weather.StoreLatePerMille))
            return time;
        _world.Count(ClusterEffect.StoreCallLate);
        return time + TimeSpan.FromMilliseconds(_world.Dice.Below(_world.Dice.Of(100, 1_000, 8_000)));
    }

    private TimeSpan Back() => TimeSpan.FromMicroseconds(50 + _world.Dice.Below(300));
}
