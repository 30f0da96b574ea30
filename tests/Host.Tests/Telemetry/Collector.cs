using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Amoe.Host.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Amoe.Host.Tests.Telemetry;

/// <summary>Takes what hosts send by OTLP over HTTP, as a collector does, and keeps it.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private HostServer _server = null!;

    public string Address => $"http://{_server.EndPoint}";

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        collector._server = await HostServer.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), collector.TakeAsync);
        return collector;
    }

    /// <summary>True where what came to a path holds these bytes in one piece.</summary>
    public bool Has(string path, ReadOnlySpan<byte> bytes)
    {
        foreach (var (to, body) in _received)
        {
            if (to == path && body.AsSpan().IndexOf(bytes) >= 0)
                return true;
        }

        return false;
    }

    public bool Has(string path, string text) => Has(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Everything that came.</summary>
    public IEnumerable<byte[]> Bodies => _received.Select(received => received.Body);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue((context.Request.Path.Value!, body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }
}
