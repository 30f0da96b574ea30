namespace Amoe.Engine.Journal;

/// <summary>
/// The journal cannot be opened, read or appended to. The message is one line for a person: what, where, and what to
/// do.
/// </summary>
public class JournalException : Exception
{
    public JournalException(string message)
        : base(message)
    {
    }

    public JournalException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
