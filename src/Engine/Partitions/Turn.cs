using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Partitions;

/// <summary>What one turn of a partition decided.</summary>
/// <param name="Number">Counted from 1 within the partition's incarnation here.</param>
/// <param name="Incarnation">
/// The incarnation of the core that decided it: turns of one before the last failure are dropped.
/// </param>
/// <param name="Frame">What to append; null when there are only answers that rest on turns before.</param>
/// <param name="Answers">The answers, in order. They leave when the turn is durable.</param>
/// <param name="Notices">What leaves for other partitions once the turn is durable; null when nothing does.</param>
internal sealed record Turn(long Number, int Incarnation, Frame? Frame, List<Answer> Answers, Notices? Notices);

/// <summary>How a turn's write ended.</summary>
internal enum CommitStatus : byte
{
    Pending = 0,
    Durable = 1,

    /// <summary>
    /// Nothing was written, or it is not known whether anything was: the journal tells when it is read.
    /// </summary>
    Lost = 2,

    /// <summary>Nothing was written, because another host owns the partition.</summary>
    Fenced = 3,
}

/// <summary>The bounds of one turn: what is beyond them waits for the next.</summary>
/// <param name="Commands">
/// Commands and marks after which a turn ends, and that wait in the core before it has no more
/// <see cref="PartitionCore.Room"/>. They bound the time of a turn: a clock in the core would make turns, and with them
/// the frames of a journal, depend on the machine.
/// </param>
/// <param name="DueDates">
/// Students whose due dates one turn fires, so that a day on which a million rights lapse keeps its latency.
/// </param>
/// <param name="Bytes">Bytes of records after which a turn ends.</param>
internal sealed record TurnLimits(int Commands, int DueDates, int Bytes);

/// <summary>What a core lets go of.</summary>
/// <param name="Answers">To be given to their recipients, in order.</param>
/// <param name="Notices">For other partitions; null when there is nothing.</param>
internal readonly record struct Release(IReadOnlyList<Answer> Answers, Notices? Notices)
{
    public static readonly Release Nothing = new([], null);
}
