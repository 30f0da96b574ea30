using Amoe.Engine.Journal;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Running;

/// <summary>One run of a scenario on an engine: made, run once, disposed.</summary>
internal sealed class Simulation : IAsyncDisposable
{
    private readonly SimulationRequest _request;
    private readonly IEngine _engine;
    private readonly StudentTraffic _traffic;
    private readonly Agenda[] _agendas;
    private readonly TimeProvider _time;
    private readonly int _parties;
    private readonly DayBarrier _barrier;
    private readonly RunControl _control;
    private readonly ExpectedWork _work;
    private PartitionDriver[] _drivers = [];
    private LedgerDriver[] _partyDrivers = [];
    private long _started;

    private Simulation(
        SimulationRequest request, IEngine engine, StudentTraffic traffic, Agenda[] agendas, TimeProvider time)
    {
        (_request, _engine, _traffic, _agendas, _time) = (request, engine, traffic, agendas, time);
        _parties = engine.Journal.Identity.LedgerPartitions;
        _barrier = new DayBarrier(agendas.Length, _parties, request.Scenario.Horizon.Days);
        _control = new RunControl(agendas.Length + _parties, _barrier, engine.Patience, time);
        _work = new ExpectedWork(request);
    }

    /// <summary>In this process: creates the journal, or opens the one to resume and recovers what it holds.</summary>
    /// <inheritdoc cref="PartitionEngine.OpenAsync"/>
    public static Task<Simulation> OpenAsync(SimulationRequest request, Action<string> warn, TimeProvider time) =>
        OpenAsync(request, async () => await PartitionEngine.OpenAsync(request, warn, time), time);

