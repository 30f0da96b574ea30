using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Akka.Entrance;

/// <summary>One shard as the entrance sees it: what waits for it, in the order of posting, and whether a day stands between.</summary>
internal sealed class Door
{
    /// <summary>Posted and not admitted: behind a day, or because there are too many on their way already.</summary>
    public Queue<object> Waiting { get; } = new();

    /// <summary>Admitted and not answered.</summary>
    public int Inside { get; set; }

    /// <summary>The day that is open, as far as it is known here.</summary>
    public DateOnly Day { get; set; }

    /// <summary>What is being opened or closed: nothing else is admitted meanwhile.</summary>
    public (CommandKind Mark, DateOnly Day, IReplyTo? ReplyTo)? Marking { get; set; }

    /// <summary>When that was last asked for.</summary>
    public long MarkSentAt { get; set; }
}

/// <summary>A command on its way to its student.</summary>
internal sealed class Errand(long ticket, int shard, Command command, IReplyTo replyTo, long postedAt)
{
    public long Ticket { get; } = ticket;

    public int Shard { get; } = shard;

    public Command Command { get; } = command;

    public IReplyTo ReplyTo { get; } = replyTo;

    /// <summary>After a deadline from here it is answered <see cref="Outcome.Unknown"/>.</summary>
    public long PostedAt { get; } = postedAt;

    public long SentAt { get; set; }

    /// <summary>True once nobody knows what became of it: the student is asked, and decides nothing.</summary>
    public bool MustResolve { get; set; }
}
