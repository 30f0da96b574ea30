namespace Amoe.Engine.Rules;

/// <summary>
/// A rulebook cannot be read, or says nothing about the date it was asked for. The message is one line for a person.
/// </summary>
public sealed class RulebookException : Exception
{
    public RulebookException(string message)
        : base(message)
    {
    }

    public RulebookException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
