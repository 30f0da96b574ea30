using Amoe.Engine.Journal;
using static Amoe.Engine.Journal.SegmentPlaces;

namespace Amoe.Engine.Tests.Journal;

/// <summary>Where segments lie is learnt by readers and writers at once, and nothing known is forgotten.</summary>
public sealed class SegmentPlacesTests
{
    private static Segment SegmentAt(long offset) => new(0, offset, 0, 1, 0, default);

    [Fact]
    public void A_reader_that_began_before_an_append_does_not_make_the_log_forget_it()
    {
        // The reader saw the log end at 2; the writer appended 2 before the reader told what it had learnt, and appends 3 after.
        var places = new SegmentPlaces(shardCount: 1);
        places.Learn(0, [new Place(1, 11)], end: 2);
        places.Append(SegmentAt(2), 12);
        places.Learn(0, [new Place(0, 10), new Place(1, 11)], end: 2);
        places.Append(SegmentAt(3), 13);

        Assert.Equal([10L, 11, 12, 13], Enumerable.Range(0, 4).Select(offset => places.Find(0, offset)!.Value));
        Assert.Equal([10L, 11, 12, 13], places.From(0, 0, 4)!.Select(place => place.Id));
    }

    [Fact]
    public void A_later_end_takes_the_place_of_an_earlier_one()
    {
        var places = new SegmentPlaces(shardCount: 1);
        places.Learn(0, [new Place(0, 10)], end: 1);
        places.Learn(0, [new Place(2, 12)], end: 3);

        Assert.Null(places.Find(0, 0));
        Assert.Equal(12, places.Find(0, 2));
    }
}
