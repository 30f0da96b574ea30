using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Running;

/// <summary>One run of a scenario on a journal: opened, run once, disposed.</summary>
internal sealed class Simulation : IAsyncDisposable
{
    /// <summary>Shards of a simulation's journal: fixed when it is created, because a student's shard follows from it.</summary>
    public const int ShardCount = 256;

    /// <summary>Shards of institutions, providers and payment runs: as fixed.</summary>
    public const int PartyShardCount = 4;

    private readonly SimulationRequest _request;
    private readonly TimeProvider _time;
    private readonly OwnedJournal _owned;
    private readonly IJournalStore _journal;
    private readonly ISnapshotStore _snapshots;
    private readonly AmoeRuntime _runtime;
    private readonly EngineOptions _options;
    private readonly Pace _pace;
    private readonly RunControl _control;
    private readonly Totals _before;
    private ShardDriver[] _drivers = [];
    private PartyDriver[] _partyDrivers = [];
    private long _started;

    private Simulation(SimulationRequest request, OwnedJournal owned, ISnapshotStore snapshots, AmoeRuntime runtime, EngineOptions options, TimeProvider time)
    {
        (_request, _owned, _journal, _snapshots, _runtime, _options, _time) = (request, owned, owned.Journal, snapshots, runtime, options, time);
        _pace = new Pace(ShardCount, PartyShardCount, request.Scenario.Horizon.Days);
        _control = new RunControl(ShardCount + PartyShardCount, _pace);
        _before = runtime.Inspect().Totals;
    }

