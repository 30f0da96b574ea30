using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Journal;

namespace Amoe.Engine.Tests.Domain.Aggregate;

/// <summary>The assumption of a savepoint: an event changes no array and no object that a copy shares.</summary>
public sealed class SavepointTests
{
    private const ulong Passivated = 9;
    private static readonly Type[] StudentEvents = [.. Maker.EventTypes.Where(type =>
        type.IsSubclassOf(typeof(StudentEvent)))];
    private static readonly Type[] ClaimEvents = [.. Maker.EventTypes.Where(type =>
        type.IsSubclassOf(typeof(ClaimEvent)))];

    [Fact]
    public void A_copy_of_a_student_and_the_student_do_not_change_each_other() => Properties.Check(
        Properties.FromSeeds(random =>
            (Before: Many(random, StudentEvents), After: Many(random, StudentEvents),
                More: Many(random, StudentEvents))),
        one =>
        {
            var student = new StudentActor(Say.Student);
            student.Apply(one.Made.Before);
            var copy = new StudentActor(Say.Student);
            copy.Become(student.Copy());
            var before = State(student);
            student.Apply(one.Made.After);
            var after = State(student);
            if (!State(copy).SequenceEqual(before))
                return false;
            copy.Apply(one.Made.More);
            return State(student).SequenceEqual(after);
        },
        count: 5_000);

    [Fact]
    public void A_copy_of_a_claim_and_the_claim_do_not_change_each_other() => Properties.Check(
        Properties.FromSeeds(random =>
            (Before: Many(random, ClaimEvents), After: Many(random, ClaimEvents), More: Many(random, ClaimEvents))),
        one =>
        {
            var claim = Evolved(new Claim(1), one.Made.Before);
            var copy = claim.Copy();
            var before = State(claim);
            var after = State(Evolved(claim, one.Made.After));
            return State(copy).SequenceEqual(before)
                && State(Evolved(copy, one.Made.More)).Length > 0
                && State(claim).SequenceEqual(after);
        },
        count: 5_000);

    [Fact]
    public void Rolling_back_restores_the_student_and_each_claim_that_events_changed() => Properties.Check(
        Properties.FromSeeds(random =>
            (Before: Many(random, StudentEvents), Claims: AnyClaims(random), After: Mixed(random))),
        one =>
        {
            var student = new StudentActor(Say.Student);
            student.Apply(one.Made.Before);
            foreach (var claim in one.Made.Claims)
            {
                (claim.LastSequenceNr, claim.Places) = (3, [1, 2]);
                student.Open(claim);
            }

            student.PassivatedClaims.Add(
                new PassivatedClaim(Passivated, 1, 2, 3, 4, 5, false, false, new byte[] { 1, 2 }));
            var (savepoint, before) = (new Savepoint(), State(student));
            savepoint.Begin(student);
            foreach (var e in one.Made.After)
            {
                var claim = student.ClaimOf(e);
                savepoint.Keep(claim);
                student.Apply([e]);
            }

            savepoint.RollBack();
            return State(student).SequenceEqual(before);
        },
        count: 3_000);

    private static Claim[] AnyClaims(Random random) =>
        [.. Enumerable.Range(1, random.Next(4)).Select(number =>
            Evolved(new Claim((ulong)number), Many(random, ClaimEvents)))];

    /// <summary>Events of a student and of claims: those in memory, one that is new, one that is passivated.</summary>
    private static Event[] Mixed(Random random)
    {
        var maker = new Maker(random, 0);
        ClaimEvent Of(Type type, ulong claim) => (ClaimEvent)maker.Event(type) with { Claim = claim };
        return
        [
            .. Enumerable.Range(1, 3).Select(number => Of(typeof(ClaimDeposited), (ulong)number)),
            .. random.Next(2) == 0 ? [Of(typeof(ClaimRecalled), Passivated)] : Array.Empty<Event>(),
            .. Many(random, StudentEvents),
            .. Enumerable.Range(0, random.Next(25)).Select(_ =>
                Of(ClaimEvents[random.Next(ClaimEvents.Length)], (ulong)random.Next(1, 4))),
        ];
    }

    private static Event[] Many(Random random, Type[] types)
    {
        var maker = new Maker(random, 1);
        return [.. Enumerable.Range(0, random.Next(25)).Select(_ => maker.Event(types[random.Next(types.Length)]))];
    }

    private static Claim Evolved(Claim claim, Event[] events)
    {
        foreach (var e in events)
            ClaimEvolver.Evolve(claim, (ClaimEvent)e);
        return claim;
    }

    private static byte[] State(StudentActor student)
    {
        var w = new ByteWriter();
        SnapshotCodec.Write(w, student);
        return w.Written.ToArray();
    }

    private static byte[] State(Claim claim)
    {
        var w = new ByteWriter();
        SnapshotCodec.Write(w, claim);
        return w.Written.ToArray();
    }
}
