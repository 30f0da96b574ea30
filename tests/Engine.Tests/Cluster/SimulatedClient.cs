using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>
/// A client of the cluster: sends each of its students' commands when its day has come, several at a time, and again until it has an answer. Now and then it asks how
/// things stand.
/// </summary>
internal sealed class SimulatedClient
{
    private readonly SimulatedProcess _process;
    private readonly ICommandTarget _target;
    private readonly Witness _witness;
    private readonly Promptness _promptness;
    private readonly Dice _dice;
    private readonly Func<DateOnly> _today;
    private readonly LinkedList<Command> _toSend;
    private readonly int _students;
    private readonly int _window;
    private int _outstanding;
    private bool _isDue;

    /// <param name="today">The business day.</param>
    /// <param name="students">How many there are, of whomever.</param>
    public SimulatedClient(
        SimulatedProcess process, ICommandTarget target, Witness witness, Promptness promptness, Dice dice, Func<DateOnly> today, IEnumerable<Command> commands, int students)
    {
        (_process, _target, _witness, _promptness, _dice, _today, _students) = (process, target, witness, promptness, dice, today, students);
        _toSend = new LinkedList<Command>(commands.OrderBy(WhenDue));
        _window = 1 + dice.Below(24);
        Wake(TimeSpan.Zero);
    }

    /// <summary>Everything was sent and answered.</summary>
    public bool IsDone => _toSend.Count == 0 && _outstanding == 0;

    /// <summary>Commands it has still to send, or to hear of.</summary>
    public int Left => _toSend.Count + _outstanding;

    /// <summary>Nothing is left of what became known up to a day.</summary>
    public bool IsDoneBy(DateOnly day) => _outstanding == 0 && (_toSend.First is not { } next || WhenDue(next.Value) > day);

    /// <summary>Opens or closes a day on a shard, and asks until it has.</summary>
    public void Mark(int shard, CommandKind mark, DateOnly day, Action done)
    {
        _outstanding++;
        Post();

        void Post()
        {
            var begun = _promptness.Begin();
            if (!_target.TryPostDay(shard, mark, day, new Marker(reply => OnReply(reply, begun))))
                Again();
        }

        void OnReply(Reply reply, TimeSpan? begun)
        {
            _promptness.End(begun, $"{mark} of shard {shard}");
            if (reply.Outcome != Outcome.Done)
            {
                Again();
                return;
            }

            _witness.Marked(shard, mark, day);
            _outstanding--;
            done();
            Wake(TimeSpan.Zero);
        }

        void Again() => _process.After(TimeSpan.FromMilliseconds(100), StepKind.Client, shard, Post);
    }

    private static DateOnly WhenDue(Command command) => CommandBounds.IsDay(command.Known) ? command.Known : DateOnly.MinValue;

    private void Wake(TimeSpan after)
    {
        if (_isDue)
            return;
        _isDue = true;
        _process.After(after, StepKind.Client, 0, () =>
        {
            _isDue = false;
            Send();
        });
    }

    private void Send()
    {
        while (_outstanding < _window && _toSend.First is { } next)
        {
            if (WhenDue(next.Value) > _today())
            {
                Wake(TimeSpan.FromMilliseconds(20));
                return;
            }

            if (!TrySend(next.Value))
            {
                // Full: behind what it waits for nothing overtakes it.
                Wake(TimeSpan.FromMilliseconds(10 + _dice.Below(60)));
                return;
            }

            _toSend.RemoveFirst();
            if (_dice.Chance(20))
                TrySend(SimulatedReader.Question(_witness, _dice, _today(), _students));
        }
    }

    private bool TrySend(Command command)
    {
        // What is known is known today, unless it makes no sense.
        if (CommandBounds.IsDay(command.Known) && command.Known < _today())
            command = command with { Known = _today() };
        var waiter = new Waiter(this, _witness.Submit(_process.Name, command), _promptness.Begin());
        _outstanding++;
        if (_target.TryPost(command, waiter))
            return true;
        _outstanding--;
        _witness.NotTaken(waiter.Submission);
        return false;
    }

    private void Hear(Submission submission, TimeSpan? begun, in Reply reply)
    {
        _promptness.End(begun, submission.Command.Id);
        _witness.Replied(submission, reply);
        _outstanding--;
        var command = submission.Command;
        if (reply.Outcome is Outcome.Unknown or Outcome.Overloaded || (reply.Outcome == Outcome.Stale && reply.Reason == Reason.None))
        {
            // A question nobody answered may be forgotten; a command may not.
            if (command is not Query)
                _process.After(TimeSpan.FromMilliseconds(_dice.Below(300)), StepKind.Client, 1, () => SendAgain(command));
            if (command is not Query)
                _outstanding++;
        }
        Wake(TimeSpan.FromMilliseconds(_dice.Below(5)));
    }

    private void SendAgain(Command command)
    {
        _outstanding--;
        _toSend.AddFirst(command);
        Wake(TimeSpan.Zero);
    }

    private sealed class Marker(Action<Reply> told) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) => told(reply);
    }

    private sealed class Waiter(SimulatedClient client, Submission submission, TimeSpan? begun) : IReplyTo
    {
        public Submission Submission => submission;

        public void OnReply(StudentId student, in Reply reply) => client.Hear(submission, begun, reply);
    }
}
