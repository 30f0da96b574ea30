namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// The effects counted in a run: faults first, then their consequences. Each has to occur often enough, or the seeds
/// show nothing.
/// </summary>
internal enum ClusterEffect
{
    MessageLost,
    MessageDoubled,
    MessageLate,
    MessageReordered,
    HostsCut,
    StoreCallFailed,
    StoreReplyLost,
    StoreCallLate,
    StoreCutFromHost,
    StoreRestarted,
    HostKilled,
    HostFrozen,
    HostFrozenPastLease,
    HostLeft,
    PartitionMoved,
    PartitionGivenTwice,

    /// <summary>
    /// A partition moves in the middle of a day, while what a ledger has to say to a claim waits for the claim's
    /// records.
    /// </summary>
    MovedWithLetterSetAside,

    /// <summary>A partition is on two hosts, and both live.</summary>
    TwoOwnersAlive,

    /// <summary>A host that is dead to the others goes on, with a write on its way.</summary>
    FrozenOwnerWokeWithWrite,

    /// <summary>A write whose host has given it up, or is dead, becomes durable.</summary>
    LateWriteStood,

    /// <summary>A write becomes durable after another host has taken the partition.</summary>
    LateWriteAfterTakeover,

    /// <summary>A write that waited for the store was durable all the time.</summary>
    HeldWriteFound,

    /// <summary>A write that waited is made again, and is durable then.</summary>
    HeldWriteMade,

    /// <summary>A write finds its sequence number taken.</summary>
    Collision,

    /// <summary>A command that was sent to one incarnation is sent again to the next.</summary>
    ResentToNextOwner,

    /// <summary>An answer from memory was withheld, because the deadline was past.</summary>
    AnswerWithheldPastDeadline,
    TakenFromSilentHolder,
    TakenAfterHandBack,
    HostDeclaredDead,
    LeaseLost,
    StrayLetGo,
    RecordsReadBack,
    AnsweredUnknown,
    AnsweredConflict,
    AnsweredAgain,
    ClaimsRevisedAgain,
    QuestionAnswered,
    QuestionFromMemory,
    ToldClaim,
}

/// <summary>Counts the effects of one seed or of many.</summary>
internal sealed class ClusterTally
{
    // In a thousand seeds. All others happen at least once.
    private static readonly Dictionary<ClusterEffect, long> _least = new()
    {
        [ClusterEffect.HostFrozenPastLease] = 500,
        [ClusterEffect.PartitionGivenTwice] = 500,
        [ClusterEffect.MovedWithLetterSetAside] = 20,
        [ClusterEffect.TwoOwnersAlive] = 200,
        [ClusterEffect.FrozenOwnerWokeWithWrite] = 50,
        [ClusterEffect.LateWriteStood] = 20,
        [ClusterEffect.LateWriteAfterTakeover] = 2,
        [ClusterEffect.HeldWriteFound] = 200,
        [ClusterEffect.HeldWriteMade] = 200,
        [ClusterEffect.Collision] = 20,
        [ClusterEffect.ResentToNextOwner] = 1_000,
        [ClusterEffect.AnswerWithheldPastDeadline] = 50,
        [ClusterEffect.TakenFromSilentHolder] = 500,
        [ClusterEffect.StrayLetGo] = 20,
        [ClusterEffect.QuestionFromMemory] = 10_000,
        [ClusterEffect.ToldClaim] = 200,
    };

    private readonly long[] _counts = new long[Enum.GetValues<ClusterEffect>().Length];

    public long this[ClusterEffect effect] => Interlocked.Read(ref _counts[(int)effect]);

    public void Count(ClusterEffect effect) => _counts[(int)effect]++;

    public void Add(ClusterTally other)
    {
        for (var i = 0; i < _counts.Length; i++)
            Interlocked.Add(ref _counts[i], other._counts[i]);
    }

    /// <summary>The effects that occurred less often than required in so many seeds.</summary>
    public IEnumerable<string> Missing(ulong seeds) =>
        from effect in Enum.GetValues<ClusterEffect>()
        let least = Math.Max(1, _least.GetValueOrDefault(effect) * (long)seeds / 1_000)
        where this[effect] < least
        select $"{effect} {this[effect]} times, and has to {least}";

    public override string ToString() =>
        string.Join('\n', Enum.GetValues<ClusterEffect>().Select(effect => $"{effect,-28} {this[effect],12:#,0}"));
}
