using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using Amoe.Bench.Peers;

namespace Amoe.Bench.Http;

/// <summary>True where an answer is the right one to a call about a student or person.</summary>
internal delegate bool AnswerCheck(ReadOnlySpan<byte> answer, long about);

/// <summary>
/// One connection of the load: a call, its whole answer, the next call. A client of the framework would take as much
/// processor time for a call as the host does.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private readonly byte[] _answer = new byte[16 * 1_024];

    public ValueTask OpenAsync(IPEndPoint server, CancellationToken stop) => _socket.ConnectAsync(server, stop);

    /// <summary>Sends a call about a student or person, and reads all of its answer.</summary>
    /// <exception cref="PeerException">The answer is not the right one.</exception>
    public async ValueTask CallAsync(byte[] call, long about, AnswerCheck isRight, CancellationToken stop)
    {
        await _socket.SendAsync(call, stop);
        var filled = 0;
        do
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(filled), stop);
            if (read == 0)
                throw new PeerException("the server closed a connection");
            filled += read;
        }
        while (!IsWhole(_answer.AsSpan(0, filled)));
        Require(_answer.AsSpan(0, filled), about, isRight);
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var headers = answer[..end];
        var length = headers.IndexOf("Content-Length: "u8);
        if (length < 0)
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        return Utf8Parser.TryParse(headers[(length + 16)..], out int bytes, out _) && answer.Length == end + 4 + bytes;
    }

    private static void Require(ReadOnlySpan<byte> answer, long about, AnswerCheck isRight)
    {
        if (!answer.StartsWith("HTTP/1.1 200 "u8) || !isRight(answer, about))
            throw new PeerException($"{about} was answered {System.Text.Encoding.UTF8.GetString(answer)}");
    }
}
