namespace Amoe.Engine.Journal;

/// <summary>Copies a journal file while it may be written, and removes one that is not in use.</summary>
internal static class SqliteJournalCopy
{
    /// <summary>
    /// Makes a new file of what the journal holds at this moment, its write-ahead log included. A writer is not held
    /// up. The copy is made whole and checked before it gets its name.
    /// </summary>
    /// <param name="progress">Receives how many pages of how many are copied.</param>
    /// <returns>The bytes of the copy.</returns>
    /// <exception cref="JournalException">
    /// The source cannot be read, the target exists already or cannot be written. Then there is no target.
    /// </exception>
    public static long Copy(string source, string target, Action<int, int> progress, CancellationToken cancellation)
    {
        SqliteJournal.OpenReadOnly(source).Dispose();
        SqliteJournalFile.RequirePlace(target);
        using var writerLock = WriterLock.Take(target);
        if (File.Exists(target))
            throw new JournalException($"{target}: the file exists already, and nothing was copied. Name a new one.");
        var draft = SqliteJournalFile.DraftPath(target);
        try
        {
            SqliteJournalFile.RemoveSideFiles(target);
            CopyPages(source, target, draft, progress, cancellation);
            Check(draft);
            File.Move(draft, target);
        }
        catch
        {
            SqliteJournalFile.RemoveSideFiles(target);
            throw;
        }

        return new FileInfo(target).Length;
    }

    /// <summary>Removes a journal, of whatever layout, with the files beside it.</summary>
    /// <exception cref="JournalException">
    /// It is missing, no journal, in use, or its folder cannot be written.
    /// </exception>
    public static void Remove(string path)
    {
        RequireJournal(path);
        using var writerLock = WriterLock.Take(path);
        try
        {
            // The journal first: what is left where this ends early is none.
            File.Delete(path);
            SqliteJournalFile.RemoveSideFiles(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"{path}: it cannot be removed ({e.Message.TrimEnd('.')}). Allow writing in its folder.", e);
        }
    }

    /// <exception cref="JournalException">It is missing or no journal.</exception>
    public static void RequireJournal(string path)
    {
        SqliteJournalFile.RequireFile(path);
        if (!SqliteJournalFile.IsJournal(path))
            throw new JournalException($"{path}: it is not a journal. Name a file this program made.");
    }

    private static void CopyPages(
        string source, string target, string draft, Action<int, int> progress, CancellationToken cancellation)
    {
        var access = SqliteJournalFile.ReadAccess(source);
        using var from = SqliteDatabase.Open(source, access);
        using (var to = SqliteDatabase.Open(draft, SqliteAccess.Create, target))
        {
            from.CopyTo(to, progress, cancellation);
        }

        if (access == SqliteAccess.ReadUnchanging && File.Exists(SqliteJournalFile.LogPath(source)))
            throw new JournalException(
                $"{source}: another process opened it for writing while it was being copied, and there is no copy. Copy it again.");
    }

    /// <summary>That every page is whole, and every partition's last frame can be read.</summary>
    private static void Check(string draft)
    {
        using var copy = SqliteJournal.OpenReadOnly(draft);
        copy.CheckStore();
        for (var partition = 0; partition < copy.Identity.TotalPartitions; partition++)
            _ = copy.Head(partition);
    }
}
