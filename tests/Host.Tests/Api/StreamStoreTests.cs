using System.Text;
using Amoe.Host.Api.Streams;

namespace Amoe.Host.Tests.Api;

/// <summary>The streams of a process, and how long their answers are kept.</summary>
public sealed class StreamStoreTests
{
    [Fact]
    public void Only_so_many_streams_run_at_once_and_one_that_ends_makes_room()
    {
        using var store = new StreamStore(TimeProvider.System, long.MaxValue);
        KeptStream[] running = [.. Enumerable.Range(0, StreamStore.RunningMax)
            .Select(number => store.TryBegin($"key {number / StreamStore.RunningOfOneMax}")!)];
        Assert.All(running, Assert.NotNull);
        Assert.Null(store.TryBegin("another key"));
        store.End(running[0]);
        var next = store.TryBegin("another key");
        Assert.NotNull(next);
        foreach (var stream in running.Append(next))
            stream.Answers.Dispose();
    }

    [Fact]
    public async Task Answers_are_given_up_for_later_streams_but_not_under_a_sender_that_still_reads()
    {
        using var store = new StreamStore(TimeProvider.System, long.MaxValue);
        var first = store.TryBegin("key")!;
        first.Answers.Append("one\n"u8);
        store.End(first);
        using (var found = store.Find(first.Id, "key"))
            Assert.NotNull(found);
        for (var later = 0; later < StreamStore.KeptMax; later++)
        {
            var stream = store.TryBegin("key")!;
            store.End(stream);
            stream.Answers.Dispose();
        }

        Assert.Null(store.Find(first.Id, "key"));
        var output = new MemoryStream();
        await first.Answers.CopyAsync(1, output, CancellationToken.None);
        Assert.Equal("one\n", Encoding.UTF8.GetString(output.ToArray()));
        first.Answers.Dispose();
        Assert.False(first.Answers.TryUse());
    }

    [Fact]
    public void A_stream_whose_answers_cannot_be_kept_makes_room_for_others()
    {
        using var store = new StreamStore(TimeProvider.System, long.MaxValue);
        KeptStream[] streams = [.. Enumerable.Range(0, 3).Select(_ => store.TryBegin("key")!)];
        store.End(streams[0]);
        store.GiveUp(streams[1]);
        Assert.Equal([null, null, streams[2].Answers], streams.Select(stream => store.Find(stream.Id, "key")));
        foreach (var stream in streams.Append(streams[2]))
            stream.Answers.Dispose();
        Assert.False(streams[0].Answers.TryUse());
        Assert.False(streams[1].Answers.TryUse());
    }

    [Fact]
    public void Answers_have_a_limit_that_counts_streams_which_run_and_half_of_it_is_for_one_caller()
    {
        using var store = new StreamStore(TimeProvider.System, bytesMax: 100);
        var ended = Begin("a", 40);
        store.End(ended);
        ended.Answers.Dispose();

        // Those that have ended make room.
        var running = Begin("a", 30);
        Assert.Null(store.Find(ended.Id, "a"));
        Assert.Throws<AnswersAtLimitException>(() => running.Answers.Append(Line(21)));
        running.Answers.AppendLast("last\n"u8);
        Assert.Equal(2, running.Answers.Lines);

        // Others have the other half.
        var (second, third) = (Begin("b", 50), Begin("c", 20));
        Assert.Throws<AnswersAtLimitException>(() => third.Answers.Append(Line(1)));
        Assert.Throws<AnswersAtLimitException>(() => store.TryBegin("d"));

        // One that is being read makes no room, and what was written stays readable.
        store.End(running);
        Assert.Throws<AnswersAtLimitException>(() => store.TryBegin("d"));
        store.Find(running.Id, "a")!.Dispose();
        running.Answers.Dispose();
        Begin("d", 30).Answers.Dispose();
        Assert.Null(store.Find(running.Id, "a"));
        second.Answers.Dispose();
        third.Answers.Dispose();

        KeptStream Begin(string owner, int bytes)
        {
            var stream = store.TryBegin(owner)!;
            stream.Answers.Append(Line(bytes));
            return stream;
        }

        static byte[] Line(int bytes) => Encoding.ASCII.GetBytes(new string('a', bytes - 1) + "\n");
    }
}