    /// <summary>
    /// Opens an engine and, beside it, what students do of their own accord: an engine's start is mostly compilation,
    /// which one core does.
    /// </summary>
    /// <param name="open">Opens the engine, which is the simulation's from here on: disposed with it.</param>
    public static async Task<Simulation> OpenAsync(
        SimulationRequest request, Func<Task<IEngine>> open, TimeProvider time)
    {
        using var cancellation = new CancellationTokenSource();
        var traffic = new StudentTraffic(request.Scenario, PopulationOf(request), request.Rulebook);
        var agendas = Task.Run(() => Agendas(request, traffic, cancellation.Token), CancellationToken.None);
        IEngine? engine = null;
        try
        {
            engine = await Task.Run(open, CancellationToken.None);
            return new Simulation(request, engine, traffic, await agendas, time);
        }
        catch
        {
            await cancellation.CancelAsync();
            if (engine is not null)
                await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Runs to the horizon, or until cancelled: then every partition ends with the day it is in, durably.
    /// </summary>
    public async Task<SimulationResult> RunAsync(CancellationToken cancellation)
    {
        _started = _time.GetTimestamp();
        using var stop = cancellation.Register(_control.Stop);
        _partyDrivers = CreatePartyDrivers();
        _drivers = CreateDrivers();
        var sampler = new PaceSampler(_request.Scenario.Horizon, () => Progress()!);
        _barrier.Closed = sampler.Closed;
        foreach (var driver in _drivers)
            driver.Start();
        foreach (var driver in _partyDrivers)
            driver.Start();
        await _control.Done;
        var elapsed = _time.GetElapsedTime(_started);
        var pace = sampler.End(DaysClosed, elapsed);
        return Result(await _engine.EndAsync(), pace, elapsed);
    }

    /// <summary>How far the run has come; null before it has begun.</summary>
    public SimulationProgress? Progress()
    {
        var drivers = _drivers;
        if (drivers.Length == 0)
            return null;
        var opens = _request.Scenario.Horizon.Opens;
        var daysClosed = Array.ConvertAll(drivers, driver => driver.DaysClosed);
        return new SimulationProgress(
            opens.AddDays(daysClosed.Min() - 1), daysClosed, _work,
            drivers.Sum(driver => driver.Marginals[Counted.Declarations]),
            drivers.Sum(driver => driver.Marginals[Counted.Claims]), drivers.Sum(driver => driver.Decided),
            _time.GetElapsedTime(_started), _engine.Progress());
    }

    /// <summary>Days that every partition of students has closed.</summary>
    private int DaysClosed => _drivers.Min(driver => driver.DaysClosed);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static Population PopulationOf(SimulationRequest request) =>
        new(request.Scenario, request.Seed, request.ScaleThousandths);

    private PartitionDriver[] CreateDrivers()
    {
        var horizon = _request.Scenario.Horizon;
        var target = _request.Tap?.Invoke(_engine.Target) ?? _engine.Target;
        PartitionDriver[] drivers = [.. _agendas.Select((agenda, partition) =>
            new PartitionDriver(
                partition, agenda, target, _traffic, horizon.Opens, horizon.Days, _engine.WaitingMax, _control,
                _barrier))];
        if (_request.Resume)
            EveryPartition.Do(
                drivers.Length, _request.Threads,
                partition => drivers[partition].Resume(_engine.Journal, _engine.LastClosed(partition)));
        return drivers;
    }

    private LedgerDriver[] CreatePartyDrivers()
    {
        var (horizon, first) = (_request.Scenario.Horizon, _agendas.Length);
        LedgerDriver[] drivers = [.. Enumerable.Range(first, _parties)
            .Select(partition =>
                new LedgerDriver(partition, _engine.Target, horizon.Opens, horizon.Days, _control, _barrier))];
        if (_request.Resume)
        {
            for (var i = 0; i < drivers.Length; i++)
                drivers[i].Resume(_engine.LastClosed(first + i));
        }

        return drivers;
    }

    /// <summary>The unprompted steps of students, by partition.</summary>
    private static Agenda[] Agendas(SimulationRequest request, StudentTraffic traffic, CancellationToken cancellation)
    {
        var students = StudentsByPartition(PopulationOf(request).Count, request.Identity.StudentPartitions);
        var agendas = new Agenda[students.Length];
        EveryPartition.Do(
            students.Length, request.Threads, partition => agendas[partition] = traffic.Open(students[partition]),
            cancellation);
        return agendas;
    }

    private static uint[][] StudentsByPartition(uint count, int partitions)
    {
        var counts = new int[partitions];
        for (var student = 0u; student < count; student++)
            counts[Population.IdOf(student).PartitionOf(partitions)]++;
        var students = Array.ConvertAll(counts, n => new uint[n]);
        Array.Clear(counts);
        for (var student = 0u; student < count; student++)
        {
            var partition = Population.IdOf(student).PartitionOf(partitions);
            students[partition][counts[partition]++] = student;
        }

        return students;
    }

    private IReadOnlyList<MarginalCheck> Marginals()
    {
        var sum = new Marginals(_request.Scenario.Horizon.Opens, _request.Scenario.Horizon.Days);
        foreach (var driver in _drivers)
            sum.Add(driver.Marginals);
        return new MarginalModel(_request.Scenario, _request.Rulebook, sum, PopulationOf(_request)).Check();
    }

    private SimulationResult Result(EngineEnd end, IReadOnlyList<PaceSample> pace, TimeSpan elapsed)
    {
        // A database that went and came back made nothing fail.
        var failure = _control.Failure is { } said ? end.Fault ?? said : null;
        var days = DaysClosed;
        var isComplete = failure is null
            && days == _request.Scenario.Horizon.Days
            && _partyDrivers.All(driver => driver.DaysClosed == days);
        return new SimulationResult(
            isComplete, failure, failure is not null && (end.Fault is not null || _control.LostCommit), end.Digest,
            end.Accounts, isComplete ? Marginals() : [],
            _request.Scenario.Horizon.Opens.AddDays(days - 1), end.Quarantined, end.CommandsThisRun, end.EventsThisRun,
            end.SegmentBytes, end.FileBytes, end.SnapshotBytes, elapsed, end.CommitP50Ms, end.CommitP99Ms,
            end.CommitMaxMs, end.Commits)
        {
            ReadBack = end.ReadBack,
            Pace = pace,
        };
    }
}
