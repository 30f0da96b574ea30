using Amoe.Engine.Journal;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Running;

/// <summary>One run of a scenario on an engine: made, run once, disposed.</summary>
internal sealed class Simulation : IAsyncDisposable
{
    /// <summary>Shards of a simulation's journal in a database: fixed when it is created, because a student's shard follows from it.</summary>
    public const int ShardCount = 256;

    /// <summary>Students' partitions of a simulation's journal in a file.</summary>
    public const int PartitionCount = 16;

    /// <summary>Shards of institutions, providers and payment runs: as fixed.</summary>
    public const int PartyShardCount = 4;

    private readonly SimulationRequest _request;
    private readonly IEngine _engine;
    private readonly JournalIdentity _identity;
    private readonly TimeProvider _time;
    private readonly Pace _pace;
    private readonly RunControl _control;
    private ShardDriver[] _drivers = [];
    private PartyDriver[] _partyDrivers = [];
    private long _started;

    /// <param name="engine">The simulation's from here on: disposed with it.</param>
    public Simulation(SimulationRequest request, IEngine engine, TimeProvider time)
    {
        (_request, _engine, _identity, _time) = (request, engine, engine.Journal.Identity, time);
        _pace = new Pace(_identity.ShardCount, _identity.PartyShardCount, request.Scenario.Horizon.Days);
        _control = new RunControl(_identity.ShardCount + _identity.PartyShardCount, _pace);
    }

    /// <summary>In this process: creates the journal, or opens the one to resume and recovers what it holds.</summary>
    /// <param name="warn">Told, in one line, what is odd and does no harm, such as a snapshot that is torn.</param>
    /// <exception cref="JournalException">It exists and is not to be resumed, is missing and is, was made with something else, is torn, …</exception>
    public static async Task<Simulation> OpenAsync(SimulationRequest request, Action<string> warn, TimeProvider time) =>
        new(request, await EmbeddedEngine.OpenAsync(request, warn, time), time);

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
        var elapsed = _time.GetElapsedTime(_started);
        return Result(await _engine.EndAsync(), elapsed);
    }

    /// <summary>How far the run has come; null before it has begun.</summary>
    public SimulationProgress? Progress()
    {
        var drivers = _drivers;
        if (drivers.Length == 0)
            return null;
        var (opens, days) = (_request.Scenario.Horizon.Opens, _request.Scenario.Horizon.Days);
        return new SimulationProgress(
            opens.AddDays(drivers.Min(driver => driver.DaysClosed) - 1), drivers.Sum(driver => (long)driver.DaysClosed), (long)drivers.Length * days,
            drivers.Sum(driver => driver.Marginals[Counted.Declarations]), drivers.Sum(driver => driver.Marginals[Counted.Claims]), drivers.Sum(driver => driver.Decided),
            _time.GetElapsedTime(_started), _engine.Progress());
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private Population Population => new(_request.Scenario, _request.Seed, _request.ScaleThousandths);

    private ShardDriver[] CreateDrivers()
    {
        var traffic = new StudentTraffic(_request.Scenario, Population, _request.Rulebook);
        var students = StudentsByShard(Population.Count);
        var target = _request.Tap?.Invoke(_engine.Target) ?? _engine.Target;
        var drivers = new ShardDriver[_identity.ShardCount];
        EveryShard.Do(_identity.ShardCount, _request.Threads, shard =>
        {
            drivers[shard] = new ShardDriver(
                shard, students[shard], target, traffic, _request.Scenario.Horizon.Opens, _request.Scenario.Horizon.Days, _engine.WaitingMax, _control, _pace);
            if (_request.Resume)
                drivers[shard].Resume(_engine.Journal, _engine.LastClosed(shard));
        });
        return drivers;
    }

    private PartyDriver[] CreatePartyDrivers()
    {
        var drivers = new PartyDriver[_identity.PartyShardCount];
        for (var i = 0; i < drivers.Length; i++)
        {
            drivers[i] = new PartyDriver(_identity.ShardCount + i, _engine.Target, _request.Scenario.Horizon.Opens, _request.Scenario.Horizon.Days, _control, _pace);
            if (_request.Resume)
                drivers[i].Resume(_engine.LastClosed(_identity.ShardCount + i));
        }

        return drivers;
    }

    private uint[][] StudentsByShard(uint count)
    {
        var counts = new int[_identity.ShardCount];
        for (var student = 0u; student < count; student++)
            counts[Population.IdOf(student).ShardOf(_identity.ShardCount)]++;
        var students = Array.ConvertAll(counts, n => new uint[n]);
        Array.Clear(counts);
        for (var student = 0u; student < count; student++)
        {
            var shard = Population.IdOf(student).ShardOf(_identity.ShardCount);
            students[shard][counts[shard]++] = student;
        }

        return students;
    }

    private IReadOnlyList<MarginalCheck> Marginals()
    {
        var sum = new Marginals(_request.Scenario.Horizon.Opens, _request.Scenario.Horizon.Days);
        foreach (var driver in _drivers)
            sum.Add(driver.Marginals);
        return new MarginalModel(_request.Scenario, _request.Rulebook, sum, Population).Check();
    }

    private SimulationResult Result(EngineEnd end, TimeSpan elapsed)
    {
        var failure = end.Fault ?? _control.Failure;
        var days = _drivers.Min(driver => driver.DaysClosed);
        var isComplete = failure is null && days == _request.Scenario.Horizon.Days && _partyDrivers.All(driver => driver.DaysClosed == days);
        return new SimulationResult(
            isComplete, failure, end.Fault is not null || _control.LostCommit, end.Digest, end.Accounts, isComplete ? Marginals() : [],
            _request.Scenario.Horizon.Opens.AddDays(days - 1), end.Quarantined, end.CommandsThisRun, end.EventsThisRun,
            end.SegmentBytes, end.FileBytes, end.SnapshotBytes, elapsed, end.CommitP50Ms, end.CommitP99Ms, end.CommitMaxMs, end.Commits)
        {
            ReadBack = end.ReadBack,
        };
    }
}
