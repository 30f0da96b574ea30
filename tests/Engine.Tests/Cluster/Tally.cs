namespace Amoe.Engine.Tests.Cluster;

/// <summary>What can go wrong in a simulated cluster.</summary>
internal enum Fault
{
    // Small ones, at so many of a thousand occasions.
    FrameLost,
    FrameTwice,
    FrameLate,
    FrameOvertaking,
    StoreCallFailed,
    StoreReplyLost,
    AppendArrivesLate,
    SlowWork,
    SlowCommit,
    SlowCall,

    // Large ones, a few times a run.
    CutOneWay,
    CutOff,
    LinkBroken,
    StoreUnreachable,
    StoreRestart,
    DiskFull,
    Killed,
    Frozen,
    FrozenPastLease,
    ClockSet,
    ClockLeap,
    HostJoins,
    HostLeaves,
}

/// <summary>What faults led to, where the engine had to do the right thing.</summary>
internal enum Effect
{
    AppendFenced,
    ConfirmFenced,
    LateAppendStood,
    LateAppendRefused,
    TakenAfterLease,
    TakenAfterHandOver,
    StruckOff,
    AnsweredUnknown,
    AnsweredOverloaded,
    AnsweredStale,
    AnsweredConflict,
    AnsweredAgain,
    ClaimsRevisedAgain,
    Read,
}

/// <summary>How often what happened: a simulation in which a fault never strikes, or never matters, shows nothing.</summary>
internal sealed class Tally
{
    private readonly int[] _faults = new int[Enum.GetValues<Fault>().Length];
    private readonly int[] _effects = new int[Enum.GetValues<Effect>().Length];

    public void Count(Fault fault) => _faults[(int)fault]++;

    public void Count(Effect effect) => _effects[(int)effect]++;

    public int this[Effect effect] => _effects[(int)effect];

    public void Add(Tally other)
    {
        lock (_faults)
        {
            for (var i = 0; i < _faults.Length; i++)
                _faults[i] += other._faults[i];
            for (var i = 0; i < _effects.Length; i++)
                _effects[i] += other._effects[i];
        }
    }

    /// <summary>What never happened.</summary>
    public IEnumerable<string> Missing() => Lines().Where(line => line.Count == 0).Select(line => line.Name);

    public override string ToString() => string.Join('\n', Lines().Select(line => $"{line.Name,-20} {line.Count,10:#,0}"));

    private IEnumerable<(string Name, int Count)> Lines() =>
        Enum.GetValues<Fault>().Select(fault => (fault.ToString(), _faults[(int)fault])).Concat(Enum.GetValues<Effect>().Select(effect => (effect.ToString(), _effects[(int)effect])));
}
