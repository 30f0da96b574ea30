using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;

namespace Amoe.Engine.Tests.Journal;

/// <summary>What a process appended last, kept so that it need not be read over the network.</summary>
public sealed class RecentSegmentsTests
{
    private const int Shards = 2;
    private const int Length = 100;
    private readonly RecentSegments _recent = new(Shards, bytesMax: 10 * Length);

    [Fact]
    public void Any_record_leads_to_the_segment_that_holds_it()
    {
        Append(0, 0, segments: 3);
        Assert.Equal([0L, 0, 0, 3, 3, 3, 6, 6, 6], Enumerable.Range(0, 9).Select(offset => Find(0, offset)));
        Assert.Null(Find(0, 9));
        Assert.Null(Find(1, 0));
    }

    [Fact]
    public void More_than_fits_makes_the_oldest_go_whoevers_they_are()
    {
        Append(0, 0, segments: 2);
        Append(1, 0, segments: 9);
        Assert.Null(Find(0, 2));
        Assert.Equal(3, Find(0, 3));
        Assert.Equal(0, Find(1, 0));
        Append(1, 27, segments: 100);
        Assert.Null(Find(0, 3));
        Assert.Null(Find(1, 296));
        Assert.Equal(297, Find(1, 297));
        Assert.Equal(324, Find(1, 326));
    }

    [Fact]
    public void After_a_gap_only_what_follows_it_is_here()
    {
        Append(0, 0, segments: 2);
        Append(0, 9, segments: 1);
        Assert.Null(Find(0, 0));
        Assert.Null(Find(0, 6));
        Assert.Equal(9, Find(0, 10));
    }

    [Fact]
    public void What_was_forgotten_is_not_here_and_takes_no_room()
    {
        Append(0, 0, segments: 5);
        Append(1, 0, segments: 5);
        _recent.Forget([Some.Segment(0, 15)]);
        Assert.Null(Find(0, 0));
        Append(1, 15, segments: 5);
        Assert.Equal(0, Find(1, 0));
    }

    [Fact]
    public void The_callers_buffer_may_be_used_again()
    {
        var buffer = new byte[Length];
        buffer[0] = 7;
        _recent.Add([Segment.Seal(0, 0, 1, 3, buffer)]);
        buffer[0] = 8;
        Assert.True(_recent.TryFind(0, 0, out var found));
        Assert.True(found.IsIntact);
    }

    private void Append(int shard, long offset, int segments)
    {
        for (var i = 0; i < segments; i++)
            _recent.Add([Some.Segment(shard, offset + (3 * i), length: Length)]);
    }

    private long? Find(int shard, long offset) => _recent.TryFind(shard, offset, out var found) ? found.Offset : null;
}
