using Akka.Configuration;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Akka.Tests;

/// <summary>The Akka.NET runtime, one host, on a store in memory that outlives it.</summary>
internal sealed class AkkaHarness : IRuntimeHarness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly GatedStore _store = new();
    private readonly FaultyLogic _logic = new(new AmoeLogic(Rulebook.Embedded));
    private readonly AkkaOptions _options;
    private readonly JournalIdentity _identity;
    private AkkaRuntime _runtime;

    public AkkaHarness(EngineOptions options, int shards, int partyShards = 0)
    {
        _options = new AkkaOptions
        {
            MailboxMessagesMax = options.MailboxMessagesMax,

            // As often as the default runtime is asked to: never, or with every record.
            SnapshotEvery = options.SnapshotEveryBytes == 1 ? 1 : int.MaxValue,
            BackOff = TimeSpan.FromMilliseconds(20),
            SendAgainAfter = TimeSpan.FromSeconds(1),
        };
        _identity = new JournalIdentity(JournalIdentity.CurrentFormatVersion, shards, Rulebook.EmbeddedText, "tests", 0, 0, partyShards);
        _runtime = Start();
    }

    public IActorRuntime Runtime => _runtime;

    public bool RestartsFromSnapshots => true;

    public async Task Decided(long commands)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (_store.Waiting == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void HoldCommits() => _store.Hold();

    public void ReleaseCommits() => _store.Release();

    public void FailNextCommit() => _store.FailNext = true;

    public void LoseNextCommitReply() => _store.LoseNextReply = true;

    public void ThrowOnDecide(ulong? reference) => _logic.PoisonedReference = reference;

    public void ThrowOnReplay(StudentId? student) => _logic.UnreplayableStudent = student;

    public async Task CrashAndRestart()
    {
        _store.IsDown = true;
        _store.Release();
        await _runtime.System.Terminate();
        _store.IsDown = false;
        _runtime = Start();
    }

    public async ValueTask DisposeAsync()
    {
        _store.Release();
        await _runtime.DisposeAsync();
    }

    private AkkaRuntime Start() =>
        AkkaRuntime.StartAsync(StoreConfig(_store), _ => _store, _identity, _logic, _options, TimeProvider.System, _ => { }).GetAwaiter().GetResult();

    /// <summary>Snapshots in memory end with the host: a start replays everything.</summary>
    internal static Config StoreConfig(GatedStore store) => ConfigurationFactory.ParseString($$"""
        akka {
          persistence {
            journal {
              plugin = "akka.persistence.journal.gated"
              gated {
                class = "{{typeof(GatedAkkaJournal).AssemblyQualifiedName}}"
                store = "{{store.Name}}"
              }
            }
            snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
          }
          # A cluster of one, over and over: nobody to wait for.
          cluster {
            gossip-interval = 100ms
            leader-actions-interval = 100ms
            periodic-tasks-initial-delay = 100ms
            run-coordinated-shutdown-when-down = off
            singleton.hand-over-retry-interval = 100ms
            singleton-proxy.singleton-identification-interval = 100ms
            sharding.retry-interval = 100ms
          }
          coordinated-shutdown.default-phase-timeout = 1s
        }
        """);
}
