using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
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
    public const string PeerPath = "/v1/peer";

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _application;

    private HostServer(WebApplication application, IPEndPoint endPoint) => (_application, EndPoint) = (application, endPoint);

    /// <summary>Where it listens, with the port that was found where any was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    /// <exception cref="InputException">The address cannot be listened on.</exception>
    public static async Task<HostServer> StartAsync(IPEndPoint endPoint, LinkOptions options, RequestDelegate serve)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.Services.AddSingleton<IConnectionListenerFactory, BothVersions>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 2 * options.IncomingMax;
            kestrel.Limits.Http2.KeepAlivePingDelay = options.PingAfter;
            kestrel.Limits.Http2.KeepAlivePingTimeout = options.PingTimeout;

            // A link is a request without an end that may be silent for long.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(new VersionEndPoint(endPoint, isSecond: true), listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(new VersionEndPoint(endPoint, isSecond: false), listen => listen.Protocols = HttpProtocols.Http1);
        });
        var application = builder.Build();
        application.Run(serve);
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
