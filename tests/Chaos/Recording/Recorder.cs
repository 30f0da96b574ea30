using System.Collections.Concurrent;
using System.Diagnostics;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Chaos.Recording;

/// <summary>
/// A patient sender between the drivers of a load and a cluster. It writes down every invocation and answer, sends
/// again what was answered unknown or overloaded, and now and then gives up, as senders do. When a day opens it asks
/// about students of the day before, to see whether a host answers from an outdated state.
/// </summary>
/// <param name="giveUpPercent">Of commands answered unknown; one that is given up counts as refused.</param>
/// <param name="asks">How many students of the day before are asked about on each partition and day.</param>
/// <param name="dayLasts">
/// No partition's day begins sooner after the one before than the day lasts; null for as soon as it may.
/// </param>
internal sealed class Recorder(
    ICommandTarget inner, int giveUpPercent, int asks, Func<DateOnly, TimeSpan>? dayLasts = null) : ICommandTarget
{
    /// <summary>
    /// The patience of a sender that never gets an unknown outcome, because no fault lasts that long. A command that a
    /// recorder sends again may overtake others of the same student. Decisions then differ from undisturbed ones, and
    /// rightly so.
    /// </summary>
    public static readonly TimeSpan Unending = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan BackOff = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentBag<Operation> _operations = [];
    private readonly Gate[] _gates = [.. Enumerable.Range(0, inner.StudentPartitions + inner.LedgerPartitions)
        .Select(_ => new Gate(dayLasts ?? (_ => default)))];
    private long _moment;
    private long _acknowledged;
    private long _unknown;
    private long _overloaded;
    private long _outstanding;

    public int StudentPartitions => inner.StudentPartitions;

    public int LedgerPartitions => inner.LedgerPartitions;

    public IReadOnlyCollection<Operation> Operations => _operations;

    /// <summary>Commands, questions and marks that were answered.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Answers that were <c>Unknown</c>.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    public long Overloaded => Interlocked.Read(ref _overloaded);

    /// <summary>Sent, and neither answered nor given up.</summary>
    public long Outstanding => Interlocked.Read(ref _outstanding);

    /// <summary>
    /// False once senders are to give up no more: at the end everything that is still asked is to be answered.
    /// </summary>
    public bool MayGiveUp { get; set; } = true;

    /// <summary>Operations that were sent and are neither answered nor given up, the oldest first.</summary>
    public IEnumerable<Operation> Waiting(int most) =>
        _operations.Where(operation => !operation.IsAnswered && !operation.IsGivenUp)
            .OrderBy(operation => operation.Invoked)
            .Take(most);

    public bool TryPost(Command command, IReplyTo replyTo)
    {
        var partition = command.Student.PartitionOf(StudentPartitions);
        _gates[partition].Note(command);
        Send(new Operation(partition, command, CommandKind.None, command.Known, NextMoment()), replyTo);
        return true;
    }

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo)
    {
        Send(new Operation(partition, null, mark, day, NextMoment()), replyTo);
        if (mark == CommandKind.OpenDay)
        {
            foreach (var command in _gates[partition].TakeNoted(asks))
                Ask(partition, command, day);
        }

        return true;
    }

    private void Ask(int partition, Command about, DateOnly day)
    {
        Query query = about is ClaimCommand claim
            ? new AskClaim(claim.Student, claim.Claim, day)
            : new AskEntitlement(about.Student, about.Effective, day);
        Send(new Operation(partition, query, CommandKind.None, day, NextMoment()), null);
    }

    private void Send(Operation operation, IReplyTo? replyTo)
    {
        _operations.Add(operation);
        Interlocked.Increment(ref _outstanding);
        var gate = _gates[operation.Partition];
        gate.Enter(new Sending(this, operation, replyTo));
        gate.Drain();
    }

    private void Post(Sending sending)
    {
        var operation = sending.Operation;
        operation.CountSent();
        var isTaken = operation.Command is { } command
            ? inner.TryPost(command, sending)
            : inner.TryPostDay(operation.Partition, operation.Mark, operation.Day, sending);
        if (!isTaken)
            Undecided(sending, Outcome.Overloaded);
    }

    private void Undecided(Sending sending, Outcome outcome)
    {
        Interlocked.Increment(ref outcome == Outcome.Overloaded ? ref _overloaded : ref _unknown);
        var operation = sending.Operation;
        operation.CountUndecided(outcome);
        if (outcome == Outcome.Unknown && MayGiveUp && GivesUp(operation))
        {
            operation.GiveUp();
            Settle(sending, new Reply(operation.Command!.Id, Outcome.Refused));
        }
        else
        {
            _ = SendAgain(sending);
        }
    }

    private async Task SendAgain(Sending sending)
    {
        await Task.Delay(BackOff);
        Post(sending);
    }

    private bool GivesUp(Operation operation) =>
        operation.Command is { } command
            && (int)(Mixing.Mix(command.Student.Value, command.Reference, (ulong)operation.Unknowns) % 100)
                < giveUpPercent;

    private void Returned(Sending sending, in Reply reply)
    {
        if (reply.Outcome is Outcome.Unknown or Outcome.Overloaded)
        {
            Undecided(sending, reply.Outcome);
            return;
        }

        sending.Operation.Return(reply, NextMoment());
        Interlocked.Increment(ref _acknowledged);
        Settle(sending, reply);
    }

    private void Settle(Sending sending, in Reply reply)
    {
        Interlocked.Decrement(ref _outstanding);
        var gate = _gates[sending.Operation.Partition];
        gate.Leave();
        sending.ReplyTo?.OnReply(sending.Operation.Command?.Student ?? default, reply);
        gate.Drain();
    }

    private long NextMoment() => Interlocked.Increment(ref _moment);

    /// <summary>One operation on its way, as often as it takes.</summary>
    private sealed class Sending(Recorder recorder, Operation operation, IReplyTo? replyTo) : IReplyTo
    {
        public Operation Operation => operation;

        public IReplyTo? ReplyTo => replyTo;

        public bool IsMark => operation.Command is null;

        public void Post() => recorder.Post(this);

        public void OnReply(StudentId student, in Reply reply) => recorder.Returned(this, reply);
    }

    /// <summary>
    /// The queue of one partition. A day mark is sent once everything before it is answered, and the day's commands
    /// after the mark is answered. So a command that is sent again stays in its day.
    /// </summary>
    private sealed class Gate(Func<DateOnly, TimeSpan> dayLasts)
    {
        private const int NotedMax = 16;
        private readonly Queue<Sending> _waiting = new();
        private readonly Queue<Command> _noted = new();
        private int _inside;
        private bool _markIsInside;
        private bool _isDraining;
        private long _dayBegan = Stopwatch.GetTimestamp();

        public void Enter(Sending sending)
        {
            lock (_waiting)
                _waiting.Enqueue(sending);
        }

        public void Leave()
        {
            lock (_waiting)
            {
                _inside--;
                _markIsInside = false;
            }
        }

        /// <summary>
        /// Posts what may go, in order. A thread that finds another posting leaves it to that one, so the runtime is
        /// never called under a lock.
        /// </summary>
        public void Drain()
        {
            lock (_waiting)
            {
                if (_isDraining)
                    return;
                _isDraining = true;
            }

            while (Next() is { } sending)
                sending.Post();
        }

        public void Note(Command command)
        {
            lock (_waiting)
            {
                _noted.Enqueue(command);
                if (_noted.Count > NotedMax)
                    _noted.Dequeue();
            }
        }

        public List<Command> TakeNoted(int count)
        {
            lock (_waiting)
            {
                var taken = _noted.Take(count).ToList();
                _noted.Clear();
                return taken;
            }
        }

        private Sending? Next()
        {
            lock (_waiting)
            {
                if (_waiting.TryPeek(out var next)
                    && !_markIsInside
                    && (!next.IsMark || _inside == 0)
                    && IsTimeFor(next))
                {
                    _inside++;
                    _markIsInside = next.IsMark;
                    return _waiting.Dequeue();
                }

                _isDraining = false;
                return null;
            }
        }

        private bool IsTimeFor(Sending sending)
        {
            if (sending.Operation.Mark != CommandKind.OpenDay)
                return true;
            var left = dayLasts(sending.Operation.Day) - Stopwatch.GetElapsedTime(_dayBegan);
            if (left > TimeSpan.Zero)
            {
                _ = DrainAfter(left);
                return false;
            }

            _dayBegan = Stopwatch.GetTimestamp();
            return true;
        }

        private async Task DrainAfter(TimeSpan wait)
        {
            // Never no time at all: the lock is held where this is asked for.
            await Task.Delay(wait + TimeSpan.FromMilliseconds(1));
            Drain();
        }
    }
}
