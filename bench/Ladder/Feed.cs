using System.Runtime.InteropServices;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Bench.Ladder;

/// <summary>
/// Plays a recording to a runtime as the simulator did, a day of a partition only after the day before is durable, and
/// makes no traffic.
/// </summary>
internal static class Feed
{
    /// <summary>Done when the last day of every partition is durable.</summary>
    /// <param name="mailboxMessagesMax">What the runtime's mailboxes take.</param>
    public static async Task PlayAsync(Recording recording, IActorRuntime runtime, int mailboxMessagesMax)
    {
        var control = new Countdown(recording.Tapes.Length);
        var feeds = recording.Tapes.Select((tape, partition) =>
            new PartitionFeed(partition, tape, runtime, recording.Opens, mailboxMessagesMax, control)).ToArray();
        foreach (var feed in feeds)
            feed.Start();
        await control.Done;
    }

    private sealed class Countdown(int left)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = left;

        public Task Done => _done.Task;

        public void One()
        {
            if (Interlocked.Decrement(ref _left) == 0)
                _done.TrySetResult();
        }

        public void Fail(string why) => _done.TrySetException(new InvalidOperationException(why));
    }

    /// <summary>After the first message the thread that runs the partition runs this too, and no other.</summary>
    private sealed class PartitionFeed(
        int partition, PartitionTape tape, IActorRuntime runtime, DateOnly opens, int mailboxMessagesMax,
        Countdown control) : IReplyTo
    {
        // The two marks of a day find room beside its commands.
        private readonly int _postedMax = mailboxMessagesMax - 2;
        private int _day = -1;
        private int _next;
        private int _outstanding;

        private DateOnly Day => opens.AddDays(Math.Max(_day, 0));

        public void Start() => Post(CommandKind.OpenDay);

        public void OnReply(StudentId student, in Reply reply)
        {
            if (!reply.IsDecision)
                control.Fail($"command {reply.Command} of student {student} was answered {reply.Outcome}");
            if (--_outstanding > 0)
                return;
            if (_day >= 0 && _next < tape.DayEnds[_day])
                PostCommands();
            else
                BeginDay();
        }

        private void BeginDay()
        {
            if (++_day >= tape.DayEnds.Count)
            {
                control.One();
                return;
            }

            Post(CommandKind.OpenDay);
            PostCommands();
        }

        private void PostCommands()
        {
            // Counted first: the first answer may come before the last post.
            var until = Math.Min(tape.DayEnds[_day], _next + _postedMax);
            _outstanding += until - _next;
            var next = CollectionsMarshal.AsSpan(tape.Commands)[_next..until];
            _next = until;
            Require(runtime.TryPostAll(next, this) == next.Length);
            if (_next == tape.DayEnds[_day])
                Post(CommandKind.CloseDay);
        }

        private void Post(CommandKind mark)
        {
            _outstanding++;
            Require(runtime.TryPostDay(partition, mark, Day, this));
        }

        private void Require(bool posted)
        {
            if (!posted)
                throw new InvalidOperationException($"partition {partition} is overloaded by its only sender");
        }
    }
}
