using Amoe.Engine.Actors.Sharding;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// The partitions that a host holds, as <see cref="Holdings"/> takes and hands them back: one statement after the
/// other.
/// </summary>
internal sealed class SimulatedHoldings(SimulatedHost host)
{
    private static readonly TimeSpan _againAfter = TimeSpan.FromMilliseconds(500);

    private readonly Queue<Action> _calls = new();
    private readonly HashSet<int> _left = [];
    private bool _isBusy;

    private ClusterStore Store => host.World.Store;

    public void TryTake(int partition, Action<bool> done)
    {
        _left.Remove(partition);
        Ask(() => Send(() => Store.TryHold(partition, host.Id), done));
    }

    /// <param name="done">Called once it was tried.</param>
    public void HandBack(int partition, Action done)
    {
        _left.Add(partition);
        TryHandBack(partition, isDone =>
        {
            if (!isDone)
                HandBackLater(partition);
            done();
        });
    }

    public void LetGo(int partition) => Ask(() =>
    {
        if (host.Entities.ContainsKey(partition))
            Next(() => { });
        else
            SendHandBack(partition, _ => { });
    });

    /// <summary>Frees all partitions and removes the host's row.</summary>
    public void Leave() => Ask(() => Send(
        () =>
        {
            Store.Hosts.Leave(host.Id);
            return true;
        }, _ => { }));

    private void HandBackLater(int partition) => host.Process.After(_againAfter, () =>
    {
        if (host.HasEnded)
            return;
        TryHandBack(partition, isDone =>
        {
            if (!isDone)
                HandBackLater(partition);
        });
    });

    /// <summary>One that came back to this host meanwhile is kept.</summary>
    private void TryHandBack(int partition, Action<bool> done) => Ask(() =>
    {
        if (_left.Contains(partition))
            SendHandBack(partition, done);
        else
            Next(() => done(true));
    });

    /// <summary>The taking is read at once: only what frees the row can do harm late.</summary>
    private void SendHandBack(int partition, Action<bool> done)
    {
        var taking = Store.Hosts.TakingOf(partition);
        Send(
            () =>
            {
                Store.Hosts.HandBack(partition, host.Id, taking);
                return true;
            }, done);
    }

    private void Ask(Action call)
    {
        _calls.Enqueue(call);
        if (!_isBusy)
            Begin();
    }

    private void Begin()
    {
        if (!_calls.TryDequeue(out var call))
            return;
        _isBusy = true;
        call();
    }

    private void Send(Func<bool> statement, Action<bool> done) =>
        Store.Call(host, statement, result => Next(() => done(result)), () => Next(() => done(false)));

    private void Next(Action done)
    {
        _isBusy = false;
        done();
        if (!_isBusy)
            Begin();
    }
}
