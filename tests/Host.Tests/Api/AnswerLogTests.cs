using System.Text;
using Amoe.Host.Api.Streams;

namespace Amoe.Host.Tests.Api;

/// <summary>The answers of a stream, kept in a file.</summary>
public sealed class AnswerLogTests : IDisposable
{
    private const int Lines = 5_000;

    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_024)]
    [InlineData(1_025)]
    [InlineData(1_026)]
    [InlineData(4_999)]
    [InlineData(5_000)]
    [InlineData(5_001)]
    [InlineData(1_000_000)]
    public async Task They_are_read_from_any_line_on(long from)
    {
        using var log = Filled();
        log.End();
        var read = await ReadAsync(log, from);
        Assert.Equal(Enumerable.Range(1, Lines).Skip((int)Math.Min(from - 1, Lines)).Select(line => $"answer {line}"), read);
    }

    [Fact]
    public async Task A_reader_gets_what_comes_later_and_ends_with_the_stream()
    {
        using var log = new AnswerLog(_folder.File("answers"));
        var output = new MemoryStream();
        var reading = log.CopyAsync(1, output, CancellationToken.None);
        log.Append("one\n"u8);
        log.Append("two\nthree\n"u8);
        Assert.Equal(3, log.Lines);
        Assert.False(reading.IsCompleted);
        log.End();
        await reading;
        Assert.Equal("one\ntwo\nthree\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task The_file_goes_with_the_last_of_its_users()
    {
        var log = Filled();
        log.End();
        Assert.True(log.TryUse());
        log.Dispose();
        Assert.Equal(Lines, (await ReadAsync(log, 1)).Length);
        log.Dispose();
        Assert.False(File.Exists(log.Path));
        Assert.False(log.TryUse());
    }

    public void Dispose() => _folder.Dispose();

    private AnswerLog Filled()
    {
        var log = new AnswerLog(_folder.File("answers"));
        for (var line = 1; line <= Lines; line++)
            log.Append(Encoding.UTF8.GetBytes($"answer {line}\n"));
        return log;
    }

    private static async Task<string[]> ReadAsync(AnswerLog log, long from)
    {
        var output = new MemoryStream();
        await log.CopyAsync(from, output, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
