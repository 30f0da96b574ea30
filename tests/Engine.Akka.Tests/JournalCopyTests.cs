using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Replay;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Akka.Tests;

/// <summary>What Akka.NET keeps, read as the default runtime's journal is: a simulation is taken up by it.</summary>
public sealed class JournalCopyTests
{
    private const ulong Students = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Every_student_has_his_records_in_their_order_and_every_shard_the_days_it_closed()
    {
        await using var hosts = await AkkaHosts.Start(1);
        var host = hosts.All[0];
        for (var student = 1ul; student <= Students; student++)
        {
            foreach (var command in Life(student))
                Assert.True((await host.Ask(command).WaitAsync(Patience)).IsDecision);
        }

        foreach (var day in new[] { Traffic.Day, Traffic.Day.AddDays(1) })
            await host.MarkDay(CommandKind.CloseDay, day).WaitAsync(Patience);

        var copy = host.Copy();
        for (var student = 1ul; student <= Students; student++)
        {
            var records = History.Of(copy, new StudentId(student)).Where(entry => entry.Header.IsCommand).Select(entry => (entry.Header.Id, entry.Header.Outcome)).ToList();
            Assert.Equal(Life(student).Select(command => command.Id), records.Select(record => record.Id));
            Assert.Equal(Outcome.ApplicationAccepted, records[Traffic.Registered(student).Length - 1].Outcome);
        }

        Assert.All(Enumerable.Range(0, host.ShardCount), shard => Assert.Equal(Traffic.Day.AddDays(1), History.LastMark(copy, shard, CommandKind.CloseDay)));
    }

    private static IReadOnlyList<Command> Life(ulong student) => [.. Traffic.Registered(student), .. Traffic.PaidClaim(student, 64 * student, Traffic.Day)];
}
