using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>The part of a passivated claim that stays in memory.</summary>
public sealed class PassivatedClaimTests
{
    private static readonly DateOnly Epoch = new(2000, 1, 1);

    [Fact]
    public void Claims_are_kept_as_they_were_in_the_order_of_their_numbers() => Properties.Check(
        Properties.FromSeeds(AnyMany),
        one =>
        {
            var claims = With(one.Made);
            var kept = one.Made.OrderBy(claim => claim.Number).ToArray();
            return AreSame(kept, claims)
                && AreSame(kept, PassivatedClaims.From(claims.Bytes))
                && one.Made.All(claim => claims.TryFind(claim.Number, out var found) && IsSame(claim, found));
        },
        count: 2_000);

    [Fact]
    public void The_same_claims_are_the_same_bytes_whatever_came_and_went() => Properties.Check(
        Properties.FromSeeds(random => (Claims: AnyMany(random), Comes: AnyMany(random), Seed: random.Next())),
        one =>
        {
            var random = new Random(one.Made.Seed);
            var others =
                one.Made.Comes.ExceptBy(one.Made.Claims.Select(claim => claim.Number), claim => claim.Number).ToArray();
            var claims = With([.. one.Made.Claims.Concat(others).OrderBy(_ => random.Next())]);
            foreach (var other in others)
                claims.Remove(other.Number);

            // One that is reactivated by a question comes back.
            foreach (var claim in one.Made.Claims.Where(_ => random.Next(3) == 0))
            {
                claims.Remove(claim.Number);
                if (claims.TryFind(claim.Number, out _))
                    return false;
                claims.Add(claim);
            }

            return claims.Bytes.SequenceEqual(With(one.Made.Claims).Bytes)
                && claims.IsEmpty == (one.Made.Claims.Length == 0);
        },
        count: 2_000);

    [Fact]
    public void Removing_what_is_not_there_changes_nothing()
    {
        var claims = default(PassivatedClaims);
        claims.Remove(1);
        Assert.True(claims.IsEmpty);
        claims.Add(Any(new Random(1), 2));
        claims.Remove(1);
        Assert.Equal(2UL, Assert.Single(claims.ToList()).Number);
        claims.Remove(2);
        Assert.True(claims.IsEmpty);
    }

    [Fact]
    public void A_copy_keeps_what_it_has_when_the_other_changes()
    {
        var claims = With([Any(new Random(1), 2), Any(new Random(2), 5)]);
        var copy = claims;
        claims.Remove(2);
        claims.Add(Any(new Random(3), 1));
        Assert.Equal([2UL, 5], copy.ToList().Select(claim => claim.Number));
        Assert.Equal([1UL, 5], claims.ToList().Select(claim => claim.Number));
    }

    [Fact]
    public void A_claim_says_what_it_takes_to_tell_that_it_does_not_matter()
    {
        var claim = new Claim(70)
        {
            Provider = 9,
            LastSequenceNr = 5,
            Lines = [Care("2023-11-10"), Care("2023-10-05", Act.LongBridge), Care("2023-12-31")]
        };
        claim.Judge([new(Reason.None, 6_400), new(Reason.ApprovalMissing, 0), new(Reason.None, 6_400)]);
        var passivated = PassivatedClaim.Of(claim);
        Assert.Equal(
            (70UL, 12_800, (ushort)5, true),
            (passivated.Number, passivated.PayableCentimes, passivated.LastSequenceNr, passivated.HasProsthesis));
        Assert.True(passivated.LacksUnits);
        Assert.True(passivated.MayBeOf(9));
        Assert.False(passivated.MayBeOf(10));
        Assert.True(passivated.MayHaveCare(Day("2023-12-31"), DateOnly.MaxValue));
        Assert.True(passivated.MayHaveCare(DateOnly.MinValue, Day("2023-10-05")));
        Assert.True(passivated.MayHaveCare(Day("2023-11-11"), Day("2023-11-12")));
        Assert.False(passivated.MayHaveCare(DateOnly.MinValue, Day("2023-10-04")));
        Assert.False(passivated.MayHaveCare(Day("2024-01-01"), DateOnly.MaxValue));

        claim.Lines[1] = Care("2023-10-05");
        claim.Outcomes[1] = new LineOutcome(Reason.None, 6_400);
        Assert.False(PassivatedClaim.Of(claim).HasProsthesis);
        Assert.False(PassivatedClaim.Of(claim).LacksUnits);
    }

