using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Journal;

/// <summary>A record is read without those before it: that is how a passivated claim is read back.</summary>
public sealed class ReadAloneTests
{
    [Fact]
    public void A_record_read_alone_has_the_events_it_has_when_the_whole_segment_is_read()
    {
        var (alone, ofOthers) = (0, 0);
        Properties.Check(
            Properties.FromSeeds(AnyOfClaims),
            one =>
            {
                var segment = RecordedSegment.Write(one.Made.Day, one.Made.Records);
                var (whole, positions) = (RecordedSegment.Read(segment), RecordedSegment.Positions(segment));
                for (var i = 0; i < whole.Count; i++)
                {
                    var header = whole[i].Header;
                    if (!header.HasStudent)
                        continue;
                    var read = RecordedSegment.ReadAlone(segment, positions[i], header.Id.Reference);
                    if (!read.Events.SequenceEqual(whole[i].Events)
                        || header != (read.Header with { Student = header.Student }))
                        return false;
                    alone++;
                    ofOthers += whole[i].Events.OfType<ClaimEvent>().Count(e => e.Claim != header.Id.Reference);
                }

                return positions.Count == whole.Count;
            },
            count: 3_000);
        Assert.True(alone > 5_000 && ofOthers > 1_000, $"{alone} records, {ofOthers} events of other claims");
    }

    [Fact]
    public void A_place_at_which_no_record_begins_is_an_error_that_names_partition_and_offset_or_reads_something_and_never_another_crash()
    {
        var errors = 0;
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var (day, records) = RecordedSegment.Any(random);
            var segment = RecordedSegment.Write(day, records);
            try
            {
                RecordedSegment.ReadAlone(
                    segment, random.Next(-5, segment.Payload.Length + 5), (ulong)random.NextInt64());
            }
            catch (JournalException e)
            {
                errors++;
                Assert.Matches("^partition 3, offset 1000: the segment cannot be read: [^\n]+$", e.Message);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }

        Assert.InRange(errors, 3_000, 5_000);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void A_place_outside_the_records_is_an_error(int position)
    {
        var (day, records) = RecordedSegment.Any(new Random(5));
        var segment = RecordedSegment.Write(day, records);
        Assert.Throws<JournalException>(() => RecordedSegment.ReadAlone(segment, position, 1));
        Assert.Throws<JournalException>(() => RecordedSegment.ReadAlone(segment, segment.Payload.Length, 1));
    }

    /// <summary>Any records, in which now and then another claim than the one addressed has an event.</summary>
    private static (DateOnly Day, Recorded[] Records) AnyOfClaims(Random random)
    {
        var (day, records) = RecordedSegment.Any(random);
        return (day,
            Array.ConvertAll(
                records, record => record with { Events = Array.ConvertAll(record.Events, e => Other(random, e)) }));
    }

    private static Event Other(Random random, Event e) =>
        e is ClaimEvent c && random.Next(3) == 0 ? c with { Claim = (ulong)random.NextInt64() } : e;
}
