using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// Marks in a journal that no other process writes that its opening balances begin, or are reconciled. Only between the
/// two are they taken, and no business day opens then (docs/adr/0017-opening-balances.md).
/// </summary>
public static class JournalOpening
{
    /// <summary>Looks whether a journal is one for opening balances, or for business days.</summary>
    /// <param name="name">The journal's name in messages.</param>
    /// <param name="isOpening">True where opening balances are to be taken.</param>
    /// <exception cref="JournalException">It is the other, as a sentence with what to do.</exception>
    public static void Require(JournalBook book, string name, bool isOpening)
    {
        var why = isOpening ? book.WhyNoOpening
            : book.Opening != OpeningPhase.Begun ? null
            : "its opening balances are not closed, and no business day opens before they are: serve --opening takes "
                + "more of them, amoe opening close reconciles them.";
        if (why is not null)
            throw new JournalException($"{name}: {why}");
    }

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

    /// <summary>Begins to take opening balances. Where they have begun nothing changes.</summary>
    /// <param name="journal">Opened for writing, with no actor on it. It stays open.</param>
    /// <exception cref="JournalException">
    /// A day was opened before, or they were closed; the journal is damaged, …, or not written.
    /// </exception>
    internal static Task<OpeningMarked> BeginAsync(PartitionJournal journal, TimeProvider time) =>
        JournalAlone.AskAsync<OpeningMarked>(journal, new MarkOpening(OpeningPhase.Begun), time);
}
