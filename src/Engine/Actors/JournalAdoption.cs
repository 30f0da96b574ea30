using Akka.Actor;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Actors;

/// <summary>
/// Adopts a rulebook in a journal that no other process writes: starts the journal's own actor alone, and ends it.
/// </summary>
public static class JournalAdoption
{
    /// <exception cref="RulebookException">
    /// The journal has it already, or it says something else on a day that was opened.
    /// </exception>
    /// <exception cref="JournalException">
    /// The journal is missing, in use, damaged, …, or could not be written.
    /// </exception>
    public static async Task<AdoptedRulebook> AdoptAsync(JournalAddress address, Rulebook rulebook, TimeProvider time)
    {
        using PartitionJournal journal = address.IsPostgres ? await PostgresJournal.OpenAsync(address, "rules adopt", time) : SqliteJournal.Open(address.Path);
        var options = new EngineOptions();

        // No partition starts, so there is nothing to warn of.
        var context = new PartitionContext(journal, adopted => new AmoeLogic(adopted), options, time, warn: _ => { });
        var plugins = JournalPlugins.Of(journal, options);
        var system = PartitionRuntime.SystemOf(PartitionRuntime.ConfigurationOf(options, plugins.Configuration), [plugins.Connections]);
        try
        {
            return await AdoptAsync(system, context, rulebook);
        }
        finally
        {
            await system.Terminate();
            system.Dispose();
            plugins.Close();
        }
    }

    private static async Task<AdoptedRulebook> AdoptAsync(ActorSystem system, PartitionContext context, Rulebook rulebook)
    {
        var supervisor = system.ActorOf(Props.Create(() => new PartitionSupervisor(Array.Empty<PartitionHost>(), context, new TaskCompletionSource())), "partitions");
        supervisor.Tell(new Start(context.Own), ActorRefs.Nobody);
        await context.Own.Opened;
        return await context.Own.Target(supervisor).Ask<AdoptedRulebook>(new AdoptRulebook(rulebook), Timeout.InfiniteTimeSpan);
    }
}
