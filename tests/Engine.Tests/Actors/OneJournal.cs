using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Setup;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Journal;

namespace Amoe.Engine.Tests.Actors;

/// <summary>A journal file, and an actor system's set-up for it.</summary>
internal sealed class OneJournal : IDisposable
{
    private readonly SqliteTestStore _store = new();

    public OneJournal()
    {
        Gate = new CommitGate(_store);
        var journal = _store.Create(
            new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, Rulebook.EmbeddedText, "tests", 0, 0, 1));
        var options = new EngineOptions();
        Context = new PartitionContext(
            journal, rulebook => new AmoeLogic(rulebook), options, TimeProvider.System, Warnings.Add);
        Setup = ActorSystemSetup.Create(
            [
                BootstrapSetup.Create().WithConfig(
                    Gate.Configure(options, "akka.test { default-timeout = 60s, single-expect-default = 60s }")),
                .. Gate.SetupsFor(journal, options)
            ]);
    }

    public CommitGate Gate { get; }

    /// <summary>The warnings of the runtime.</summary>
    public ConcurrentBag<string> Warnings { get; } = [];

    public PartitionContext Context { get; }

    public ActorSystemSetup Setup { get; }

    /// <summary>Starts an actor without a supervisor, and waits until it serves.</summary>
    public IActorRef StartIn(Akka.TestKit.Xunit2.TestKit kit, ActorHost host)
    {
        var actor = kit.Sys.ActorOf(host.Props.WithDispatcher("amoe.partitions"));
        kit.Until(() => host.IsServing);
        return actor;
    }

    public void Dispose()
    {
        SqliteConnections.Close(Context.Journal.Name);
        Context.Journal.Dispose();
        _store.Dispose();
    }
}

internal static class Awaiting
{
    /// <summary>Asks often: the framework asks ten times within its time limit, which is once in six seconds.</summary>
    public static void Until(this Akka.TestKit.Xunit2.TestKit kit, Func<bool> condition) =>
        kit.AwaitCondition(condition, kit.TestKitSettings.DefaultTimeout, TimeSpan.FromMilliseconds(5));
}
