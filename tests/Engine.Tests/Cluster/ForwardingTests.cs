using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Scenarios;
using static System.Text.Json.JsonSerializer;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>
/// However commands travel, they are decided as if one process had them all: in the order in which they were sent, once, and each is answered with what became of it.
/// </summary>
public sealed class ForwardingTests
{
    private const int Students = 40;

    [Fact]
    public async Task Any_host_takes_any_command() => await AssertLikeOneProcess(seed: 1, faults: 0);

    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    public async Task Frames_are_lost_doubled_and_reordered_links_break_and_shards_move_and_nobody_sees_it(int faults)
    {
        var (losses, moves) = (0, 0);
        for (var seed = 1UL; seed <= 12; seed++)
        {
            var world = await AssertLikeOneProcess(seed, faults);
            (losses, moves) = (losses + world.Losses, moves + world.Moves);
        }

        Assert.True(losses > 40 && moves > 10, $"only {losses} losses and {moves} moves: nothing was tried");
    }

    private static async Task<ForwardWorld> AssertLikeOneProcess(ulong seed, int faults)
    {
        var commands = new RandomLives(new Dice(Mixing.Mix(seed, 7))).Of(Students);
        var (expected, digest) = await InOneProcess(commands);

        var world = new ForwardWorld(seed, faults);
        var answers = commands.Select(_ => new Answer()).ToList();
        for (var i = 0; i < commands.Count; i++)
        {
            while (!world.Client.TryPost(commands[i], answers[i]))
                world.Step();
            if (i % 3 == 0)
                world.Step();
        }

        world.RunUntil(() => answers.TrueForAll(answer => answer.Text is not null));
        for (var i = 0; i < commands.Count; i++)
            Assert.True(expected[i].Is(answers[i], commands[i]), $"seed {seed}: {commands[i]} was answered {answers[i].Text} and not {expected[i].Text}");
        Assert.Equal(digest, JournalAudit.Run(world.Journal, new AmoeLogic(Rulebook.Embedded), threads: 1, shardDone: null, default).Digest);
        return world;
    }

    private static async Task<(List<Answer> Answers, ulong Digest)> InOneProcess(List<Command> commands)
    {
        var dispatcher = new SeededDispatcher(1);
        var journal = new MemoryJournal(new JournalIdentity(JournalIdentity.CurrentFormatVersion, 2, Rulebook.EmbeddedText, "tests", 0, 0, 0));
        await using var runtime = AmoeRuntime.Start(
            journal, null, new AmoeLogic(Rulebook.Embedded), new EngineOptions { Threads = 1 }, TimeProvider.System, dispatcher, dispatcher);
        var answers = commands.Select(_ => new Answer()).ToList();
        for (var i = 0; i < commands.Count; i++)
        {
            Assert.True(runtime.TryPost(commands[i], answers[i]));
            dispatcher.RunUntilIdle();
        }

        return (answers, runtime.Inspect().Digest);
    }

    private sealed class Answer : IReplyTo
    {
        public string? Text { get; private set; }

        /// <summary>A question that is asked again, because its answer was lost, may see what was learnt since.</summary>
        public bool Is(Answer other, Command command) =>
            Text == other.Text || (command is Query && Text!.Contains("Answered", StringComparison.Ordinal) && other.Text!.Contains("Answered", StringComparison.Ordinal));

        public void OnReply(StudentId student, in Reply reply)
        {
            Assert.Null(Text);
            Text = $"{student} {reply.Command} {reply.Outcome} {reply.Reason} {(reply.Answer is { } answer ? Serialize(answer, answer.GetType()) : "")}";
        }
    }
}
