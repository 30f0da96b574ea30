using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>The packed places of a claim's records.</summary>
public sealed class RecordPlacesTests
{
    [Fact]
    public void Places_are_read_back_in_the_order_of_the_log() => Properties.Check(
        Properties.FromSeeds(Any),
        one => Read(Packed(one.Made)).SequenceEqual(one.Made),
        count: 3_000);

    [Fact]
    public void A_second_event_of_the_same_record_adds_no_place()
    {
        var first = new RecordPlace(3, 10, IsOwn: true);
        var places = RecordPlaces.With(RecordPlaces.With([], first), first);
        Assert.Equal([first], Read(places));
        Assert.Same(places, RecordPlaces.With(places, first));
    }

    [Fact]
    public void Another_record_of_the_same_frame_and_the_first_of_all_are_places_of_their_own()
    {
        RecordPlace[] places = [new(0, 0), new(0, 5), new(0, 90, IsOwn: true), new(1, 5)];
        Assert.Equal(places, Read(Packed(places)));
    }

    [Fact]
    public void The_list_that_is_added_to_stays_as_it_was()
    {
        var before = Packed([new(3, 10), new(7, 12)]);
        var copy = before.ToArray();
        RecordPlaces.With(before, new RecordPlace(9, 14));
        Assert.Equal(copy, before);
    }

    // 100 partitions' worth of a national year: a frame every few hundred records.
    [Fact]
    public void A_place_behind_the_first_takes_a_few_bytes()
    {
        var places = Packed(
            [
                new(2_000_000, 40_000, true), new(2_004_000, 900, true), new(2_040_000, 12_000, true),
                new(2_041_000, 40_000, true)
            ]);
        Assert.InRange(places.Length, 1, 24);
    }

    [Fact]
    public void Damaged_bytes_are_places_or_invalid_data_and_never_another_error()
    {
        var invalid = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var bytes = Damaged.Bytes(Packed(Any(random)), random);
            try
            {
                RecordPlaces.Validate(bytes);
                var read = Read(bytes);
                Assert.True(read.Count <= bytes.Length);
                Assert.All(
                    read, place => Assert.True(place is { Frame: >= 0, Position: >= 0 }, $"seed {seed}: {place}"));
            }
            catch (InvalidDataException)
            {
                invalid++;
            }
        }

        Assert.InRange(invalid, 2_000, 19_000);
    }

    internal static RecordPlace[] Any(Random random)
    {
        var (places, frame) = (new RecordPlace[random.Next(12)], 0L);
        for (var i = 0; i < places.Length; i++)
        {
            frame += random.Next(4) switch
            {
                0 => 0,
                1 => random.Next(100),
                2 => random.Next(1_000_000),
                _ => random.NextInt64(1L << 56)
            };
            places[i] = new RecordPlace(
                frame, random.Next(3) == 0 ? random.Next() : random.Next(50_000), random.Next(2) == 0);
            // Two events of one record have one place.
            if (i > 0 && places[i] == places[i - 1])
                places[i] = places[i] with { IsOwn = !places[i].IsOwn };
        }

        return places;
    }

    internal static byte[] Packed(RecordPlace[] places) => places.Aggregate(Array.Empty<byte>(), RecordPlaces.With);

    private static List<RecordPlace> Read(byte[] bytes)
    {
        var places = new List<RecordPlace>();
        foreach (var place in RecordPlaces.Read(bytes))
            places.Add(place);
        return places;
    }
}

/// <summary>Bytes as a damaged medium has them.</summary>
internal static class Damaged
{
    public static byte[] Bytes(byte[] bytes, Random random)
    {
        var damaged = bytes.ToArray();
        switch (random.Next(4))
        {
            case 0:
                return damaged[..random.Next(damaged.Length + 1)];
            case 1 when damaged.Length > 0:
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                return damaged;
            case 2:
                random.NextBytes(damaged.AsSpan(random.Next(damaged.Length + 1)));
                return damaged;
            default:
                return [.. damaged, (byte)random.Next(256)];
        }
    }
}
