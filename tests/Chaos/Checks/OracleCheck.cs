using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Oracle.Harness;
using Amoe.Oracle.Model;

namespace Amoe.Chaos.Checks;

/// <summary>
/// The model of the scheme, which shares no code with the engine, decides the journal's commands in their order. It
/// must come to the same answers, entitlement periods, claims and sums.
/// </summary>
internal static class OracleCheck
{
    /// <summary>
    /// On a copy, whose days are gone through to the end, so that whatever would fall due has, as in the model.
    /// </summary>
    public static async Task<Comparison> Of(
        IJournal written, IReadOnlyCollection<Command> sent, DateOnly first, DateOnly last)
    {
        using var journal = JournalCopy.OfOneOwner(written);
        var logic = new AmoeLogic(Rulebook.Embedded);
        await using (var engine = new MemoryRuntime(journal, logic, new EngineOptions()))
        {
            for (var day = first; day <= last.AddDays(1); day = day.AddDays(1))
                await engine.MarkDay(CommandKind.OpenDay, day);
        }

        var comparison = new Comparison(journal.Identity.StudentPartitions, new Scheme(), Rulebook.Embedded, logic);
        comparison.Take(journal, sent);
        comparison.CompareEnd(journal, first, last);
        return comparison;
    }
}
