using System.Text;
using Amoe.Host.Api.Streams;

namespace Amoe.Host.Tests.Api;

/// <summary>The streams of a process, and how long their answers are kept.</summary>
public sealed class StreamStoreTests
{
    [Fact]
    public void Only_so_many_streams_run_at_once_and_one_that_ends_makes_room()
    {
        using var store = new StreamStore(TimeProvider.System);
        KeptStream[] running = [.. Enumerable.Range(0, StreamStore.RunningMax).Select(number => store.TryBegin($"key {number / StreamStore.RunningOfOneMax}")!)];
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
        using var store = new StreamStore(TimeProvider.System);
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
        using var store = new StreamStore(TimeProvider.System);
        KeptStream[] streams = [.. Enumerable.Range(0, 3).Select(_ => store.TryBegin("key")!)];
        store.End(streams[0]);
        store.GiveUp(streams[1]);
        Assert.Equal([null, null, streams[2].Answers], streams.Select(stream => store.Find(stream.Id, "key")));
        foreach (var stream in streams.Append(streams[2]))
            stream.Answers.Dispose();
        Assert.False(streams[0].Answers.TryUse());
        Assert.False(streams[1].Answers.TryUse());
    }
}
