using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>The same command again is answered as the first time and changes nothing, whatever it is.</summary>
public sealed class IdempotenceTests
{
    private const int Students = 4;

    [Fact]
    public void Every_command_of_any_life_may_come_twice() => Properties.Check(
        Properties.FromSeeds(random => (ulong)random.NextInt64()),
        one => Play(one.Made, times: 1) == Play(one.Made, times: 2),
        count: 60);

    /// <summary>The digest after every command was sent so many times in a row.</summary>
    private static ulong Play(ulong seed, int times)
    {
        using var journal = new MemoryJournal(
            new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, Rulebook.EmbeddedText, "twice", 0, 0));
        var runtime = new MemoryRuntime(journal, new AmoeLogic(Rulebook.Embedded), new EngineOptions());
        foreach (var command in new RandomLives(new Dice(seed)).Of(Students).Where(command => command is not Query))
        {
            var answers = Enumerable.Range(0, times).Select(_ => Ask(runtime, command)).ToList();
            Assert.True(
                answers.Distinct().Count() == 1,
                $"{command.Id} of student {command.Student}: {string.Join(", then ", answers)}");
        }

        return runtime.Inspect().Digest;
    }

    private static (Outcome, Reason, string Revised) Ask(MemoryRuntime runtime, Command command)
    {
        var answer = runtime.Ask(command);
        Assert.True(answer.IsCompleted);
        var reply = answer.GetAwaiter().GetResult();
        return (reply.Outcome, reply.Reason, string.Join(", ", (reply.Answer as ClaimsRevised)?.Claims ?? []));
    }
}
