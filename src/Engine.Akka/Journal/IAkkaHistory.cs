using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace Amoe.Engine.Akka.Journal;

/// <summary>Everything that was ever persisted, each actor's events in their order.</summary>
internal interface IAkkaHistory
{
    IEnumerable<(string PersistenceId, object Event)> Read();
}

/// <summary>By Akka.Persistence.Query.</summary>
internal sealed class SqlHistory(ActorSystem system) : IAkkaHistory
{
    public IEnumerable<(string PersistenceId, object Event)> Read()
    {
        var journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>("akka.persistence.query.journal.sql");
        var materializer = system.Materializer();
        var events = journal.CurrentAllEvents(Offset.NoOffset()).RunWith(Sink.Queue<EventEnvelope>(), materializer);
        while (events.PullAsync().GetAwaiter().GetResult() is { HasValue: true } next)
            yield return (next.Value.PersistenceId, next.Value.Event);
    }
}
