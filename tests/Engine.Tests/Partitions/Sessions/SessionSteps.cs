using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Tests.Partitions.Sessions.Simulation;

namespace Amoe.Engine.Tests.Partitions.Sessions;

/// <summary>Words for tests of sessions.</summary>
internal static class SessionSteps
{
    public static readonly Guid Sender = new("11111111-2222-3333-4444-555555555555");

    public static TimeSpan Ms(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static SessionItem Item(int place) => new ItemKey(1, place).ToItem();

    public static SessionItem[] Items(params int[] places) => [.. places.Select(Item)];

    public static int[] Places(this Batch batch) => [.. batch.Items.Select(item => ItemKey.Of(item).Place)];

    public static Reply[] Replies(params Outcome[] outcomes) =>
        [.. outcomes.Select(outcome => new Reply(default, outcome))];
}

/// <summary>A sender whose shell and callers are the test.</summary>
internal sealed class SenderShell(SessionOptions? options = null)
{
    public SessionSender Sender { get; } = new(SessionSteps.Sender, options ?? new SessionOptions());

    /// <summary>What the callers heard, in order.</summary>
    public List<(int Place, Outcome Outcome)> Heard { get; } = [];

    public void Post(long ms, params int[] places)
    {
        foreach (var place in places)
            Sender.Post(SessionSteps.Item(place), new Caller(this, place), SessionSteps.Ms(ms));
    }

    /// <summary>The messages that are to be sent; answers are given to their callers.</summary>
    public SessionMessage[] Sent()
    {
        var actions = Sender.TakeActions();
        foreach (var answer in actions.Answers)
            answer.ReplyTo.OnReply(answer.Student, answer.Reply);
        return [.. actions.ToRouter is { } open ? new SessionMessage[] { open } : [], .. actions.ToPartition];
    }

    /// <summary>Posts items and has the first session opened.</summary>
    public Batch[] Open(int window, params int[] places)
    {
        Post(0, places);
        Assert.Equal([new OpenSession(SessionSteps.Sender, 1)], Sent());
        Assert.True(Sender.OnOpened(new SessionOpened(1, window), SessionSteps.Ms(1)));
        return [.. Sent().Cast<Batch>()];
    }

    public SessionMessage[] Tick(long ms)
    {
        Sender.OnTick(SessionSteps.Ms(ms));
        return Sent();
    }

    public SessionMessage[] Answer(long ms, long session, long number, params Outcome[] outcomes)
    {
        Sender.OnAnswered(new BatchAnswered(session, number, SessionSteps.Replies(outcomes)), SessionSteps.Ms(ms));
        return Sent();
    }

    private sealed class Caller(SenderShell shell, int place) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply)
        {
            Assert.Equal((SessionSteps.Item(place).Student, SessionSteps.Item(place).Id), (student, reply.Command));
            shell.Heard.Add((place, reply.Outcome));
        }
    }
}
