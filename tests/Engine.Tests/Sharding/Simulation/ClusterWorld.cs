using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// Hosts, clients, a database and a network between them, in one thread and virtual time under a seed: some seconds of
/// faults, then calm, in which everything has to be done.
/// </summary>
internal sealed class ClusterWorld
{
    public const int Students = 8;

    private const int StepsKept = 400;

    // Patient senders wait 20 s for each partition that a dead host had.
    private static readonly TimeSpan _calmMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(1);

    private readonly Queue<string>? _trace;
    private readonly List<ClusterClient> _clients = [];
    private readonly SimulatedHost?[] _served;
    private TimeSpan? _settledAt;

    /// <param name="isTraced">Keeps the last steps, to be shown.</param>
    public ClusterWorld(ulong seed, ClusterDefect defect = ClusterDefect.None, bool isTraced = false)
    {
        (Seed, Defect, Dice) = (seed, defect, new Dice(Mixing.Mix(seed, 0xC105)));
        _trace = isTraced ? new Queue<string>() : null;
        Weather = new ClusterWeather(Dice);
        Identity = new JournalIdentity(
            JournalIdentity.CurrentFormatVersion, Weather.StudentPartitions, Rulebook.EmbeddedText, "faults", seed, 0,
            Weather.LedgerPartitions);
        _served = new SimulatedHost?[Identity.TotalPartitions];
        Witness = new ClusterWitness(Tally, Logic, Identity.StudentPartitions);
        Store = new ClusterStore(this, Identity);
        Store.Frames.Committed = Witness.Accepted;
        Network = new ClusterNetwork(this);
        Sharding = new SimulatedSharding(this);
        string[] places = [.. Enumerable.Range(1, Weather.Hosts).Select(number => $"host{number}")];
        foreach (var place in places)
            Start(place, TimeSpan.FromMilliseconds(Dice.Below(20)));
        StartClients();
        Days = new BusinessDays(this);
        Injector = new ClusterInjector(this, [.. places, .. _clients.Select(client => client.Name)]);
    }

    public ulong Seed { get; }

    public ClusterDefect Defect { get; }

    public Dice Dice { get; }

    public ClusterWeather Weather { get; }

    public JournalIdentity Identity { get; }

    public IActorLogic Logic { get; } = new AmoeLogic(Rulebook.Embedded);

    /// <summary>The logic that decides. No rulebook is adopted in a run.</summary>
    public OpenDays Open => field ??= OpenDays.Every(Logic);

    public VirtualTime Time { get; } = new();

    public TimeSpan Now => Time.Elapsed;

    public bool IsCalm => Now >= Weather.CalmAt;

    public ClusterTally Tally { get; } = new();

    public ClusterWitness Witness { get; }

    public ClusterStore Store { get; }

    public ClusterNetwork Network { get; }

    public SimulatedSharding Sharding { get; }

    public BusinessDays Days { get; }

    public ClusterInjector Injector { get; }

    public IReadOnlyList<ClusterClient> Clients => _clients;

    /// <summary>The clients that send commands.</summary>
    public IReadOnlyList<ClusterClient> Writers { get; private set; } = [];

    public IEnumerable<string> LastSteps => _trace ?? [];

    public void Count(ClusterEffect effect) => Tally.Count(effect);

    /// <summary>True so often in a thousand, while there are faults.</summary>
    public bool Strikes(int perMille) => perMille > 0 && !IsCalm && Dice.Below(1_000) < perMille;

    public void Trace(Func<string> step)
    {
        if (_trace is null)
            return;
        if (_trace.Count >= StepsKept)
            _trace.Dequeue();
        _trace.Enqueue($"{Now.TotalMilliseconds,10:0.0} {step()}");
    }

    /// <summary>A process starts, with a host in it.</summary>
    public void Start(string place, TimeSpan after) =>
        Time.After(after, () => _ = new SimulatedHost(this, new SimulatedProcess(Time, place)));

