using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Amoe.Host.Tests.Api;

/// <summary>
/// A sender on a socket of its own, which reads when a test says so. Where it sends a stream it speaks HTTP/1.0, so the
/// answer comes as it is and ends with the connection.
/// </summary>
internal sealed class RawSender : IDisposable
{
    private const int BytesOfFewAnswers = 4_096;

    /// <summary>
    /// Of each step: a connection may be left for as long as a test attacks others. A source that is not disposed of is
    /// kept by its timer, and was forty megabytes of a host's attackers.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TcpClient _client = new();
    private readonly StringBuilder _read = new();
    private readonly string _head;

    // The client gives none of a connection that the host has closed, and what came before can still be read.
    private NetworkStream _stream = null!;

    private RawSender(string head) => _head = head;

    /// <summary>A sender of a stream whose socket holds few answers: the host has to.</summary>
    /// <param name="kind">The stream's.</param>
    public static Task<RawSender> ConnectAsync(LiveApi api, string kind) =>
        ConnectAsync(api.Port, Head($"{api.Client.DefaultRequestHeaders.Authorization}", kind), BytesOfFewAnswers);

    /// <summary>A sender of whatever bytes a test makes.</summary>
    public static Task<RawSender> ConnectAsync(int port) => ConnectAsync(port, "");

    /// <summary>A sender of a stream to a host in another process.</summary>
    /// <param name="key">The caller's.</param>
    public static Task<RawSender> ConnectAsync(int port, string key, string kind) =>
        ConnectAsync(port, Head($"Bearer {key}", kind));

    /// <param name="bytes">How long it says that the body is.</param>
    public Task BeginAsync(int bytes) => SendAsync($"{_head}Content-Length: {bytes}\r\n\r\n");

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var soon = new CancellationTokenSource(Patience);
        await _stream.WriteAsync(bytes, soon.Token);
    }

    /// <summary>Says that nothing more will be sent, and goes on reading.</summary>
    public void EndSending()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The host has reset the connection: nothing more can be sent.
        }
    }

    /// <summary>Reads until the answer holds a text, and returns what came so far.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        // What was looked at before is not looked at again: an answer has megabytes.
        for (var looked = 0; !_read.ToString(looked, _read.Length - looked).Contains(text, StringComparison.Ordinal);)
        {
            looked = Math.Max(0, _read.Length - text.Length);
            Assert.True(await ReadAsync(), $"the answer ended without «{text}»: {_read}");
        }

        return _read.ToString();
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

    /// <summary>All of the answer, until the connection ends: closed, reset, or with its host.</summary>
    public async Task<string> ReadToBreakAsync()
    {
        try
        {
            return await ReadToEndAsync();
        }
        catch (IOException)
        {
            return _read.ToString();
        }
    }

    /// <summary>Sends what is expected to be cut off: a host that had enough of it closes the connection.</summary>
    public async Task SendToBreakAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
        }
        catch (IOException)
        {
            // It has answered, or its process was killed: what it wrote before can be read.
        }
    }

    public void Dispose()
    {
        _client.Dispose();
    }

    private static string Head(string authorization, string kind) =>
        $"POST /v1/streams/{kind} HTTP/1.0\r\nAuthorization: {authorization}\r\n";

    private static async Task<RawSender> ConnectAsync(int port, string head, int? bufferBytes = null)
    {
        var sender = new RawSender(head);
        if (bufferBytes is { } bytes)
            (sender._client.ReceiveBufferSize, sender._client.SendBufferSize) = (bytes, bytes);
        await sender._client.ConnectAsync(IPAddress.Loopback, port);
        sender._stream = sender._client.GetStream();
        return sender;
    }

    private async Task<bool> ReadAsync()
    {
        using var soon = new CancellationTokenSource(Patience);
        var buffer = new byte[64 << 10];
        var length = await _stream.ReadAsync(buffer, soon.Token);
        _read.Append(Encoding.UTF8.GetString(buffer, 0, length));
        return length > 0;
    }
}
