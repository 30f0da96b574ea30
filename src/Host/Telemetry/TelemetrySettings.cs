using Amoe.Host.Verbs;

namespace Amoe.Host.Telemetry;

/// <summary>What a host exports, and how it writes its log.</summary>
/// <param name="HasPage">True where the instruments are a page in Prometheus' text.</param>
/// <param name="Log">How lines of the log are written.</param>
internal sealed record TelemetrySettings(bool HasPage = false, OutputFormat Log = OutputFormat.Text)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Read once: the exporters read the same variables, and more of their kind.</summary>
    public bool SendsMetrics { get; init; } = IsSent("METRICS");

    public bool SendsTraces { get; init; } = IsSent("TRACES");

    public bool SendsLogs { get; init; } = IsSent("LOGS");

    public bool IsExported => HasPage || SendsMetrics || SendsTraces || SendsLogs;

    /// <exception cref="InputException">
    /// The collector's address is none: the exporters would send to the usual one without a word.
    /// </exception>
    public TelemetrySettings Validated() =>
        Environment.GetEnvironmentVariable(Endpoint) is { Length: > 0 } address
        && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            ? throw new InputException($"{Endpoint} is no address of a collector, such as http://127.0.0.1:4318.")
            : this;

    /// <summary>
    /// True where a collector is named; <c>OTEL_SDK_DISABLED</c> and <c>OTEL_METRICS_EXPORTER=none</c> switch it off,
    /// as OpenTelemetry has it.
    /// </summary>
    private static bool IsSent(string kind) =>
        !string.Equals(
            Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        && Environment.GetEnvironmentVariable($"OTEL_{kind}_EXPORTER") is null or "" or "otlp"
        && Environment.GetEnvironmentVariable(Endpoint) is { Length: > 0 };
}
