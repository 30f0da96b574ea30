namespace Amoe.Engine.Journal;

/// <summary>
/// The store does not answer now: a connection broke, a server starts again, a file is locked or cannot be read. It
/// says nothing of the journal itself, and what was asked may be asked again later; an actor whose history could not be
/// read for it is not damaged.
/// </summary>
public sealed class JournalUnavailableException : JournalException
{
    public JournalUnavailableException(string message)
        : base(message)
    {
    }

    public JournalUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
