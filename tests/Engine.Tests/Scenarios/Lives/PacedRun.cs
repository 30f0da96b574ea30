using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Partitions.Simulation;

namespace Amoe.Engine.Tests.Scenarios.Lives;

/// <summary>
/// Random lives day by day over simulated partitions: no day begins before everything of the one before is answered, so
/// that what comes out follows from the lives alone, whatever fails on the way.
/// </summary>
internal sealed class PacedRun
{
    private const int Partitions = 3;
    private const int LedgerPartitions = 2;
    private readonly PriorityQueue<Message, long> _unanswered = new();
    private readonly SimulatedPartitions _partitions;
    private readonly Dice? _troubles;
    private long _sent;

    private PacedRun(SimulatedPartitions partitions, Dice? troubles) =>
        (_partitions, _troubles) = (partitions, troubles);

    /// <summary>Plays lives to their end, and says what the frames have then.</summary>
    /// <param name="troubles">Draws what fails; null where nothing does.</param>
    public static async Task<AuditReport> Play(IEnumerable<Command> lives, SimulationOptions options, Dice? troubles)
    {
        var logic = new AmoeLogic(Rulebook.Embedded);
        var frames = new SimulatedFrames(
            new JournalIdentity(
                JournalIdentity.CurrentFormatVersion, Partitions, Rulebook.EmbeddedText, "paced", 0, 0,
                LedgerPartitions));
        await using var partitions = new SimulatedPartitions(frames, logic, options);
        new PacedRun(partitions, troubles).Play(lives);
        Assert.Equal(0, partitions.Unanswered);
        var audit = JournalAudit.Run(
            new FramesJournal(frames), logic, threads: 1, partitionDone: null, CancellationToken.None);
        Assert.Empty(audit.Problems);
        Assert.Equal(audit.Digest, partitions.Inspect().Digest);
        return audit;
    }

    /// <summary>Plays lives in the order in which they become known.</summary>
    private void Play(IEnumerable<Command> lives)
    {
        // What is known on no day that there is comes first: it is refused and opens none.
        foreach (var day in lives.GroupBy(command => CommandBounds.IsDay(command.Known) ? command.Known : default)
            .OrderBy(day => day.Key))
        {
            foreach (var command in day)
            {
                Send(command);
                if (_troubles is not { } dice)
                    continue;
                _partitions.Disturb(dice);
                for (var steps = dice.Below(3); steps > 0; steps--)
                    _partitions.RunOne();
            }

            Drain();
            if (day.Key == default)
                continue;

            // Students first: ledger partitions then find all postings of the day.
            for (var partition = 0; partition < Partitions; partition++)
                Mark(partition, CommandKind.CloseDay, day.Key);
            Drain();
            for (var partition = Partitions; partition < Partitions + LedgerPartitions; partition++)
                Mark(partition, CommandKind.OpenDay, day.Key.AddDays(1));
            Drain();
        }
    }

    private void Send(Command command) => Send(new Message(++_sent, command, 0, CommandKind.None, default));

    private void Mark(int partition, CommandKind mark, DateOnly day) =>
        Send(new Message(++_sent, null, partition, mark, day));

    /// <summary>Posts a message behind all that has to be sent again.</summary>
    private void Send(Message message)
    {
        _unanswered.Enqueue(message, message.Number);
        SendAll();
    }

    /// <summary>
    /// Posts what was not posted, or answered unknown: the oldest first, so that a student's commands keep their order.
    /// </summary>
    private void SendAll()
    {
        while (_unanswered.TryDequeue(out var message, out _))
        {
            if (TryPost(message))
                continue;
            _unanswered.Enqueue(message, message.Number);
            Assert.True(_partitions.RunOne(), "the mailbox is full and nothing is ready to run");
        }
    }

    private bool TryPost(Message message) => message.Command is { } command
        ? _partitions.TryPost(command, new Sender(this, message))
        : _partitions.TryPostDay(message.Partition, message.Mark, message.Day, new Sender(this, message));

    private void Drain()
    {
        do
        {
            SendAll();
            _partitions.RunUntilIdle();
        }
        while (_unanswered.Count > 0);
    }

    /// <summary>A command or the mark of a day, numbered in the order of sending.</summary>
    private sealed record Message(long Number, Command? Command, int Partition, CommandKind Mark, DateOnly Day);

    private sealed class Sender(PacedRun run, Message message) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply)
        {
            if (reply.Outcome == Outcome.Unknown)
                run._unanswered.Enqueue(message, message.Number);
        }
    }
}
