using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Domain;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>Sends a story to the whole engine, so that there is a journal of it.</summary>
internal static class Recorded
{
    /// <summary>The journal of the commands, with every day opened and closed up to one.</summary>
    public static MemoryJournal Journal(string until, params Command[] commands)
    {
        var journal = new MemoryJournal(
            new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, Rulebook.EmbeddedText, "recorded", 0, 0));
        var runtime = new MemoryRuntime(journal, new AmoeLogic(Rulebook.Embedded), new EngineOptions());
        var listener = new Listener();
        foreach (var command in commands)
            Assert.True(runtime.TryPost(command, listener));
        Assert.True(runtime.TryPostDay(0, CommandKind.CloseDay, Say.Day(until), listener));
        return journal;
    }

    private sealed class Listener : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) =>
            Assert.True(
                reply.Outcome != Outcome.Failed && reply.Outcome != Outcome.Stale,
                $"{reply.Command} was answered {reply.Outcome}");
    }
}
