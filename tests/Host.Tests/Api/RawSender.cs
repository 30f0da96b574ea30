using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Amoe.Host.Tests.Api;

/// <summary>
/// A sender of a stream on a socket of its own, which reads when a test says so. It speaks HTTP/1.0, so the answer comes
/// as it is and ends with the connection.
/// </summary>
internal sealed class RawSender : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TcpClient _client = new() { ReceiveBufferSize = 4_096, SendBufferSize = 4_096 };
    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly StringBuilder _read = new();
    private readonly string _head;

    private RawSender(string head) => _head = head;

    /// <param name="kind">The stream's.</param>
    public static async Task<RawSender> ConnectAsync(LiveApi api, string kind)
    {
        var sender = new RawSender($"POST /v1/streams/{kind} HTTP/1.0\r\nAuthorization: {api.Client.DefaultRequestHeaders.Authorization}\r\n");
        await sender._client.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port);
        return sender;
    }

    /// <param name="bytes">How long it says that the body is.</param>
    public Task BeginAsync(int bytes) => SendAsync($"{_head}Content-Length: {bytes}\r\n\r\n");

    public async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), _patience.Token);

    /// <summary>Reads until the answer holds a text.</summary>
    public async Task ReadUntilAsync(string text)
    {
        while (!_read.ToString().Contains(text, StringComparison.Ordinal))
            Assert.True(await ReadAsync(), $"the answer ended without «{text}»: {_read}");
    }

    /// <summary>All of the answer, until the host closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadAsync())
        {
            // There is more.
        }

        return _read.ToString();
    }

    public void Dispose()
    {
        _client.Dispose();
        _patience.Dispose();
    }

    private async Task<bool> ReadAsync()
    {
        var buffer = new byte[64 << 10];
        var length = await _client.GetStream().ReadAsync(buffer, _patience.Token);
        _read.Append(Encoding.UTF8.GetString(buffer, 0, length));
        return length > 0;
    }
}
