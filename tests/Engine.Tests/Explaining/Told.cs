using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Domain;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>A story told to the whole engine, so that there is a journal of it.</summary>
internal static class Told
{
    /// <summary>The journal of the commands, with every day opened and closed up to one.</summary>
    public static async Task<MemoryJournal> Journal(string until, params Command[] commands)
    {
        var journal = new MemoryJournal(new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, Rulebook.EmbeddedText, "told", 0, 0));
        var dispatcher = new SeededDispatcher(1);
        using var snapshots = new MemorySnapshotStore();
        var nobody = new Nobody();
        await using var runtime = AmoeRuntime.Start(journal, snapshots, new AmoeLogic(Rulebook.Embedded), new EngineOptions { Threads = 1 }, TimeProvider.System, dispatcher, dispatcher);
        foreach (var command in commands)
        {
            Assert.True(runtime.TryPost(command, nobody));
            dispatcher.RunUntilIdle();
        }

        runtime.TryPostDay(0, CommandKind.CloseDay, Say.Day(until), nobody);
        dispatcher.RunUntilIdle();
        return journal;
    }

    private sealed class Nobody : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) =>
            Assert.True(reply.Outcome != Outcome.Failed && reply.Outcome != Outcome.Stale, $"{reply.Command} was answered {reply.Outcome}");
    }
}
