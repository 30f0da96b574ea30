using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Amoe.Host.Http;

/// <summary>Kestrel on one address, with nothing configured from outside.</summary>
internal sealed class HostServer : IAsyncDisposable
{
    /// <summary>Connections at once: a further one is closed at once.</summary>
    public const int ConnectionsMax = 1_024;

    /// <summary>Bytes of a body that is no stream.</summary>
    public const int RequestBytesMax = 64 << 10;

    /// <summary>Bytes of a request's first line: the longest path of a call has some 100.</summary>
    public const int RequestLineBytesMax = 4 << 10;

    /// <summary>Headers of a request.</summary>
    public const int HeadersMax = 50;

    /// <summary>Bytes of all headers together: the largest is a token of some kilobytes.</summary>
    public const int HeadersBytesMax = 16 << 10;

    /// <summary>
    /// Bytes of a body that wait to be read, and of an answer that wait to be sent: then the sender waits.
    /// </summary>
    private const int BufferedBytesMax = 256 << 10;

    /// <summary>Streams end with what they have read, which takes as long as it takes to become durable.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly WebApplication _application;

    private HostServer(WebApplication application, IPEndPoint endPoint) =>
        (_application, EndPoint) = (application, endPoint);

    /// <summary>Where it listens, with the port that was found where any was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>
    /// Fails where an address cannot be listened on now, for a caller that has something to begin before it listens.
    /// </summary>
    /// <param name="option">The option that names another.</param>
    /// <exception cref="InputException">The address is in use, not this machine's, or not allowed.</exception>
    public static void Check(IPEndPoint endPoint, string option = "--http")
    {
        try
        {
            using var listener = new TcpListener(endPoint);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw CannotListen(endPoint, e, option);
        }
    }

    /// <param name="pages">Answers what no endpoint takes.</param>
    /// <param name="services">What its endpoints need; none where there are only pages.</param>
    /// <param name="map">Adds its endpoints.</param>
    /// <param name="certificate">Of HTTPS; null where it speaks HTTP.</param>
    /// <param name="pace">The time that callers have; null for the usual one.</param>
    /// <exception cref="InputException">The address cannot be listened on.</exception>
    public static async Task<HostServer> StartAsync(
        IPEndPoint endPoint, RequestDelegate pages, Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null, X509Certificate2? certificate = null, HostPace? pace = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.Services.AddRoutingCore();
        services?.Invoke(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Limit(kestrel.Limits, pace ?? new HostPace());
            kestrel.Listen(endPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
        });
        var application = builder.Build();
        application.UseRouting();
        map?.Invoke(application);
        foreach (var probe in (string[])[HostPages.Live, HostPages.Ready])
            application.MapMethods(probe, [HttpMethods.Get, HttpMethods.Head], pages).AllowAnonymous();

        // Where no other endpoint is at its address: one of an API that asks for a key is before it.
        application.MapGet(HostPages.State, pages).WithOrder(1).AllowAnonymous();

        // Behind the endpoints, and none itself: routing answers 405 only where no endpoint takes every method.
        application.UseEndpoints(_ => { });
        application.Run(pages);
        try
        {
            await application.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw CannotListen(endPoint, e.InnerException ?? e);
        }

        var address = application.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses
            .First();
        return new HostServer(application, new IPEndPoint(endPoint.Address, new Uri(address).Port));
    }

    /// <summary>The failure of an address that cannot be listened on, in one line.</summary>
    public static InputException CannotListen(IPEndPoint endPoint, Exception e, string option = "--http") =>
        new($"{endPoint}: this address cannot be listened on ({e.Message.TrimEnd('.')}). Name another with {option}.");

    private static void Limit(KestrelServerLimits limits, HostPace pace)
    {
        limits.MaxConcurrentConnections = ConnectionsMax;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = RequestBytesMax;
        limits.MaxRequestLineSize = RequestLineBytesMax;
        limits.MaxRequestHeaderCount = HeadersMax;
        limits.MaxRequestHeadersTotalSize = HeadersBytesMax;
        limits.MaxRequestBufferSize = BufferedBytesMax;
        limits.MaxResponseBufferSize = BufferedBytesMax;
        limits.RequestHeadersTimeout = pace.Headers;
        limits.KeepAliveTimeout = pace.Idle;
        limits.MinRequestBodyDataRate = new MinDataRate(pace.BytesPerSecondMin, pace.Grace);
        limits.MinResponseDataRate = new MinDataRate(pace.BytesPerSecondMin, pace.Grace);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
