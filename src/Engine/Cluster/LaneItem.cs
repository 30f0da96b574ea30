using System.Runtime.InteropServices;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Cluster;

/// <summary>A command or the mark of a day, on its way to the owner of its shard.</summary>
/// <param name="Envelope">What it is, and where its answer goes.</param>
/// <param name="Deadline">When it is given up: a timestamp of this process.</param>
/// <param name="Number">Its number in the session of the client it came from.</param>
[StructLayout(LayoutKind.Auto)]
internal record struct LaneItem(Envelope Envelope, long Deadline, long Number = 0)
{
    /// <summary>It was sent in a session that did not say what became of it: it may stand.</summary>
    public bool MayStand { get; set; }

    /// <summary>Whoever posted it has an answer.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The owner has answered: it waits only for those before it.</summary>
    public bool IsThrough { get; set; }

    public readonly StudentId Student => Envelope.Command?.Student ?? default;

    public readonly CommandId Id => Envelope.Command?.Id ?? new CommandId(Envelope.Mark, 0);
}

/// <summary>An answer on its way to whom it is for.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Delivery(IReplyTo ReplyTo, StudentId Student, Reply Reply, long Number)
{
    /// <summary>Two commands under one id have two answers, and these come in any order: a client's session is told which it is.</summary>
    public void Deliver()
    {
        if (ReplyTo is InboundSession session)
            session.Answer(Number, Reply);
        else
            ReplyTo.OnReply(Student, Reply);
    }
}