    /// <summary>A host has ended, and begins anew in the same process.</summary>
    public void Ended(SimulatedHost host)
    {
        Sharding.Remove(host);
        host.Process.After(
            TimeSpan.FromMilliseconds(100 + Dice.Below(900)), () => _ = new SimulatedHost(this, host.Process));
    }

    /// <summary>A host has begun to serve a partition.</summary>
    public void Serves(int partition, SimulatedHost host)
    {
        if (_served[partition] is { HasEnded: false, Process.HasEnded: false } former
            && former != host
            && former.Entities.TryGetValue(partition, out var entity)
            && entity.IsServing)
            Count(ClusterEffect.TwoOwnersAlive);
        _served[partition] = host;
    }

    /// <summary>Plays the seed to its end.</summary>
    /// <returns>The promise that does not hold, or null.</returns>
    public string? Play()
    {
        try
        {
            while (Witness.Broken is null && Time.RunNext())
            {
                if (IsCalm && IsSettled())
                    return Check();
                if (Now > Weather.CalmAt + _calmMax)
                    return $"everything is served and done once faults cease: after {_calmMax.TotalMinutes} minutes it is {Days}; served are {string.Join(' ', Enumerable.Range(0, Identity.TotalPartitions).Where(IsServed))} of {Identity.TotalPartitions}";
            }
        }
        catch (JournalException e)
        {
            return $"the log can be followed: {e.Message}";
        }

        return Witness.Broken ?? "everything is served and done once faults cease: nothing is left to happen";
    }

    private void StartClients()
    {
        foreach (var lives in HurriedLives.Of(new Dice(Mixing.Mix(Seed, 3)), Students)
            .GroupBy(life => (int)(life.Key.Value % (ulong)Weather.Clients)))
            _clients.Add(new ClusterClient(this, lives.Key + 1, lives.SelectMany(life => life)));
        Writers = [.. _clients];
        _clients.Add(new ClusterClient(this, 0, []));
    }

    private bool IsServed(int partition) =>
        Sharding.HomeOf(partition) is { IsHeld: true } home
            && home.Entities.TryGetValue(partition, out var entity)
            && entity.IsServing;

    /// <summary>For a while, so that nothing is in flight.</summary>
    private bool IsSettled()
    {
        if (!Days.AreOver
            || !_clients.TrueForAll(client => client.IsDone)
            || !Enumerable.Range(0, Identity.TotalPartitions).All(IsServed))
            _settledAt = null;
        else
            _settledAt ??= Now;
        return _settledAt is { } since && Now > since + _settling;
    }

    private string? Check()
    {
        Witness.Finish();
        if (Witness.Broken is not null)
            return Witness.Broken;
        var recovered = new SimulatedSnapshots();
        for (var partition = 0; partition < Identity.TotalPartitions; partition++)
        {
            var replayed = new PartitionRecovery(
                partition, Store.Frames, recovered, Logic, new SimulationOptions(), Dice).Replayed();
            if (StateComparison.Difference(
                replayed, Sharding.HomeOf(partition)!.Entities[partition].Actor!.State) is { } difference)
                return $"what is served is what the journal says: partition {partition}: {difference}";
        }

        var journal = new FramesJournal(Store.Frames);
        var audit = JournalAudit.Run(journal, Logic, threads: 1, partitionDone: null, CancellationToken.None);
        if (audit.Problems.Count > 0)
            return $"the journal adds up: {audit.Problems[0]}";
        if (audit.Accounts.NotYetBooked != default || audit.Accounts.Ledgers.SetOffInTransitCentimes != 0)
            return $"what crosses partitions arrives: not yet booked is {audit.Accounts.NotYetBooked}, to the claims {audit.Accounts.Ledgers.SetOffInTransitCentimes}";
        return UndisturbedRun.Difference(journal, audit.Digest, Witness, Logic) is { } changed
            ? $"faults change no decision: {changed}"
            : null;
    }
}
