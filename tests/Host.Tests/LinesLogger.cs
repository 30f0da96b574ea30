using Microsoft.Extensions.Logging;

namespace Amoe.Host.Tests;

/// <summary>Hands on each line of a log as a person reads it.</summary>
internal sealed class LinesLogger(Action<string> say) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        say(formatter(state, exception));
}
