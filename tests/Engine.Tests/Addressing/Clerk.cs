using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Streams;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Addressing;

/// <summary>Declares a student, and asks about the entitlement once that is durable.</summary>
public sealed class Clerk : ReceiveActor
{
    public Clerk(IActorRef students, StudentId student, DateOnly day, IActorRef inbox)
    {
        var enrolment = new EnrolmentRecord(
            Category.PublicUniversity, Cycle.HigherEducation, false, 3, new DateOnly(2005, 4, 2), true);
        students.Tell(new ToStudent(new Declare(student, 1, day, day, enrolment, CoverageKind.None, 2025)));
        Receive<Reply>(
            reply => reply.IsDecision, _ => students.Tell(new ToStudent(new AskEntitlement(student, day, day))));
        Receive<Reply>(reply => inbox.Tell(reply.Answer));
    }
}

public static class Sample
{
    public static async Task RunAsync(string journal, Action<string> print)
    {
        await using var scheme = await EmbeddedScheme.OpenAsync(journal);
        var inbox = Inbox.Create(scheme.System);
        scheme.System.ActorOf(
            Props.Create(() =>
                new Clerk(scheme.Students, new StudentId(16), new DateOnly(2025, 9, 15), inbox.Receiver)));
        print($"{await inbox.ReceiveAsync(TimeSpan.FromSeconds(10))}");

        var events = PersistenceQuery.Get(scheme.System)
            .ReadJournalFor<SchemeReadJournal>(SchemeReadJournal.Identifier);
        await events.CurrentEventsByPersistenceId("student-16", 0, long.MaxValue)
            .RunForeach(e => print($"{e.SequenceNr} {e.Event}"), scheme.System.Materializer());
    }
}
