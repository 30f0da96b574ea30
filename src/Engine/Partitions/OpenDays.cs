using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;

namespace Amoe.Engine.Partitions;

/// <summary>The days that a partition may open, and what decides on them.</summary>
/// <param name="Through">The last one.</param>
/// <param name="Rulebook">
/// The number of the rulebook: a partition that has decided under an earlier one marks the change before it opens a
/// day.
/// </param>
/// <param name="Hash">Of its text.</param>
internal sealed record OpenDays(DateOnly Through, int Rulebook, RulebookHash Hash, IActorLogic Logic)
{
    /// <summary>Every day, as it comes: for hosts in memory, on which no rulebook is adopted.</summary>
    public static OpenDays Every(IActorLogic logic) => new(DateOnly.MaxValue, 0, default, logic);

    /// <summary>
    /// The last day that is open to a partition which a host has recovered, where hosts share the journal. A day that
    /// has not closed is opened once more: the host may not have what the ledgers tell claims on that day, and what was
    /// sent and set aside is lost with the former host's memory.
    /// </summary>
    public static DateOnly RecoveredThrough(PartitionState state) =>
        state.Outbox is not null && state.Day > state.LastClosed ? state.Day.AddDays(-1) : state.Day;
}

/// <summary>A day that somebody has to open before a partition can go on.</summary>
/// <param name="Next">The partition's next day.</param>
/// <param name="Day">The day that what waits is of: this one or a later one.</param>
internal readonly record struct DayWanted(DateOnly Next, DateOnly Day);
