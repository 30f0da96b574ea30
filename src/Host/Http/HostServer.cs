using System.Net;
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
    private const int ConnectionsMax = 1_024;
    private const int RequestBytesMax = 64 << 10;

    /// <summary>Streams end with what they have read, which takes as long as it takes to become durable.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly WebApplication _application;

    private HostServer(WebApplication application, IPEndPoint endPoint) => (_application, EndPoint) = (application, endPoint);

    /// <summary>Where it listens, with the port that was found where any was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    /// <param name="pages">Answers what no endpoint takes.</param>
    /// <param name="services">What its endpoints need; none where there are only pages.</param>
    /// <param name="map">Adds its endpoints.</param>
    /// <param name="certificate">Of HTTPS; null where it speaks HTTP.</param>
    /// <exception cref="InputException">The address cannot be listened on.</exception>
    public static async Task<HostServer> StartAsync(
        IPEndPoint endPoint, RequestDelegate pages, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.Services.AddRoutingCore();
        services?.Invoke(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.MaxRequestBodySize = RequestBytesMax;
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
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await application.DisposeAsync();
            throw new InputException($"{endPoint}: this address cannot be listened on ({(e.InnerException ?? e).Message.TrimEnd('.')}). Name another.");
        }

        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new HostServer(application, new IPEndPoint(endPoint.Address, new Uri(address).Port));
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
