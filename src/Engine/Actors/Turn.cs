using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>What one turn of a shard decided: a segment to append, and the answers that wait for it.</summary>
/// <param name="Shard">The shard it belongs to.</param>
/// <param name="Generation">Which life of the shard decided it: turns of an earlier life than the last failure are dropped.</param>
/// <param name="Segment">What to append; without records when there are only answers that rest on turns before.</param>
/// <param name="Answers">The answers, in order.</param>
/// <param name="Mail">What leaves for other shards once the turn is durable; null when nothing does.</param>
internal sealed record Turn(Shard Shard, int Generation, Segment Segment, List<Answer> Answers, Mail? Mail = null)
{
    private volatile TurnFate _fate;

    /// <summary>Written by the committer, read by the shard.</summary>
    public TurnFate Fate
    {
        get => _fate;
        set => _fate = value;
    }

    public bool IsEmpty => Segment.Count == 0;
}

/// <summary>What became of a turn at the store.</summary>
internal enum TurnFate : byte
{
    Pending = 0,
    Durable = 1,
    Lost = 2,

    /// <summary>Lost, because another host owns the shard.</summary>
    Fenced = 3,
}

/// <summary>Whom nobody answers: a command that no one waits for.</summary>
internal sealed class Nobody : IReplyTo
{
    public static readonly Nobody Waits = new();

    public void OnReply(StudentId student, in Reply reply)
    {
        // The journal has the answer, and the sender hears of it by a posting.
    }
}

/// <summary>An answer that waits for its turn to be durable.</summary>
internal readonly record struct Answer(IReplyTo ReplyTo, StudentId Student, Reply Reply);
