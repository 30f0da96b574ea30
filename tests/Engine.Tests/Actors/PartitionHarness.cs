using System.Collections.Concurrent;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Actors;

/// <summary>The partitions as persistent actors, on a real store: a file where a test does not name another.</summary>
internal sealed class PartitionHarness : ILedgerHarness
{
    private readonly string _config;
    private readonly FaultyLogic _logic = new(new AmoeLogic(Rulebook.Embedded));
    private PartitionRuntime? _runtime;
    private PartitionJournal _journal;

    /// <param name="config">What is changed of the actor system's configuration.</param>
    public PartitionHarness(
        EngineOptions options, int partitions, int ledgerPartitions = 0, string config = "", bool starts = true,
        TestStore? store = null)
    {
        (Options, _config, Store) = (options, config, store ?? new SqliteTestStore());
        Gate = new CommitGate(Store);
        // The day is open: what a test holds or fails is a partition's own write.
        using (var writer = FrameWriter.Create(
            Store,
            new JournalIdentity(
                JournalIdentity.CurrentFormatVersion, partitions, Rulebook.EmbeddedText, "tests", 0, 0,
                ledgerPartitions)))
            writer.Write(new DayOpened(Traffic.Day, 0));
        _journal = Store.Open();
        if (starts)
            Start();
    }

    public CommitGate Gate { get; }

    /// <summary>Disposed with this.</summary>
    public TestStore Store { get; }

    /// <summary>Of the last start.</summary>
    public PartitionContext Context { get; private set; } = null!;

    /// <summary>Of the next start.</summary>
    public EngineOptions Options { get; set; }

    /// <summary>The journal's file, where it is one.</summary>
    public string Path => ((SqliteTestStore)Store).Path;

    public PartitionRuntime Partitions => _runtime!;

    public IActorRuntime Runtime => _runtime!;

    public bool RestartsFromSnapshots => false;

    /// <summary>The warnings of the runtime.</summary>
    public ConcurrentBag<string> Warnings { get; } = [];

    public bool ResolvesLostReplies => false;

    public IJournal Journal => _journal;

    public Task Decided(long commands) => Until(() => _runtime!.Inspect().Totals[Counter.Commands] >= commands);

    public Task Served() => Until(() => _runtime!.Own.IsServing && _runtime.Partitions.All(host => host.IsServing));

    public void HoldCommits() => Gate.Hold();

    public Task CommitIsHeld() => Until(() => Gate.IsHolding);

    public void ReleaseCommits() => Gate.Release();

    public void FailNextCommit() => Gate.FailNext(WriteFault.Fails);

    public void LoseNextCommitReply() => Gate.FailNext(WriteFault.LosesReply);

    public void ThrowOnDecide(ulong? reference) => _logic.PoisonedReference = reference;

    public void ThrowOnReplay(StudentId? student) => _logic.UnreplayableStudent = student;

    public async Task CrashAndRestart()
    {
        await Crash();
        Reopen();
        Start();
    }

    /// <summary>Drops the writes that wait at the store, and leaves the old runtime without a store.</summary>
    public async Task Crash()
    {
        Gate.All = WriteFault.Fails;
        Gate.Release();
        if (_runtime is { } runtime)
            await runtime.DisposeAsync();
        _runtime = null;
        Gate.All = WriteFault.None;
    }

    /// <summary>Starts another runtime on what the store has.</summary>
    public void Start() => _runtime = Task.Run(StartAsync).GetAwaiter().GetResult();

    public async Task<PartitionRuntime> StartAsync()
    {
        Context = new PartitionContext(_journal, _ => _logic, Options, TimeProvider.System, Warnings.Add);
        return _runtime = await PartitionRuntime.StartAsync(
            Context, Gate.Configure(Options, _config), Gate.SetupsFor(_journal, Options));
    }

    /// <summary>Closes the journal and opens it again, as another process would.</summary>
    public void Reopen(Action? whileClosed = null)
    {
        _journal.Dispose();
        whileClosed?.Invoke();
        _journal = Store.Open();
    }

    public async ValueTask DisposeAsync()
    {
        Gate.Release();
        if (_runtime is { } runtime)
            await runtime.DisposeAsync();
        _journal.Dispose();
        Store.Dispose();
    }

    public static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var look = 1; !condition(); look++)
        {
            // What is waited for needs the processor more than who waits, and a look at a database begins a connection:
            // looks grow rarer.
            await Task.Delay(Math.Min(look, 100), patience.Token);
        }
    }
}
