namespace Amoe.Host.Identity;

/// <summary>
/// The identity vault or its audit log cannot be opened, read or written. The message is one line for a person, without
/// personal data: what, where, and what to do.
/// </summary>
internal sealed class VaultException : Exception
{
    public VaultException(string message)
        : base(message)
    {
    }

    public VaultException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
