using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Journal;
using Amoe.Host.Access;
using Amoe.Host.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Telemetry;

/// <summary>
/// What a host says about itself: its log, its instruments and, where that is asked for, their export. It is made
/// before the host, and outlives it.
/// </summary>
internal sealed class HostTelemetry : IDisposable
{
    /// <summary>The path of the instruments in Prometheus' text.</summary>
    public const string MetricsPath = "/metrics";

    private readonly Terminal _terminal;
    private readonly Export? _export;

    /// <param name="terminal">Where lines go; the scope of the meters.</param>
    public HostTelemetry(TelemetrySettings settings, Terminal terminal)
    {
        _terminal = terminal;
        (Engine, Host) = (new EngineMeter(terminal), new HostMeter(terminal));
        if (settings.IsExported)
            _export = new Export(settings);
        Loggers = LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel(LogLevel.Information).AddProvider(new TerminalLogs(terminal, settings.Log));

            // A line for each request would be the log of all that students do.
            foreach (var category in (string[])["Microsoft", "System", typeof(ApiKeyAuthentication).FullName!])
                builder.AddFilter(category, LogLevel.Warning);

            // Where it is on, ASP.NET makes an activity for each request, listened to or not.
            builder.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

            // A start that fails is said by the exception.
            builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
            _export?.AddTo(builder);
        });
    }

    public TimeProvider Time => _terminal.Time;

    public ILoggerFactory Loggers { get; }

    public EngineMeter Engine { get; }

    public HostMeter Host { get; }

    /// <summary>For what says in a line what is odd, or has gone wrong, and knows no logger.</summary>
    /// <param name="category">Which part of the program writes.</param>
    public Action<string> Warnings(string category)
    {
        var log = Loggers.CreateLogger(category);
        return line => log.Warning(JournalAddress.WithoutPasswords(line));
    }

    /// <summary>For what says in a line what has come about.</summary>
    /// <inheritdoc cref="Warnings"/>
    public Action<string> Lines(string category)
    {
        var log = Loggers.CreateLogger(category);
        return line => log.Line(JournalAddress.WithoutPasswords(line));
    }

    /// <summary>Has a server write its warnings to this log.</summary>
    public void AddTo(IServiceCollection services) => services.AddSingleton(Loggers);

    /// <summary>
    /// Adds the page of instruments where there is one; null where there is none. The caller says who may read it.
    /// </summary>
    public IEndpointConventionBuilder? Map(WebApplication application) => _export?.Map(application, MetricsPath);

    /// <summary>Sends what is not sent yet. Where no collector answers that is given up after some seconds.</summary>
    public void Dispose()
    {
        _export?.Dispose();
        Loggers.Dispose();
        Engine.Dispose();
        Host.Dispose();
    }
}
