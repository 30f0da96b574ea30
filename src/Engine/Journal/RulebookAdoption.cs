using System.Globalization;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Journal;

/// <summary>Says which rulebook a journal may adopt.</summary>
internal static class RulebookAdoption
{
    /// <summary>The next rulebook of a journal.</summary>
    /// <param name="adoptions">How many were adopted before.</param>
    /// <param name="latest">The last day that was opened: from the next on the rulebook decides.</param>
    /// <exception cref="RulebookException">
    /// It is in force already, or says something else on a day that was opened.
    /// </exception>
    public static AdoptedRulebook Next(int adoptions, Rulebook inForce, DateOnly latest, Rulebook next)
    {
        if (next.Text == inForce.Text)
            throw new RulebookException("the journal is written under this rulebook already: nothing was adopted");
        RequireSameUntil(latest, inForce, next);
        return new AdoptedRulebook(adoptions + 1, latest, next.Text);
    }

    /// <summary>
    /// What was decided stays decided, and is explained by the rule of its day: that must not come to say something
    /// else. What only measures (X3) may: a holiday announced late decides nothing, what was measured is in the
    /// journal, and its explanation reads the rulebook of its record.
    /// </summary>
    private static void RequireSameUntil(DateOnly latest, Rulebook inForce, Rulebook next)
    {
        if (RulebookDiff.Between(inForce, next)
            .Where(difference => difference.From <= latest && !ParameterIds.OnlyMeasures(difference.Id))
            .MinBy(difference => difference.From) is not { } past)
            return;
        throw new RulebookException(
            $"{past.Id} is {Value(past.First)} on {Day(past.From)} and the new rulebook says {Value(past.Second)}: "
            + $"the journal has reached {Day(latest)}, and a rulebook that is adopted changes nothing up to that day");

        static string Value(string? value) => value is null ? "without a value" : $"«{value}»";
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
