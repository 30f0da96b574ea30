using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Akka.Tests;

/// <summary>What several hosts of an Akka cluster promise together.</summary>
public sealed class ClusterTests
{
    private const ulong Students = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly DateOnly Day = Traffic.Day;

    /// <summary>The day after the grace of 2025 has ended (D8).</summary>
    private static readonly DateOnly Lapsed = new(2027, 2, 1);

    [Fact]
    public async Task A_host_is_killed_and_what_was_acknowledged_is_there_once()
    {
        await using var hosts = await AkkaHosts.Start(2);
        var survivor = hosts.Lowest;
        var killed = hosts.All.Single(host => host != survivor);
        await All(survivor, student => Traffic.Registered(student));
        Assert.All(hosts.All, host => Assert.True(host.Status().Students > 0, "every host has students"));

        // Under way when the host goes: some of these are decided by it, some by nobody yet.
        var underWay = AskAll(survivor, student => [Traffic.Deposit(student, student * 64, Day)]);
        await hosts.Kill(killed);
        var replies = await underWay;

        Assert.All(replies, reply => Assert.True(reply.Outcome is Outcome.Done or Outcome.Unknown, $"{reply.Outcome}"));
        var again = await AskAll(survivor, student => [Traffic.Deposit(student, student * 64, Day)]);
        Assert.All(again, reply => Assert.Equal(Outcome.Done, reply.Outcome));
        var state = survivor.Inspect();
        Assert.Equal(((long)Students, (long)Students), (state.Students, state.OpenClaims));
        Assert.Equal((long)Students * 5, state.Totals[Replay.Counter.Commands]);
    }

    [Fact]
    public async Task Who_only_sends_has_no_students()
    {
        await using var hosts = await AkkaHosts.Start(1);
        var sender = await hosts.Add(isHost: false);
        var replies = await AskAll(sender, student => Traffic.Registered(student));

        // An answer that travelled says which command it is to, as one of the same process does.
        Assert.Equal(Enumerable.Repeat(Traffic.Registered(1).Select(command => command.Kind), (int)Students).SelectMany(kinds => kinds), replies.Select(reply => reply.Command.Kind));
        Assert.All(replies, reply => Assert.True(reply.IsDecision, $"{reply.Outcome}"));
        Assert.Equal((0, (long)Students), (sender.Status().Students, hosts.All[0].Status().Students));
    }

    [Fact]
    public async Task A_host_that_leaves_hands_its_students_and_the_calendar_over()
    {
        await using var hosts = await AkkaHosts.Start(2);

        // The oldest has the singleton.
        var (leaver, stays) = (hosts.All[0], hosts.All[1]);
        await All(stays, student => Traffic.Registered(student));
        await hosts.Stop(leaver);

        await stays.MarkDay(CommandKind.OpenDay, Lapsed).WaitAsync(Patience);
        var state = stays.Inspect();
        Assert.Equal((long)Students, state.Students);

        // Every right has lapsed: the calendar went on with what it knew.
        var standing = await stays.Ask(new AskEntitlement(new StudentId(1), Lapsed, Lapsed)).WaitAsync(Patience);
        Assert.False(Assert.IsType<EntitlementAnswer>(standing.Answer).Entitled);
        Assert.Equal(0, state.Totals[Replay.Counter.Active]);
    }

    [Fact]
    public async Task Hosts_tell_each_other_how_they_stand()
    {
        await using var hosts = await AkkaHosts.Start(2);
        using var patience = new CancellationTokenSource(Patience);
        while (hosts.All.Any(host => host.Hosts.Count < 2))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(hosts.All[0].Hosts.Select(host => host.Host).Order(), hosts.All[1].Hosts.Select(host => host.Host).Order());
    }

    [Fact]
    public async Task A_student_nobody_speaks_to_leaves_memory_and_comes_back_as_he_was()
    {
        await using var hosts = await AkkaHosts.Start(0);
        var host = await hosts.Add(passivateAfter: TimeSpan.FromMilliseconds(200));
        await All(host, student => Traffic.Registered(student));
        using var patience = new CancellationTokenSource(Patience);
        while (host.Status().Students > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.All(await AskAll(host, student => [Traffic.Deposit(student, student * 64, Day)]), reply => Assert.Equal(Outcome.Done, reply.Outcome));
    }

    private static async Task All(AkkaRuntime host, Func<ulong, IReadOnlyList<Command>> commands) =>
        Assert.All(await AskAll(host, commands), reply => Assert.True(reply.IsDecision, $"{reply.Outcome}"));

    private static async Task<Reply[]> AskAll(AkkaRuntime host, Func<ulong, IReadOnlyList<Command>> commands)
    {
        var asked = new List<Task<Reply>>();
        for (var student = 1ul; student <= Students; student++)
            asked.AddRange(commands(student).Select(host.Ask));
        return await Task.WhenAll(asked).WaitAsync(Patience);
    }
}
