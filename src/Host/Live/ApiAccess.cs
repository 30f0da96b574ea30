using System.Net;
using System.Security.Cryptography.X509Certificates;
using Amoe.Host.Access;
using Amoe.Host.Telemetry;

namespace Amoe.Host.Live;

/// <summary>The settings of a host's API.</summary>
/// <param name="Keys">The file of its callers' keys; null for one key that it makes, and that may make every
/// call.</param>
/// <param name="Settings">What is configured.</param>
/// <param name="CatchesUp">True where more than a year of days may be caught up.</param>
/// <param name="IsClockOfStreams">True where streams say which day it is: for tests.</param>
internal sealed record ApiRequest(string? Keys, LiveSettings Settings, bool CatchesUp, bool IsClockOfStreams)
{
    /// <summary>True where it takes opening balances and nothing else, and opens no business day.</summary>
    public bool IsOpening { get; init; }

    /// <summary>True where business days open by the calendar.</summary>
    public bool OpensDays => !IsClockOfStreams && !IsOpening;

    /// <summary>Beyond this machine keys would cross the network as they are: HTTPS alone is offered there.</summary>
    /// <exception cref="UsageException">Other machines can reach the address, and there is no certificate.</exception>
    public void RequireReachable(IPEndPoint http)
    {
        if (!IPAddress.IsLoopback(http.Address) && Settings.Certificate is null)
            throw new UsageException(
                $"--http {http} can be reached from other machines, and keys would cross the network unencrypted: set Https:Certificate (docs/api.md), or name a loopback address.");
    }
}

/// <summary>
/// Who may call a host, and over which kind of connection. It is opened first: where that fails no journal is begun.
/// </summary>
internal sealed class ApiAccess : IDisposable
{
    private ApiAccess(ApiRequest request, ApiKeys keys, string? developmentKey, X509Certificate2? certificate) =>
        (Request, Keys, DevelopmentKey, Certificate) = (request, keys, developmentKey, certificate);

    public ApiRequest Request { get; }

    public ApiKeys Keys { get; }

    /// <summary>The key that it made; null where it has a file of keys.</summary>
    public string? DevelopmentKey { get; }

    /// <summary>Of HTTPS; null where the host speaks HTTP.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>How its addresses begin.</summary>
    public string Scheme => Certificate is null ? "http" : "https";

    /// <exception cref="InputException">
    /// The file of keys, the certificate or the key of tokens cannot be used.
    /// </exception>
    public static ApiAccess Open(ApiRequest request, HostTelemetry telemetry)
    {
        var certificate = request.Settings.LoadCertificate(telemetry.Time);
        try
        {
            request.Settings.Access.Jwt?.RequireSigningKey();
            string? development = null;
            var keys = request.Keys is { } file
                ? ApiKeys.Open(file, telemetry.Time, telemetry.Warnings(typeof(ApiKeys).FullName!))
                : ApiKeys.OfDevelopment(telemetry.Time, out development);
            return new ApiAccess(request, keys, development, certificate);
        }
        catch
        {
            certificate?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Keys.Dispose();
        Certificate?.Dispose();
    }
}
