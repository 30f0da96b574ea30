namespace Amoe.Simulator.Scenarios;

/// <summary>A scenario that cannot be used: one line that names the file, the line and the cause.</summary>
public sealed class ScenarioException : Exception
{
    public ScenarioException()
    {
    }

    public ScenarioException(string message)
        : base(message)
    {
    }

    public ScenarioException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
