using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors.Addressing;

/// <summary>
/// The read journal of students and claims: each has its own events, by persistence id (<see cref="ActorId"/>),
/// numbered from 1 without a gap. The journal keeps them together, a partition's turn in a row.
/// </summary>
/// <remarks>
/// An event's timestamp is the day on which it became known, in ticks. A stream fails with a
/// <see cref="JournalException"/> where the journal is damaged or out of reach. Reading one actor reads its partition
/// from the beginning: a national year's takes some tenths of a second.
/// </remarks>
public sealed class SchemeReadJournal
    : ICurrentPersistenceIdsQuery, ICurrentEventsByPersistenceIdQuery, IEventsByPersistenceIdQuery
{
    /// <summary>Its name for <see cref="PersistenceQuery"/>.</summary>
    public const string Identifier = "amoe.query";

    // Reads block on the store.
    private static readonly Attributes _onDispatcher = ActorAttributes.CreateDispatcher("amoe.journal");

    private readonly JournalSetup _setup;
    private readonly TimeSpan _refreshInterval;

    internal SchemeReadJournal(JournalSetup setup, TimeSpan refreshInterval) =>
        (_setup, _refreshInterval) = (setup, refreshInterval);

    /// <summary>Every student and claim that has an event by now, each once, in no order.</summary>
    public Source<string, NotUsed> CurrentPersistenceIds() =>
        Source.From(PersistenceIds()).WithAttributes(_onDispatcher);

    /// <summary>The events of an actor so far; none of an actor that has none.</summary>
    /// <exception cref="ArgumentException">The id is no student's and no claim's.</exception>
    public Source<EventEnvelope, NotUsed> CurrentEventsByPersistenceId(
        string persistenceId, long fromSequenceNr, long toSequenceNr)
    {
        var id = Parse(persistenceId);
        return Source.From(Events(id))
            .SkipWhile(e => e.SequenceNr < fromSequenceNr)
            .TakeWhile(e => e.SequenceNr <= toSequenceNr)
            .WithAttributes(_onDispatcher);
    }

    /// <summary>
    /// An actor's events, those of now and those to come. It ends with the last one that was asked for.
    /// </summary>
    /// <exception cref="ArgumentException">The id is no student's and no claim's.</exception>
    public Source<EventEnvelope, NotUsed> EventsByPersistenceId(
        string persistenceId, long fromSequenceNr, long toSequenceNr)
    {
        var id = Parse(persistenceId);
        if (fromSequenceNr > toSequenceNr)
            return Source.Empty<EventEnvelope>();
        return Source.Tick(TimeSpan.Zero, _refreshInterval, NotUsed.Instance)
            .StatefulSelectMany<NotUsed, EventEnvelope, ICancelable>(() =>
            {
                var events = new ActorEvents(_setup, id);
                return _ => events.ReadOn();
            })
            .SkipWhile(e => e.SequenceNr < fromSequenceNr).TakeWhile(e => e.SequenceNr < toSequenceNr, inclusive: true)
            .MapMaterializedValue(_ => NotUsed.Instance).WithAttributes(_onDispatcher);
    }

    private static ActorId Parse(string persistenceId) => ActorId.TryParse(persistenceId, out var id)
        ? id
        : throw new ArgumentException(
            $"«{persistenceId}» is no persistence id of a student (student-16) or a claim (claim-16-1026, by student and sheet).",
            nameof(persistenceId));

    /// <summary>From the first one, each time that it is enumerated.</summary>
    private IEnumerable<EventEnvelope> Events(ActorId id)
    {
        foreach (var e in new ActorEvents(_setup, id).ReadOn())
            yield return e;
    }

    private IEnumerable<string> PersistenceIds()
    {
        var journal = _setup.Journal;
        for (var partition = 0; partition < journal.Identity.StudentPartitions; partition++)
        {
            // A student's claims are in the student's partition, so what was seen in another does not matter.
            var seen = new HashSet<ActorId>();
            foreach (var entry in History.OfPartition(journal, partition).Where(entry => entry.Header.HasStudent))
            {
                foreach (var e in entry.Events)
                {
                    var id = new ActorId(entry.Header.Student, (e as ClaimEvent)?.Claim);
                    if (seen.Add(id))
                        yield return id.ToString();
                }
            }
        }
    }

    /// <summary>How far an actor's events were read.</summary>
    private sealed class ActorEvents(JournalSetup setup, ActorId id)
    {
        private long _nextRecord;
        private long _sequenceNr;

        /// <summary>Those that were not read before.</summary>
        public IEnumerable<EventEnvelope> ReadOn()
        {
            var journal = setup.Journal;
            var (partition, from) = (id.Student.PartitionOf(journal.Identity.StudentPartitions), _nextRecord);
            var head = journal.Head(partition);
            if (head == from)
                yield break;
            foreach (var entry in History.Of(journal, id.Student, from))
            {
                _nextRecord = entry.Offset + 1;
                foreach (var e in entry.Events.Where(id.Has))
                {
                    _sequenceNr++;
                    yield return new EventEnvelope(
                        Offset.Sequence(_sequenceNr), id.ToString(), _sequenceNr, e,
                        entry.Header.Known.ToDateTime(TimeOnly.MinValue).Ticks, []);
                }
            }

            _nextRecord = Math.Max(_nextRecord, head);
        }
    }
}

/// <summary>Makes the read journal for <see cref="PersistenceQuery"/>, which finds it by configuration.</summary>
public sealed class SchemeReadJournalProvider(ExtendedActorSystem system, Config config) : IReadJournalProvider
{
    public IReadJournal GetReadJournal() =>
        new SchemeReadJournal(system.Settings.Setup.Get<JournalSetup>().Value, config.GetTimeSpan("refresh-interval"));
}
