using System.Diagnostics;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Metering;
using Amoe.Host.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Amoe.Host.Telemetry;

/// <summary>
/// Exports what a host says about itself: as a page in Prometheus' text, and to a collector by OTLP, which the standard
/// variables of OpenTelemetry set up.
/// </summary>
/// <remarks>
/// No field is of a type of OpenTelemetry, so its libraries are loaded where something is exported, and nowhere else.
/// </remarks>
internal sealed class Export : IDisposable
{
    /// <summary>The meters that are exported: the program's, and those of .NET that concern it.</summary>
    private static readonly string[] _meters =
    [
        EngineMeter.Name, HostMeter.Name,
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
    ];

    private readonly TelemetrySettings _settings;
    private readonly List<IDisposable> _providers = [];

    // Null where there is no page.
    private readonly Func<WebApplication, string, IEndpointConventionBuilder>? _map;

    public Export(TelemetrySettings settings)
    {
        _settings = settings;

        // Apart from what is sent, whose variables would make histograms exponential, which the page drops.
        if (settings.HasPage)
        {
            var page = Builder().AddPrometheusExporter().Build();
            _providers.Add(page);
            _map = (application, path) => application.MapPrometheusScrapingEndpoint(path, page, null, null);
        }

        if (settings.SendsMetrics)
            _providers.Add(Builder().AddOtlpExporter().Build());
        if (settings.SendsTraces)
        {
            _providers.Add(Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(Resource())
                .AddSource(Spans.Name)
                .AddAspNetCoreInstrumentation(options =>
                {
                    options.Filter = context => IsCall(context.Request.Path);
                    options.EnrichWithHttpRequest = (span, _) => Anonymize(span);
                })
                .AddOtlpExporter()
                .Build());
        }
    }

    public void AddTo(ILoggingBuilder builder)
    {
        if (_settings.SendsLogs)
        {
            builder.AddOpenTelemetry(logs =>
            {
                logs.IncludeFormattedMessage = true;
                logs.SetResourceBuilder(Resource()).AddOtlpExporter();
            });
        }
    }

    /// <summary>Null where there is no page.</summary>
    public IEndpointConventionBuilder? Map(WebApplication application, string path) => _map?.Invoke(application, path);

    public void Dispose() => _providers.ForEach(provider => provider.Dispose());

    private static MeterProviderBuilder Builder() =>
        Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource()).AddMeter(_meters);

    /// <summary>What the variables say of the process comes after what is known of it.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddService("amoe", serviceVersion: PartitionRuntime.Build)
        .AddEnvironmentVariableDetector();

    /// <summary>
    /// The path has the student's number, and a student's own call says which browser the student has.
    /// </summary>
    private static void Anonymize(Activity span)
    {
        foreach (var tag in (string[])["url.path", "url.query", "user_agent.original", "client.address"])
            span.SetTag(tag, null);
    }

    /// <summary>Probes and pages are asked every few seconds, and say nothing.</summary>
    private static bool IsCall(PathString path) =>
        path != HostPages.Live && path != HostPages.Ready && path != HostPages.State
        && path != HostTelemetry.MetricsPath;
}
