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
    private const int Partitions = 3;
    public static readonly DateOnly FirstDay = new(2024, 6, 1);
    public static readonly DateOnly LastDay = new(2028, 2, 1);
    private int _waiting;

    /// <summary>Plays lives to their end, and compares every answer and what the journal leads to.</summary>
    public static Task<Comparison> Play(IReadOnlyList<Command> commands, Rulebook rulebook, Scheme scheme) =>
        Play(commands, rulebook, scheme, new AmoeLogic(rulebook), tamper: null, endsAtDisagreement: false);

    /// <summary>
    /// Plays lives until model and engine disagree: one disagreement shows that a seeded defect is caught, and what
    /// would follow it costs time only.
    /// </summary>
    /// <param name="tamper">Changes an answer on its way to the model.</param>
    public static Task<Comparison> PlayUntilDisagreement(
        IReadOnlyList<Command> commands, Rulebook rulebook, Scheme scheme, IActorLogic logic,
        Func<Command, Reply, Reply>? tamper) =>
        Play(commands, rulebook, scheme, logic, tamper, endsAtDisagreement: true);

    private static async Task<Comparison> Play(
        IReadOnlyList<Command> commands, Rulebook rulebook, Scheme scheme, IActorLogic logic,
        Func<Command, Reply, Reply>? tamper, bool endsAtDisagreement)
    {
        var comparison = new Comparison(Partitions, scheme, rulebook, logic);
        var frames = new SimulatedFrames(
            new JournalIdentity(JournalIdentity.CurrentFormatVersion, Partitions, rulebook.Text, "lives", 0, 0));
        // Every command waits from the start. A turn looks up the students of all it may decide, and most end early, at
        // a day that has to wait: the larger the limit, the more often the same students are looked up.
        var limits = new EngineOptions { MailboxMessagesMax = commands.Count + 1, TurnMessagesMax = 64 };
        var options = new SimulationOptions { Seed = (ulong)commands.Count, Engine = limits };
        var engine = new SimulatedPartitions(frames, logic, options);
        var tapped = new Tap(
            engine,
            (partition, command, reply) =>
                comparison.Take(partition, command, tamper?.Invoke(command, reply) ?? reply));
        var run = new LivesRun { _waiting = commands.Count };
        foreach (var command in commands)
        {
            if (!tapped.TryPost(command, run))
                throw new InvalidOperationException("the mailbox holds every command and is full");
        }

        while (engine.RunOne())
        {
            // Disposing of the engine would decide all that still waits, and it holds nothing but memory.
            if (endsAtDisagreement && !comparison.Agrees)
                return comparison;
        }

        if (run._waiting > 0)
            throw new InvalidOperationException($"nothing is left to do, and {run._waiting} commands have no answer");

        // Whatever day the lives ended on, everything has fallen due by this one.
        for (var partition = 0; partition < Partitions; partition++)
            engine.TryPostDay(partition, CommandKind.OpenDay, LastDay, run);
        engine.RunUntilIdle();
        comparison.CompareEnd(new FramesJournal(frames), FirstDay, LastDay);
        await engine.DisposeAsync();
        return comparison;
    }

    public void OnReply(StudentId student, in Reply reply) => _waiting--;
}
