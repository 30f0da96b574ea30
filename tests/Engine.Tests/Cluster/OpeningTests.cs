using System.Diagnostics;
using Amoe.Engine.Actors;
using Amoe.Engine.Bytes;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>What comes to a host for a shard in the very moment in which it opens there: two threads, for one under a seed has no such moment.</summary>
public sealed class OpeningTests
{
    private const int Party = 1;
    private const int Openings = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>On a machine that does other things meanwhile fewer openings must do: each waits for threads several times.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A mark was let through because its shard was not here, to come back as moved; the shard opened at that moment and took it, and its day began without the
    /// post of other hosts. Counted in chaos runs: one such mark in some five minutes. Each may end in another digest than the same days have undisturbed.
    /// </summary>
    [Fact]
    public async Task A_day_marked_while_its_shard_opens_waits_for_the_post_of_other_hosts()
    {
        using var journal = new MemoryJournal(new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, Rulebook.EmbeddedText, "tests", 0, 0, PartyShardCount: 1));
        await using var runtime = AmoeRuntime.StartEmpty(
            journal, null, new AmoeLogic(Rulebook.Embedded), new EngineOptions { Threads = 1 }, TimeProvider.System, new ThreadDispatcher("decide", 1), new ThreadDispatcher("commit", 1));
        using var others = new ThreadDispatcher("forward", 1);
        using var forwarder = new Forwarder(runtime, 1, new ForwardOptions(), TimeProvider.System, others, others);

        using var patience = new CancellationTokenSource(Patience);
        using var opened = new CancellationTokenSource();
        await OpenAndClose(runtime).WaitAsync(patience.Token);
        var head = journal.Head(Party);
        var marking = Task.Run(() => MarkUntil(forwarder, opened.Token), patience.Token);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Openings && watch.Elapsed < Enough; i++)
            await OpenAndClose(runtime).WaitAsync(patience.Token);
        await opened.CancelAsync();
        await marking.WaitAsync(patience.Token);

        // The student shard is nobody's, so its postings never come.
        Assert.Equal(head, journal.Head(Party));
    }

    /// <summary>Long enough to decide what came at once: the mark of the day before is behind it, and does nothing but the first time.</summary>
    private static async Task OpenAndClose(AmoeRuntime runtime)
    {
        runtime.Open(ShardEpoch.OfEmbedded(2)[Party]);
        var answer = new Answered();
        Assert.True(runtime.TryPostDay(Party, CommandKind.OpenDay, Traffic.Day.AddDays(-1), answer));
        await answer.Task;
        runtime.Close(Party);
    }

    /// <summary>Another host sends the same mark again and again, as it does where it comes back as moved.</summary>
    private static void MarkUntil(Forwarder forwarder, CancellationToken opened)
    {
        var link = new Nowhere(isHost: true);
        for (var session = 1ul; !opened.IsCancellationRequested; session++)
        {
            var w = new ByteWriter();
            Frames.Begin(w, FrameType.Items);
            w.UInt64(7);
            w.Byte((byte)FramePart.Items);
            w.Varint(Party);
            w.Varint(session);
            w.Varint(0);
            Frames.WriteItem(w, Envelope.OfDay(CommandKind.OpenDay, Traffic.Day, NoReply.Instance), 1_000);
            w.Byte(0);
            forwarder.OnFrame(link, w.Written.ToArray());
        }
    }

    private sealed class Answered : TaskCompletionSource, IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) => SetResult();
    }
}