    [Fact]
    public void Days_that_two_bytes_do_not_hold_only_make_a_claim_be_looked_at()
    {
        var claim = new Claim(1)
        {
            Lines = [
                new ClaimLine(Act.GeneralPractitioner, CareSector.Private, Epoch.AddDays(-500), 1, 1, 0),
                new ClaimLine(Act.GeneralPractitioner, CareSector.Private, Epoch.AddDays(70_000), 1, 1, 0)
            ]
        };
        var passivated = PassivatedClaim.Of(claim);
        Assert.True(passivated.MayHaveCare(Epoch.AddDays(-500), Epoch.AddDays(-500)));
        Assert.True(passivated.MayHaveCare(Epoch.AddDays(70_000), DateOnly.MaxValue));
    }

    [Fact]
    public void A_typical_claim_with_four_records_takes_at_most_forty_bytes()
    {
        var places = RecordPlacesTests.Packed(
            [
                new(2_000_000, 40_000, true), new(2_004_000, 900, true), new(2_040_000, 12_000, true),
                new(2_041_000, 40_000, true)
            ]);
        var claim = new Claim(40_000_000)
        {
            Provider = 900,
            LastSequenceNr = 6,
            Places = places,
            Lines = [Care("2023-11-10"), Care("2023-11-20")]
        };
        claim.Judge([new(Reason.None, 64_000), new(Reason.None, 64_000)]);
        var claims = default(PassivatedClaims);
        claims.Add(PassivatedClaim.Of(claim));
        Assert.InRange(claims.Bytes.Length, 1, 40);
    }

    [Fact]
    public void Damaged_bytes_are_claims_or_invalid_data_and_never_another_error()
    {
        var invalid = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var bytes = Damaged.Bytes(With(AnyMany(random)).Bytes.ToArray(), random);
            try
            {
                var claims = PassivatedClaims.From(bytes);
                Assert.True(claims.ToList().Count <= bytes.Length);
                claims.TryFind(ulong.MaxValue, out _);
                claims.Add(Any(random, 3));
                claims.Remove(3);
            }
            catch (InvalidDataException)
            {
                invalid++;
            }
        }

        Assert.InRange(invalid, 5_000, 19_000);
    }

    private static PassivatedClaim[] AnyMany(Random random) =>
        [.. Enumerable.Range(0, random.Next(8))
            .Select(_ => (ulong)random.NextInt64(random.Next(2) == 0 ? 30 : 1L << 48))
            .Distinct()
            .Select(number => Any(random, number))];

    private static PassivatedClaim Any(Random random, ulong number) => new(
        number, (ushort)random.Next(1 << 16), (ushort)random.Next(1 << 16), (ushort)random.Next(1 << 16),
        random.NextInt64(1L << 40), (ushort)random.Next(1 << 16),
        random.Next(2) == 0, random.Next(2) == 0, RecordPlacesTests.Packed(RecordPlacesTests.Any(random)));

    private static PassivatedClaims With(PassivatedClaim[] all)
    {
        var claims = default(PassivatedClaims);
        foreach (var claim in all)
            claims.Add(claim);
        return claims;
    }

    private static bool AreSame(PassivatedClaim[] expected, in PassivatedClaims claims) =>
        expected.Zip(claims.ToList()).Count(pair => IsSame(pair.First, pair.Second)) is var same
            && same == expected.Length && same == claims.ToList().Count;

    private static bool IsSame(in PassivatedClaim one, in PassivatedClaim other) =>
        one with { Places = default } == other with { Places = default }
            && one.Places.Span.SequenceEqual(other.Places.Span);
}
