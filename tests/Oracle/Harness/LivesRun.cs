using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Oracle.Model;

namespace Amoe.Oracle.Harness;

/// <summary>Lives that are written down beforehand, through an engine in memory and through the model.</summary>
internal sealed class LivesRun : IReplyTo
{
    private const int Shards = 3;
    public static readonly DateOnly FirstDay = new(2024, 6, 1);
    public static readonly DateOnly LastDay = new(2028, 2, 1);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <param name="tamper">Changes an answer on its way to the model.</param>
    public static async Task<Comparison> Play(
        IReadOnlyList<Command> commands, Rulebook rulebook, Scheme scheme, IActorLogic? logic = null, Func<Command, Reply, Reply>? tamper = null)
    {
        logic ??= new AmoeLogic(rulebook);
        var comparison = new Comparison(Shards, scheme, rulebook, logic);
        using var journal = new MemoryJournal(new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, rulebook.Text, "lives", 0, 0));
        var options = new EngineOptions { Threads = 1, MailboxMessagesMax = commands.Count + 1 };
        await using (var engine = AmoeRuntime.Start(journal, null, logic, options, TimeProvider.System))
        {
            var tapped = new Tap(engine, (shard, command, reply) => comparison.Take(shard, command, tamper?.Invoke(command, reply) ?? reply));
            var run = new LivesRun { _waiting = commands.Count };
            foreach (var command in commands)
            {
                if (!tapped.TryPost(command, run))
                    throw new InvalidOperationException("the mailbox holds every command and is full");
            }

            await run._done.Task;

            // Whatever day the lives ended on, everything has fallen due by this one.
            await engine.MarkDay(CommandKind.OpenDay, LastDay);
        }

        comparison.CompareEnd(journal, FirstDay, LastDay);
        return comparison;
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        if (Interlocked.Decrement(ref _waiting) == 0)
            _done.TrySetResult();
    }
}
