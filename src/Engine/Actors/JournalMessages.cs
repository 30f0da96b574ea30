using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Actors;

/// <summary>
/// Asks the journal's own actor to open a day. The answer, once the day is durably open, is a <see cref="DayOpened"/>
/// for the asker's next day, or <see cref="DayNotOpened"/>.
/// </summary>
/// <param name="Partition">The partition that asks.</param>
internal sealed record OpenDay(DayWanted Wanted, int Partition);

/// <summary>The journal's own actor does not serve, or could not write: the day may be asked for again.</summary>
internal sealed class DayNotOpened
{
    public static readonly DayNotOpened Instance = new();
}

/// <summary>
/// Asks the journal's own actor to adopt a rulebook, which decides from the next day on that is opened. The answer,
/// once it is durable, is the <see cref="AdoptedRulebook"/>; otherwise a failure: a <see cref="RulebookException"/>
/// says that nothing was adopted and why, a <see cref="JournalException"/> that the store failed.
/// </summary>
internal sealed record AdoptRulebook(Rulebook Rulebook);

/// <summary>
/// Asks the journal's own actor to begin a phase of opening balances. The answer, once it is durable or where it was
/// before, is the <see cref="OpeningMarked"/>; otherwise a failure with a <see cref="JournalException"/>.
/// </summary>
internal sealed record MarkOpening(OpeningPhase Phase);
