using Akka.Actor;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Actors;

/// <summary>
/// Has the journal's own actor do something while no other process writes the journal: starts it alone, and ends it.
/// </summary>
internal static class JournalAlone
{
    /// <summary>Opens the journal for this alone.</summary>
    /// <param name="purpose">What another process is refused for meanwhile.</param>
    /// <param name="require">Throws where the journal, which no one else writes now, is not as it has to be.</param>
    /// <exception cref="JournalException">
    /// The journal is missing, in use, damaged, …, or could not be written.
    /// </exception>
    public static async Task<T> AskAsync<T>(
        JournalAddress address, string purpose, object message, TimeProvider time, Action<IJournal>? require = null)
    {
        using PartitionJournal journal = address.IsPostgres
            ? await PostgresJournal.OpenAsync(address, purpose, time)
            : SqliteJournal.Open(address.Path);
        require?.Invoke(journal);
        return await AskAsync<T>(journal, message, time);
    }

    /// <param name="journal">Opened for writing, with no actor on it. It stays open.</param>
    /// <inheritdoc cref="AskAsync{T}(JournalAddress, string, object, TimeProvider, Action{IJournal})"/>
    public static async Task<T> AskAsync<T>(PartitionJournal journal, object message, TimeProvider time)
    {
        var options = new EngineOptions();

        // No partition starts, so there is nothing to warn of.
        var context = new PartitionContext(journal, adopted => new AmoeLogic(adopted), options, time, warn: _ => { });
        var plugins = JournalPlugins.Of(journal, options);
        var configuration = PartitionRuntime.ConfigurationOf(options, plugins.Configuration);
        var system = PartitionRuntime.SystemOf(configuration, [plugins.Connections]);
        try
        {
            var props = Props.Create(
                () => new PartitionSupervisor(Array.Empty<PartitionHost>(), context, new TaskCompletionSource()));
            var supervisor = system.ActorOf(props, "partitions");
            supervisor.Tell(new Start(context.Own), ActorRefs.Nobody);
            await context.Own.Opened;
            return await context.Own.Target(supervisor).Ask<T>(message, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            await system.Terminate();
            system.Dispose();
            plugins.Close();
        }
    }
}
