using Amoe.Host.Running;
using Amoe.Host.Verbs;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Telemetry;

/// <summary>Writes a host's log on standard error: as lines for people, or as one JSON object a line.</summary>
internal sealed class TerminalLogs(Terminal terminal, OutputFormat format) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new CategoryLog(categoryName, terminal, format);

    public void Dispose()
    {
        // Standard error outlives it.
    }

    private sealed class CategoryLog(string category, Terminal terminal, OutputFormat format) : ILogger
    {
        private readonly bool _isOurs = category.StartsWith("Amoe.", StringComparison.Ordinal);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            if (exception is not null)
                text = $"{text} {exception.GetType().Name}: {exception.Message}";
            if (format == OutputFormat.Text)
                terminal.Line(_isOurs ? text : $"{category}: {text}");
            else
                terminal.JsonLine(text, (json, message) =>
                {
                    json.WriteStartObject();
                    json.WriteString("time"u8, terminal.Time.GetUtcNow());
                    json.WriteString("level"u8, logLevel.ToString().ToLowerInvariant());
                    json.WriteString("category"u8, category);
                    json.WriteNumber("event"u8, eventId.Id);
                    if (eventId.Name is { } name)
                        json.WriteString("name"u8, name);
                    json.WriteString("message"u8, message);
                    json.WriteEndObject();
                });
        }
    }
}
