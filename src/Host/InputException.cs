namespace Amoe.Host;

/// <summary>
/// A file or address that the command line names cannot be used. The message is one line for a person.
/// </summary>
internal sealed class InputException(string message) : Exception(message);
