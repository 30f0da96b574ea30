using System.IO.Pipelines;
using System.Text;
using Amoe.Engine.Tests;
using Amoe.Host.Api.Streams;

namespace Amoe.Host.Tests.Api;

/// <summary>The answers of a stream, kept in a file.</summary>
public sealed class AnswerLogTests : IDisposable
{
    private const int Lines = 5_000;

    private readonly VirtualTime _time = new();
    private readonly TestFolder _folder = new();

    private string Folder => Path.GetDirectoryName(_folder.File("any"))!;

    [Fact]
    public void No_file_lies_in_their_folder_which_a_killed_process_would_leave()
    {
        using var log = Filled();
        Assert.True(log.Bytes > 0);
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public void Where_there_is_no_room_for_them_the_folder_is_named()
    {
        var refused = Assert.Throws<AnswersNotKeptException>(() => new AnswerLog(_folder.File("gone"), _time));
        Assert.StartsWith(
            $"the answers of a stream cannot be kept in {_folder.File("gone")}: ", refused.Message,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "Make room there, or name another folder in TMPDIR.", refused.Message, StringComparison.Ordinal);
    }

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
        Assert.Equal(
            Enumerable.Range(1, Lines).Skip((int)Math.Min(from - 1, Lines)).Select(line => $"answer {line}"), read);
    }

    [Fact]
    public async Task A_reader_gets_what_comes_later_and_ends_with_the_stream()
    {
        using var log = new AnswerLog(Folder, _time);
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
    public async Task A_line_that_has_not_come_is_waited_for_and_those_before_it_are_left_out()
    {
        using var log = new AnswerLog(Folder, _time);
        log.Append("one\n"u8);
        var reading = ReadAsync(log, 3);
        log.Append("two\nthree\nfour\n"u8);
        log.End();
        Assert.Equal(["three", "four"], await reading);
    }

    [Fact]
    public async Task They_are_there_until_the_last_of_their_users_has_read_them()
    {
        var log = Filled();
        log.End();
        Assert.True(log.TryUse());
        log.Dispose();
        Assert.Equal(Lines, (await ReadAsync(log, 1)).Length);
        log.Dispose();
        Assert.False(log.TryUse());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(log, 1));
    }

    [Fact]
    public async Task A_reader_of_an_ended_stream_that_takes_nothing_is_given_up_and_one_of_a_running_stream_is_not()
    {
        using var log = Filled();
        var unread = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var reading = log.CopyAsync(1, unread.Writer.AsStream(), CancellationToken.None);
        _time.Advance(AnswerLog.StallMax * 3);
        Assert.False(reading.IsCompleted);
        log.End();
        _time.Advance(AnswerLog.StallMax);
        await PassAsync(reading);
        await Assert.ThrowsAsync<TimeoutException>(() => reading);
    }

    /// <summary>A wait that ends begins anew on another thread, maybe after the time went on.</summary>
    private async Task PassAsync(Task until)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (!until.IsCompleted)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromMinutes(1), "it did not come about");
            _time.RunNext();
            await Task.Yield();
        }
    }

    public void Dispose() => _folder.Dispose();

    private AnswerLog Filled()
    {
        var log = new AnswerLog(Folder, _time);
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
