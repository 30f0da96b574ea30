using System.IO.Pipelines;
using System.Text;
using Amoe.Host.Api.Streams;

namespace Amoe.Host.Tests.Api;

/// <summary>A body is cut into lines, however it arrives.</summary>
public sealed class LineReaderTests
{
    private const int Most = 8;
    private const string TooLong = "(too long)";

    [Theory]
    [InlineData("")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\nbc", "a", "bc")]
    [InlineData("a\r\nbc\r\n", "a", "bc")]
    [InlineData("\n\na", "", "", "a")]
    [InlineData("12345678\nb", "12345678", "b")]
    [InlineData("12345678\r\nb", "12345678", "b")]
    [InlineData("123456789\nb", TooLong, "b")]
    [InlineData("a\n12345678901234567890123\nb\n", "a", TooLong, "b")]
    [InlineData("a\n12345678901234567890123", "a", TooLong)]
    [InlineData("12345678901234567\n12345678901234567\n\nc", TooLong, TooLong, "", "c")]
    public async Task A_line_is_the_same_in_pieces_of_any_size(string body, params string[] lines)
    {
        for (var piece = 1; piece <= body.Length + 1; piece++)
            Assert.Equal(lines, await ReadAsync(body, piece));
    }

    private static async Task<List<string>> ReadAsync(string body, int piece)
    {
        var pipe = new Pipe();
        var reader = new LineReader(pipe.Reader, Most, _ => { });
        var lines = new List<string>();
        var writing = WriteAsync(pipe.Writer, Encoding.ASCII.GetBytes(body), piece);
        while (await reader.ReadAsync(CancellationToken.None))
            Take(reader, lines);
        await writing;
        return lines;
    }

    private static void Take(LineReader reader, List<string> lines)
    {
        while (reader.TryTake(out var line, out var isTooLong))
            lines.Add(isTooLong ? TooLong : Encoding.ASCII.GetString(line));
    }

    private static async Task WriteAsync(PipeWriter writer, byte[] bytes, int piece)
    {
        for (var at = 0; at < bytes.Length; at += piece)
            await writer.WriteAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));
        await writer.CompleteAsync();
    }
}
