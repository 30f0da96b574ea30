using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Oracle.Model;

namespace Amoe.Oracle.Harness;

/// <summary>Lives that are written down beforehand, through simulated partitions and through the model.</summary>
internal sealed class LivesRun : IReplyTo
{
    private const int Shards = 3;
    public static readonly DateOnly FirstDay = new(2024, 6, 1);
    public static readonly DateOnly LastDay = new(2028, 2, 1);
    private int _waiting;

    /// <param name="tamper">Changes an answer on its way to the model.</param>
    public static async Task<Comparison> Play(
        IReadOnlyList<Command> commands, Rulebook rulebook, Scheme scheme, IActorLogic? logic = null, Func<Command, Reply, Reply>? tamper = null)
    {
        logic ??= new AmoeLogic(rulebook);
        var comparison = new Comparison(Shards, scheme, rulebook, logic);
        var frames = new SimulatedFrames(new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, rulebook.Text, "lives", 0, 0));
        // Every command waits from the start. A turn looks up the students of all it may decide, and most end early, at a day
        // that has to wait: the larger the limit, the more often the same students are looked up.
        var limits = new EngineOptions { MailboxMessagesMax = commands.Count + 1, TurnMessagesMax = 64 };
        var options = new SimulationOptions { Seed = (ulong)commands.Count, Engine = limits };
        await using var engine = new SimulatedPartitions(frames, logic, options);
        var tapped = new Tap(engine, (shard, command, reply) => comparison.Take(shard, command, tamper?.Invoke(command, reply) ?? reply));
        var run = new LivesRun { _waiting = commands.Count };
        foreach (var command in commands)
        {
            if (!tapped.TryPost(command, run))
                throw new InvalidOperationException("the mailbox holds every command and is full");
        }

        engine.RunUntilIdle();
        if (run._waiting > 0)
            throw new InvalidOperationException($"nothing is left to do, and {run._waiting} commands have no answer");

        // Whatever day the lives ended on, everything has fallen due by this one.
        for (var shard = 0; shard < Shards; shard++)
            engine.TryPostDay(shard, CommandKind.OpenDay, LastDay, run);
        engine.RunUntilIdle();
        comparison.CompareEnd(new FramesJournal(frames), FirstDay, LastDay);
        return comparison;
    }

    public void OnReply(StudentId student, in Reply reply) => _waiting--;
}
