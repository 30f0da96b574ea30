using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Journal;

/// <summary>Adopts rulebooks: says what may be adopted, and does it where a journal is kept in segments.</summary>
public static class RulebookAdoption
{
    /// <summary>In a journal that nobody else writes: the text once, and a mark on every shard, all or nothing.</summary>
    /// <param name="owned">Every shard under its epoch; null where only one process can have the journal.</param>
    /// <exception cref="RulebookException">The journal has it already, or it says something else on a day the journal has reached.</exception>
    /// <exception cref="JournalException">Nothing was written.</exception>
    public static AdoptedRulebook Adopt(IWritableJournal journal, Rulebook rulebook, IReadOnlyList<ShardEpoch>? owned = null)
    {
        var days = Enumerable.Range(0, journal.Identity.ShardCount).Select(shard => History.LastMark(journal, shard, CommandKind.OpenDay)).ToArray();
        var adopted = Next(journal.Adoptions.Count, JournalRulebooks.Current(journal), days.Max(), rulebook);
        var e = new RulebookAdopted(adopted.Number, adopted.Hash);
        var epochs = (owned ?? ShardEpoch.OfEmbedded(days.Length)).ToDictionary(shard => shard.Shard, shard => shard.Epoch);
        journal.Adopt(adopted, [.. days.Select((day, shard) => Mark(new ShardEpoch(shard, epochs[shard]), journal.Head(shard), day, e))]);
        return adopted;
    }

    /// <summary>The next rulebook of a journal.</summary>
    /// <param name="adoptions">How many were adopted before.</param>
    /// <param name="latest">The last day that was opened: from the next on the rulebook decides.</param>
    /// <exception cref="RulebookException">
    /// It is in force already, or says something else on a day that was opened.
    /// </exception>
    internal static AdoptedRulebook Next(int adoptions, Rulebook inForce, DateOnly latest, Rulebook next)
    {
        if (next.Text == inForce.Text)
            throw new RulebookException("the journal is written under this rulebook already: nothing was adopted");
        RequireSameUntil(latest, inForce, next);
        return new AdoptedRulebook(adoptions + 1, latest, next.Text);
    }

    /// <summary>
    /// What was decided stays decided, and is explained by the rule of its day: that must not come to say something else. What only measures (X3) may: a holiday
    /// announced late decides nothing, what was measured is in the journal, and its explanation reads the rulebook of its record.
    /// </summary>
    private static void RequireSameUntil(DateOnly latest, Rulebook inForce, Rulebook next)
    {
        if (RulebookDiff.Between(inForce, next).Where(difference => difference.From <= latest && !ParameterIds.OnlyMeasures(difference.Id)).MinBy(difference => difference.From) is not { } past)
            return;
        throw new RulebookException(
            $"{past.Id} is {Value(past.First)} on {Day(past.From)} and the new rulebook says {Value(past.Second)}: "
            + $"the journal has reached {Day(latest)}, and a rulebook that is adopted changes nothing up to that day");

        static string Value(string? value) => value is null ? "without a value" : $"«{value}»";
    }

    private static Segment Mark(ShardEpoch shard, long head, DateOnly day, RulebookAdopted e)
    {
        var writer = new SegmentWriter();
        writer.Begin(day);
        writer.Append(RecordHeader.Mark(CommandKind.AdoptRulebook, day), [e], null);
        return writer.Seal(shard.Shard, head, shard.Epoch);
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
