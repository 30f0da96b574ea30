using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// Marks in a journal that no other process writes that its opening balances begin, or are reconciled.
/// </summary>
public static class JournalOpening
{
    /// <summary>Begins to take opening balances. Where they have begun nothing changes.</summary>
    /// <exception cref="JournalException">
    /// A day was opened before, or they were closed; the journal is missing, in use, damaged, …, or not written.
    /// </exception>
    public static Task<OpeningMarked> BeginAsync(JournalAddress address, TimeProvider time) =>
        JournalAlone.AskAsync<OpeningMarked>(address, "serve --opening", new MarkOpening(OpeningPhase.Begun), time);

    /// <summary>Closes them for good. Where they are closed nothing changes.</summary>
    /// <param name="records">How many the journal had when it was read: what was reconciled is what is closed.</param>
    /// <exception cref="JournalException">
    /// They have not begun, or it has other records; the journal is missing, in use, damaged, …, or not written.
    /// </exception>
    public static Task<OpeningMarked> CloseAsync(JournalAddress address, long records, TimeProvider time) =>
        JournalAlone.AskAsync<OpeningMarked>(address, "opening close", new MarkOpening(OpeningPhase.Closed), time,
            journal =>
        {
            if (Enumerable.Range(0, journal.Identity.TotalPartitions).Sum(journal.Head) != records)
                throw new JournalException(
                    $"{address.Display}: lines were taken since it was read. Nothing was closed: reconcile it again.");
        });
}
