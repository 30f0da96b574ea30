namespace Amoe.Engine.Journal;

/// <summary>
/// Keeps a second writer out for as long as the first one lives; the system lets go of it when a process dies.
/// A file of its own, because SQLite's lock is free between transactions and a lock on the journal's file would disturb
/// SQLite's. Should two writers pass it all the same, the ids they choose collide and one of them is refused.
/// </summary>
internal sealed class WriterLock : IDisposable
{
    private readonly FileStream _file;

    private WriterLock(FileStream file) => _file = file;

    /// <exception cref="JournalException">Another writer has it, or the folder cannot be written.</exception>
    public static WriterLock Take(string journal)
    {
        var path = journal + "-lock";
        try
        {
            return new WriterLock(
                new FileStream(
                    path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException failure) when (IsHeld(failure))
        {
            throw new JournalException(
                $"{journal}: it is in use by another process. Stop that one, or name another file.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"{journal}: its folder cannot be written ({failure.Message.TrimEnd('.')}). Allow writing there, or name a file in another folder.",
                failure);
        }
    }

    public void Dispose() => _file.Dispose();

    // The runtime has no type for a sharing violation: EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on
    // Windows.
    private static bool IsHeld(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x8007_0020);
}
