using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Partitions.Wire;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// A client of the cluster: sends each of its students' commands when its day has come, several at a time, and again
/// until it has an answer. Now and then it asks a question; a client without commands only asks.
/// </summary>
internal sealed class ClusterClient
{
    private readonly ClusterWorld _world;
    private readonly SimulatedProcess _process;
    private readonly Dice _dice;
    private readonly ClusterSender[] _senders;
    private readonly LinkedList<Command> _toSend;
    private readonly int _window;
    private int _outstanding;
    private bool _isDue;

    public ClusterClient(ClusterWorld world, int number, IEnumerable<Command> commands)
    {
        (_world, _dice, _process) = (world, new Dice(Mixing.Mix(world.Seed, 0xC11E47, (ulong)number)),
            new SimulatedProcess(world.Time, $"client{number}"));
        _toSend = new LinkedList<Command>(commands.Where(CanTravel).OrderBy(WhenDue));
        var options = _toSend.Count > 0 ? world.Weather.Session : Patient(world.Weather.Session);
        _senders = [.. Enumerable.Range(0, world.Identity.TotalPartitions)
            .Select(partition => new ClusterSender(world, _process, number, partition, options))];
        _window = 1 + _dice.Below(24);
        if (_toSend.Count > 0)
            Wake(TimeSpan.Zero);
        else
            _process.After(TimeSpan.FromMilliseconds(1), AskNext);
    }

    public string Name => _process.Place;

    /// <summary>Everything was sent and answered.</summary>
    public bool IsDone => _toSend.Count == 0 && _outstanding == 0;

    /// <summary>Commands that it has still to send, or to hear of.</summary>
    public int Left => _toSend.Count + _outstanding;

    /// <summary>Nothing is left of what became known up to a day.</summary>
    public bool IsDoneBy(DateOnly day) =>
        _outstanding == 0 && (_toSend.First is not { } next || WhenDue(next.Value) > day);

    /// <summary>Opens or closes a day on a partition, and asks until it has.</summary>
    public void Mark(int partition, CommandKind mark, DateOnly day, Action done)
    {
        _outstanding++;
        Post();

        void Post()
        {
            if (_senders[partition].Room > 0)
                _senders[partition].Post(SessionItem.OfDay(mark, day), new Recipient(OnReply));
            else
                _process.After(TimeSpan.FromMilliseconds(100), Post);
        }

        void OnReply(Reply reply)
        {
            if (reply.Outcome != Outcome.Done)
            {
                _process.After(TimeSpan.FromMilliseconds(100), Post);
                return;
            }

            _world.Witness.Marked(partition, mark, day);
            _outstanding--;
            done();
            Wake(TimeSpan.Zero);
        }
    }

    /// <summary>
    /// The options of a client that waits long enough to receive the late answers of a frozen host.
    /// </summary>
    private static SessionOptions Patient(SessionOptions options) =>
        options with
        {
            ItemsMax = 400,
            Deadline = TimeSpan.FromSeconds(40),
            SilenceMax = TimeSpan.FromSeconds(20),
            BatchesMax = 400
        };

    private static bool CanTravel(Command command) => CommandCodec.CanWrite(command);

    private static DateOnly WhenDue(Command command) =>
        CommandBounds.IsDay(command.Known) ? command.Known : DateOnly.MinValue;

    private void Wake(TimeSpan after)
    {
        if (_isDue)
            return;
        _isDue = true;
        _process.After(after, () =>
        {
            _isDue = false;
            Send();
        });
    }

    private void Send()
    {
        while (_outstanding < _window && _toSend.First is { } next)
        {
            if (WhenDue(next.Value) > _world.Days.Today)
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
                TrySend(Question());
        }
    }

    private bool TrySend(Command command)
    {
        // What is known is known today, unless it makes no sense.
        if (CommandBounds.IsDay(command.Known) && command.Known < _world.Days.Today)
            command = command with { Known = _world.Days.Today };
        var sender = _senders[command.Student.PartitionOf(_world.Identity.StudentPartitions)];
        if (sender.Room <= 0)
            return false;
        var submission = _world.Witness.Submit(Name, command);
        _outstanding++;
        sender.Post(SessionItem.Of(command), new Recipient(reply => Hear(submission, reply)));
        return true;
    }

    private void Hear(Submission submission, in Reply reply)
    {
        _world.Witness.Replied(submission, reply);
        _outstanding--;
        var command = submission.Command;
        if (command is not Query
            && (reply.Outcome.IsOpen() || (reply.Outcome == Outcome.Stale && reply.Reason == Reason.None)))
        {
            _outstanding++;
            _process.After(TimeSpan.FromMilliseconds(_dice.Below(300)), () => SendAgain(command));
        }

        if (_toSend.Count > 0)
            Wake(TimeSpan.FromMilliseconds(_dice.Below(5)));
    }

    private void SendAgain(Command command)
    {
        _outstanding--;
        _toSend.AddFirst(command);
        Wake(TimeSpan.Zero);
    }

    private void AskNext()
    {
        if (_world.IsCalm)
            return;

        // Now and then it has nothing to ask for long: what it asks then comes first at a host that was frozen
        // meanwhile.
        var pause = _dice.Chance(4) ? 1_000 + _dice.Below(4_000) : 20 + _dice.Below(100);
        _process.After(TimeSpan.FromMilliseconds(pause), AskNext);
        if (_outstanding < 300)
            TrySend(Question());
    }

    /// <summary>
    /// Mostly of what was acknowledged just now: an answer that does not know of it would be out of date.
    /// </summary>
    private Query Question()
    {
        // A question of a day that is over needs no day opened: a host that does not know of the day after may answer
        // it.
        var (recent, today) = (_world.Witness.Recent, _world.Days.Today.AddDays(-_dice.Of(0, 30)));
        if (recent.Count == 0 || _dice.Chance(10))
            return new AskEntitlement(new StudentId((ulong)(1 + _dice.Below(ClusterWorld.Students))), today, today);
        var one = recent[_dice.Below(recent.Count)];
        return one is ClaimCommand claim
            ? new AskClaim(claim.Student, claim.Claim, today)
            : new AskEntitlement(one.Student, today.AddDays(_dice.Below(30) - 20), today);
    }

    private sealed class Recipient(Action<Reply> onReply) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) => onReply(reply);
    }
}
