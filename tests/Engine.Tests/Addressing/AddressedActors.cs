using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Tests.Actors;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Addressing;

/// <summary>
/// Students and claims as any actor knows them: by their address and the read journal alone. Who asks is an actor of
/// another actor system, so that the students' one can be killed.
/// </summary>
public abstract class AddressedActors : Akka.TestKit.Xunit2.TestKit
{
    private protected static readonly DateOnly Day = Traffic.Day;

    protected AddressedActors()
        : base("akka.test.single-expect-default = 60s")
    {
    }

    private protected PartitionHarness Harness { get; private set; } = new(new EngineOptions(), partitions: 2);

    private protected SchemeReadJournal ReadJournal =>
        PersistenceQuery.Get(Harness.Partitions.System).ReadJournalFor<SchemeReadJournal>(SchemeReadJournal.Identifier);

    private protected ActorMaterializer Materializer => Harness.Partitions.System.Materializer();

    private protected void Use(EngineOptions options)
    {
        Dispose(Harness);
        Harness = new PartitionHarness(options, partitions: 2);
    }

    private protected void Send(Command command, IActorRef? from = null) =>
        Harness.Partitions.Students.Tell(ToActor.Of(command), from ?? TestActor);

    private protected Reply Ask(Command command)
    {
        Send(command);
        return ExpectMsg<Reply>();
    }

    /// <summary>Sends commands that are decided, one after the other.</summary>
    private protected void Decide(params Command[] commands) =>
        Assert.All(commands, command => Assert.True(Ask(command).IsDecision, $"{command.Id}"));

    private protected EntitlementAnswer AskEntitlement(ulong student) =>
        (EntitlementAnswer)Ask(new AskEntitlement(new StudentId(student), Day, Day)).Answer!;

    /// <summary>The events of an actor that the read journal has by now.</summary>
    private protected IReadOnlyList<EventEnvelope> EventsOf(
        string persistenceId, long from = 0, long to = long.MaxValue) =>
        ReadJournal.CurrentEventsByPersistenceId(persistenceId, from, to)
            .RunWith(Sink.Seq<EventEnvelope>(), Materializer)
            .GetAwaiter()
            .GetResult();

    private protected static void AssertNumberedFromOne(IReadOnlyList<EventEnvelope> events) =>
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.SequenceNr));

    /// <summary>Ends the process as a kill does, and starts another on what is durable.</summary>
    private protected void Kill() => Harness.CrashAndRestart().GetAwaiter().GetResult();

    protected override void AfterAll()
    {
        base.AfterAll();
        Dispose(Harness);
    }

    private static void Dispose(PartitionHarness harness) => harness.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
