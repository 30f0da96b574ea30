using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Actors;

/// <summary>Adopts a rulebook in a journal that no other process writes.</summary>
public static class JournalAdoption
{
    /// <exception cref="RulebookException">
    /// The journal has it already, or it says something else on a day that was opened.
    /// </exception>
    /// <exception cref="JournalException">
    /// The journal is missing, in use, damaged, …, or could not be written.
    /// </exception>
    public static Task<AdoptedRulebook> AdoptAsync(JournalAddress address, Rulebook rulebook, TimeProvider time) =>
        JournalAlone.AskAsync<AdoptedRulebook>(address, "rules adopt", new AdoptRulebook(rulebook), time);
}
