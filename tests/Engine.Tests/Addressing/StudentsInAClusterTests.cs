using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Tests.Runtime;
using Amoe.Engine.Tests.Sharding;
using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Addressing;

/// <summary>
/// Students on two hosts, addressed by actors of a host, of a sender, and of another system that knows a host's address
/// alone.
/// </summary>
public sealed class StudentsInAClusterTests
{
    // So many that each host has some.
    private const ulong Students = 24;

    private static readonly TimeSpan Patience = LittleCluster.Patience;

    [PostgresFact]
    public async Task Any_actor_of_any_host_or_sender_addresses_them_wherever_they_are_and_has_the_reply()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 2);
        foreach (var region in (IActorRef[])[
            cluster.Hosts[0].Students, cluster.Hosts[1].Students, cluster.Client.Students
        ])
        {
            for (var student = 1ul; student <= Students; student++)
                Assert.Equal(
                    Outcome.Done, (await region.Ask<Reply>(new ToStudent(Traffic.Declare(student)), Patience)).Outcome);
        }

        Assert.Equal((long)Students, await cluster.StudentsInJournalAsync());
    }

    [PostgresFact]
    public async Task An_actor_of_another_system_addresses_them_by_way_of_any_host()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 2);
        var system = ClusterClient.SystemOf(threads: 1, link: null);
        try
        {
            var students = system.ActorSelection(
                new RootActorPath(MemberName.AddressOf(cluster.Hosts[0].Part()!.Member))
                    / "system"
                    / "sharding"
                    / ClusterHost.RegionName);
            for (var student = 1ul; student <= Students; student++)
            {
                foreach (var command in Traffic.Registered(student))
                    Assert.True((await students.Ask<Reply>(ToActor.Of(command), Patience)).IsDecision);
                var answer = await students.Ask<Reply>(
                    new ToStudent(new AskEntitlement(new StudentId(student), Traffic.Day, Traffic.Day)), Patience);
                Assert.True(Assert.IsType<EntitlementAnswer>(answer.Answer).Entitled);
            }
        }
        finally
        {
            await system.Terminate();
        }
    }

    [PostgresFact]
    public async Task A_host_has_the_read_journal_of_all_of_them()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 2);
        for (var student = 1ul; student <= Students; student++)
            await cluster.Client.Students.Ask<Reply>(new ToStudent(Traffic.Declare(student)), Patience);

        var system = cluster.Hosts[1].System;
        var ids = await PersistenceQuery.Get(system).ReadJournalFor<SchemeReadJournal>(SchemeReadJournal.Identifier)
            .CurrentPersistenceIds().RunWith(Sink.Seq<string>(), system.Materializer()).WaitAsync(Patience);
        Assert.Equal(
            Enumerable.Range(1, (int)Students).Select(student => $"student-{student}").Order(StringComparer.Ordinal),
            ids.Order(StringComparer.Ordinal));
    }
}
