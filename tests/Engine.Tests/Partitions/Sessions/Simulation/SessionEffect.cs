namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>What has to happen in a simulation before it shows anything.</summary>
internal enum SessionEffect
{
    MessageLost,
    MessageDoubled,
    MessageLate,
    Reordered,
    Killed,
    RestartedInPlace,
    StoppedInOrder,
    Frozen,
    FormerOwnerWoke,
    SenderFroze,
    WriteFailed,
    WriteReplyLost,
    WriteFenced,
    BatchTaken,
    BatchRefused,
    BatchIgnored,
    BatchOverloaded,
    OpenIgnored,
    Evicted,
    AnsweredUnknown,
    AnsweredOutOfOrder,
    DecidedAgain,
    ProbedAlive,
    ProbedLostAnswer,
    ProbedRefused,
    Reopened,
    OtherActorIgnored,
    GivenUp,
    WentOutOfService,
    AnsweredOutOfService,
    GivenUpOutOfService,
    MarkDecided,
}

/// <summary>Counts the effects of one seed or of many.</summary>
internal sealed class SessionTally
{
    private readonly int[] _counts = new int[Enum.GetValues<SessionEffect>().Length];

    public void Count(SessionEffect effect) => _counts[(int)effect]++;

    public void Add(SessionTally other)
    {
        for (var i = 0; i < _counts.Length; i++)
            Interlocked.Add(ref _counts[i], other._counts[i]);
    }

    public IEnumerable<SessionEffect> Missing() =>
        Enum.GetValues<SessionEffect>().Where(effect => _counts[(int)effect] == 0);

    public override string ToString() =>
        string.Join(", ", Enum.GetValues<SessionEffect>().Select(effect => $"{effect} {_counts[(int)effect]}"));
}
