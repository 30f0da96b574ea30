using Amoe.Engine.Actors;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Tests.Actors;

/// <summary>The last frames that a partition keeps in memory.</summary>
public sealed class RecentFramesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void As_many_of_the_last_frames_are_kept_as_the_limit_holds(int bytesMax)
    {
        var recent = new RecentFrames(bytesMax);
        var frames = new List<Frame>();
        for (var number = 7; number < 300; number++)
        {
            // From one byte to a hundred.
            frames.Add(FrameOf(number, length: 1 + (number * 37 % 100)));
            recent.Add(frames[^1]);
            var (kept, bytes) = (frames.Count, 0);
            while (kept > 0 && (bytes += LengthOf(frames[kept - 1])) <= bytesMax)
                kept--;
            Assert.All(frames.Take(kept), frame => Assert.Null(recent.Find(frame.SequenceNumber)));
            Assert.All(frames.Skip(kept), frame => Assert.Same(frame, recent.Find(frame.SequenceNumber)));
            Assert.Null(recent.Find(number + 1));
        }
    }

    [Fact]
    public void A_frame_that_does_not_follow_is_refused()
    {
        var recent = new RecentFrames(1_000);
        recent.Add(FrameOf(3, 10));
        Assert.Throws<InvalidOperationException>(() => recent.Add(FrameOf(5, 10)));
    }

    private static Frame FrameOf(long number, int length) =>
        new(0, number, number * 10, 1, 1, [new FrameSegment(0, 1, new byte[length])]);

    private static int LengthOf(Frame frame) => frame.Segments[0].Payload.Length;
}
