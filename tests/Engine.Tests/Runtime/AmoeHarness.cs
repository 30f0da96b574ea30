using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>The default runtime on a journal in memory.</summary>
internal sealed class AmoeHarness : ILedgerHarness
{
    private readonly EngineOptions _options;
    private readonly GatedJournal _journal;
    private readonly MemorySnapshotStore _snapshots = new();
    private readonly FaultyLogic _logic = new(new AmoeLogic(Rulebook.Embedded));
    private AmoeRuntime _runtime;

    /// <param name="appenders">How many threads append at the same time.</param>
    public AmoeHarness(EngineOptions options, int shards, int partyShards = 0, int appenders = 1)
    {
        _options = options;
        _journal = new GatedJournal(new MemoryJournal(new JournalIdentity(JournalIdentity.CurrentFormatVersion, shards, Rulebook.EmbeddedText, "tests", 0, 0, partyShards)), appenders);
        _runtime = Start();
    }

    public IActorRuntime Runtime => _runtime;

    public bool RestartsFromSnapshots => false;

    public bool ResolvesLostReplies => true;

    public IJournal Journal => _journal;

    /// <summary>A shard reads the journal again before it takes its next turn: it is never away.</summary>
    public Task Served() => Task.CompletedTask;

    public Task Decided(long commands) => Until(() => _runtime.Inspect().Totals[Counter.Commands] >= commands);

    public void HoldCommits() => _journal.Hold();

    public Task CommitIsHeld() => Until(() => _journal.IsHolding);

    public void ReleaseCommits() => _journal.Release();

    public void FailNextCommit() => _journal.FailNext = true;

    public void LoseNextCommitReply() => _journal.LoseNextReply = true;

    public void ThrowOnDecide(ulong? reference) => _logic.PoisonedReference = reference;

    public void ThrowOnReplay(StudentId? student) => _logic.UnreplayableStudent = student;

    public async Task CrashAndRestart()
    {
        // What waits at the store never arrives; the old runtime is left without one.
        _journal.FailNext = true;
        _journal.Release();
        await _runtime.DisposeAsync();
        _journal.FailNext = false;
        _runtime = Start();
    }

    public async ValueTask DisposeAsync()
    {
        _journal.Release();
        await _runtime.DisposeAsync();
        _journal.Dispose();
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            // What is waited for needs the processor more than who waits.
            await Task.Delay(1, patience.Token);
        }
    }

    private AmoeRuntime Start() => AmoeRuntime.Start(_journal, _snapshots, _logic, _options, TimeProvider.System);
}

/// <summary>A journal whose commits can be held, failed, or made and not confirmed.</summary>
internal sealed class GatedJournal(IWritableJournal inner, int appenders = 1) : IWritableJournal
{
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private int _waiting;

    public bool FailNext { get; set; }

    /// <summary>Called with each segment that was appended.</summary>
    public Action<Segment>? Appended { get; init; }

    public bool LoseNextReply { get; set; }

    /// <summary>True while an append waits.</summary>
    public bool IsHolding => Volatile.Read(ref _waiting) > 0;

    public int AppendersMax => appenders;

    public JournalIdentity Identity => inner.Identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => inner.Adoptions;

    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks) => inner.Adopt(rulebook, marks);

    public void Hold() => _gate.Reset();

    public void Release() => _gate.Set();

    public void Append(IReadOnlyList<Segment> segments)
    {
        Interlocked.Increment(ref _waiting);
        _gate.Wait();
        Interlocked.Decrement(ref _waiting);
        if (FailNext)
        {
            FailNext = false;
            throw new JournalException("the disk is full (a test)");
        }

        inner.Append(segments);
        foreach (var segment in segments)
            Appended?.Invoke(segment);
        if (LoseNextReply)
        {
            LoseNextReply = false;
            throw new JournalException("the connection broke (a test)");
        }
    }

    public void Confirm(IReadOnlyList<ShardEpoch> shards) => inner.Confirm(shards);

    public long Head(int shard) => inner.Head(shard);

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0) => inner.Read(shard, fromOffset);

    public IEnumerable<Segment> ReadAll() => inner.ReadAll();

    public JournalSize Measure() => inner.Measure();

    public void Dispose()
    {
        inner.Dispose();
        _gate.Dispose();
    }
}