    /// <summary>Creates the journal, or opens the one to resume and recovers what it holds.</summary>
    /// <param name="warn">Told, in one line, what is odd and does no harm, such as a snapshot that is torn.</param>
    /// <exception cref="JournalException">It exists and is not to be resumed, is missing and is, was made with something else, is torn, …</exception>
    public static async Task<Simulation> OpenAsync(SimulationRequest request, Action<string> warn, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.ScaleThousandths, SimulationRequest.ScaleThousandthsMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.ScaleThousandths, SimulationRequest.ScaleThousandthsMax);
        var wanted = new JournalIdentity(
            JournalIdentity.CurrentFormatVersion, ShardCount, request.Rulebook.Text, request.Scenario.Text, request.Seed, request.ScaleThousandths, PartyShardCount);
        var owned = await OwnedJournal.TakeAsync(request.Resume ? Journals.Open(request.Journal) : Journals.Create(request.Journal, wanted), "simulate", time);
        ISnapshotStore? snapshots = null;
        try
        {
            var journal = owned.Journal;
            (journal.Identity with { Rulebook = JournalRulebooks.CurrentText(journal) }).RequireSame(wanted, request.Journal.Display);
            snapshots = journal.OpenSnapshots(warn);
            var options = new EngineOptions { Threads = request.Threads };
            var runtime = AmoeRuntime.Start(journal, snapshots, new AmoeLogic(JournalRulebooks.Current(journal)), options, time, owned.Owned);
            return new Simulation(request, owned, snapshots, runtime, options, time);
        }
        catch
        {
            snapshots?.Dispose();
            await owned.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs to the horizon, or until cancelled: then every shard ends with the day it is in, durably.</summary>
    public async Task<SimulationResult> RunAsync(CancellationToken cancellation)
    {
        _started = _time.GetTimestamp();
        using var stop = cancellation.Register(_control.Stop);
        _partyDrivers = CreatePartyDrivers();
        _drivers = CreateDrivers();
        foreach (var driver in _drivers)
            driver.Start();
        foreach (var driver in _partyDrivers)
            driver.Start();
        await _control.Done;
        return Result(_time.GetElapsedTime(_started));
    }

    /// <summary>How far the run has come; null before it has begun.</summary>
    public SimulationProgress? Progress()
    {
        var drivers = _drivers;
        if (drivers.Length == 0)
            return null;
        var totals = _runtime.Inspect().Totals;
        var latency = _runtime.Committers.Latency;
        var closed = drivers.Sum(driver => (long)driver.DaysClosed);
        return new SimulationProgress(
            _request.Scenario.Horizon.Opens.AddDays(drivers.Min(driver => driver.DaysClosed) - 1), closed, (long)drivers.Length * _request.Scenario.Horizon.Days, totals,
            totals[Counter.Commands] - _before[Counter.Commands], totals[Counter.Events] - _before[Counter.Events], _time.GetElapsedTime(_started),
            latency.PercentileMs(500), latency.PercentileMs(990));
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _snapshots.Dispose();
        await _owned.DisposeAsync();
    }

    private ShardDriver[] CreateDrivers()
    {
        var population = new Population(_request.Scenario, _request.Seed, _request.ScaleThousandths);
        var traffic = new StudentTraffic(_request.Scenario, population, _request.Rulebook);
        var students = StudentsByShard(population.Count);
        var runtime = _request.Tap?.Invoke(_runtime) ?? _runtime;
        var drivers = new ShardDriver[ShardCount];
        EveryShard.Do(ShardCount, _options.Threads, shard =>
        {
            drivers[shard] = new ShardDriver(
                shard, students[shard], runtime, traffic, _request.Scenario.Horizon.Opens, _request.Scenario.Horizon.Days, _options.MailboxMessagesMax, _control, _pace);
            if (_request.Resume)
                drivers[shard].Resume(_journal, _runtime.Shards[shard].State.LastClosed);
        });
        return drivers;
    }

    private PartyDriver[] CreatePartyDrivers()
    {
        var drivers = new PartyDriver[PartyShardCount];
        for (var i = 0; i < drivers.Length; i++)
        {
            drivers[i] = new PartyDriver(ShardCount + i, _runtime, _request.Scenario.Horizon.Opens, _request.Scenario.Horizon.Days, _control, _pace);
            drivers[i].Resume(_runtime.Shards[ShardCount + i].State.LastClosed);
        }

        return drivers;
    }

    private static uint[][] StudentsByShard(uint count)
    {
        var counts = new int[ShardCount];
        for (var student = 0u; student < count; student++)
            counts[Population.IdOf(student).ShardOf(ShardCount)]++;
        var students = Array.ConvertAll(counts, n => new uint[n]);
        Array.Clear(counts);
        for (var student = 0u; student < count; student++)
        {
            var shard = Population.IdOf(student).ShardOf(ShardCount);
            students[shard][counts[shard]++] = student;
        }

        return students;
    }

    private IReadOnlyList<MarginalCheck> Marginals()
    {
        var sum = new Marginals(_request.Scenario.Horizon.Opens);
        foreach (var driver in _drivers)
            sum.Add(driver.Marginals);
        return sum.Check(_request.Scenario, _request.ScaleThousandths);
    }

    /// <summary>Once every driver has ended: nobody changes a shard any more.</summary>
    private PartySums OnTheWay()
    {
        var reconciliation = new Reconciliation([.. _runtime.Shards.Skip(ShardCount).Select(shard => shard.State.Ledgers!)]);
        foreach (var shard in _runtime.Shards.Take(ShardCount))
            reconciliation.Add(shard.Index, shard.State.Outbox!);
        return reconciliation.OnTheWay();
    }

    private SimulationResult Result(TimeSpan elapsed)
    {
        var state = _runtime.Inspect();
        var latency = _runtime.Committers.Latency;
        var size = _journal.Measure();
        var failure = _runtime.Committers.Fault?.Message ?? _control.Failure;
        var days = _drivers.Min(driver => driver.DaysClosed);
        return new SimulationResult(
            failure is null && days == _request.Scenario.Horizon.Days && _partyDrivers.All(driver => driver.DaysClosed == days), failure, _runtime.Committers.Fault is not null || _control.LostCommit, state.Digest, state.Totals, state.Parties, OnTheWay(), Marginals(), _request.Scenario.Horizon.Opens.AddDays(days - 1),
            state.OpenClaims, state.Quarantined.Count,
            state.Totals[Counter.Commands] - _before[Counter.Commands], state.Totals[Counter.Events] - _before[Counter.Events],
            size.SegmentBytes, size.FileBytes, _snapshots.SnapshotBytes, elapsed,
            latency.PercentileMs(500), latency.PercentileMs(990), latency.PercentileMs(1000), latency.Count);
    }
}
