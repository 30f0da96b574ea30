using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Journal;

/// <summary>Every event is read back as it was written, byte for byte.</summary>
public sealed class EventCodecTests
{
    private const int Day = 738_000;
    private const ulong Reference = 4_711;

    // A name that ends in V1 or V2 is that of a layout which is read and written no more.
    [Fact]
    public void Every_type_of_event_has_a_number_and_every_number_a_type() => Assert.Equal(
        Enum.GetNames<EventKind>().Where(name => name[^2..] is not ("V1" or "V2")).Order(StringComparer.Ordinal),
        Maker.EventTypes.Select(type => type.Name));

    [Fact]
    public void A_payment_of_an_earlier_journal_was_ordered_on_the_day_it_became_known() =>
        Assert.Equal(
            new Amoe.Engine.Domain.Claims.PaymentOrdered(Reference, 7_040, DateOnly.FromDayNumber(Day)),
            Read([55, 0x80, 0x37]));

    // A contribution did not say of which year it was.
    [Theory]
    [InlineData(new byte[] { 17, 0xC0, 0xB8, 0x02, 0x92, 0x21 }, typeof(ContributionPaid))]
    [InlineData(new byte[] { 18, 0xC0, 0xB8, 0x02, 0x05 }, typeof(ContributionReceived))]
    [InlineData(new byte[] { 20, 0xC0, 0xB8, 0x02 }, typeof(ContributionHeld))]
    public void A_layout_of_earlier_journals_is_read_as_the_event_of_today(byte[] bytes, Type type)
    {
        Event expected = type == typeof(ContributionPaid) ? new ContributionPaid(40_000, 4_242, 0, null)
            : type == typeof(ContributionReceived)
            ? new ContributionReceived(40_000, DateOnly.FromDayNumber(Day - 3), 0)
            : new ContributionHeld(40_000, 0, Reason.None);
        Assert.Equal(expected, Read(bytes));
    }

    // In earlier journals an end of other coverage did not name the coverage, a reason did not say whether it pauses
    // the clock, and a decision on exemption did not supersede others.
    [Fact]
    public void Facts_of_earlier_journals_are_read_as_what_they_meant()
    {
        var day = DateOnly.FromDayNumber(Day);
        Assert.Equal(new OtherCoverageEnded(day.AddDays(-1)), Read([22, 1]));
        Assert.Equal(new OtherCoverageReported(CoverageKind.Ramed, day, true), Read([21, 3, 0, 1]));
        Assert.Equal(
            new StudiesInterrupted(day, Amoe.Engine.Vocabulary.InterruptionReason.Illness, null), Read([23, 0, 1, 0]));
        Assert.Equal(new ExemptionDecided(true, 41, day, day, Supersedes: false), Read([29, 1, 41, 0, 0]));
        Assert.Equal(
            new FactCorrected(CommandKind.EndOtherCoverage, day, 0),
            Read([41, (byte)CommandKind.EndOtherCoverage, 0, 0]));
    }

    [Fact]
    public void No_number_identifies_two_types_of_event() =>
        Assert.Equal(Enum.GetNames<EventKind>().Length, Enum.GetValues<EventKind>().Distinct().Count());

    [Fact]
    public void Each_type_is_written_under_its_number_and_read_back_from_it()
    {
        foreach (var type in Maker.EventTypes)
        {
            var e = new Maker(new Random(1), Reference).Event(type);
            var bytes = Written(e);
            Assert.Equal((byte)Enum.Parse<EventKind>(type.Name), bytes[0]);
            Assert.Equal(e, Read(bytes));
        }
    }

    [Fact]
    public void Any_event_is_read_back_as_it_was_written_and_writes_the_same_bytes_again() => Properties.Check(
        Properties.FromSeeds(random => new Maker(random, Reference).Event()),
        one =>
        {
            var bytes = Written(one.Made);
            var read = Read(bytes);
            return read.Equals(one.Made) && Written(read).AsSpan().SequenceEqual(bytes);
        },
        count: 20_000);

    [Fact]
    public void Every_type_was_among_any_event() =>
        Assert.Equal(
            Maker.EventTypes.ToHashSet(),
            Enumerable.Range(0, 2_000)
                .Select(seed => new Maker(new Random(seed), Reference).Event().GetType())
                .ToHashSet());

    [Fact]
    public void An_unknown_number_is_reported_as_unknown()
    {
        var known = Enum.GetValues<EventKind>().Select(kind => (int)kind).ToHashSet();
        for (var number = 0; number < 256; number++)
        {
            if (known.Contains(number))
                continue;
            // With the high bit a claim's number follows.
            byte[] unknown = [(byte)number, 0];
            var kind = number & 0x7F;
            if (number > 0x7F && known.Contains(kind) && kind >= (int)EventKind.ClaimDeposited)
                continue;
            var error = Assert.Throws<InvalidDataException>(() => Read(unknown));
            Assert.Equal($"an event of type {kind}, which this version does not know", error.Message);
        }
    }

    [Fact]
    public void An_event_cut_short_is_an_error_wherever_it_is_cut()
    {
        foreach (var type in Maker.EventTypes)
        {
            var bytes = Written(new Maker(new Random(2), Reference).Event(type));
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<InvalidDataException>(() => Read(bytes[..length]));
        }
    }

    [Fact]
    public void One_record_may_touch_several_claims()
    {
        foreach (var type in Maker.EventTypes.Where(type => type.IsSubclassOf(typeof(ClaimEvent))))
        {
            foreach (var claim in (ulong[])[0, 1, Reference - 1, Reference + 1, CommandId.ReferenceLimit - 1])
            {
                var e = new Maker(new Random(3), claim).Event(type);
                var bytes = Written(e);
                Assert.Equal((byte)Enum.Parse<EventKind>(type.Name) | 0x80, bytes[0]);
                Assert.Equal(e, Read(bytes));
            }
        }
    }

    private static byte[] Written(Event e)
    {
        var writer = new ByteWriter(16);
        EventCodec.Write(writer, e, Day, Reference);
        return writer.Written.ToArray();
    }

    private static Event Read(byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        var e = EventCodec.Read(ref reader, Day, Reference);
        Assert.True(reader.AtEnd, $"{e.GetType().Name} was not read to its end");
        return e;
    }
}
