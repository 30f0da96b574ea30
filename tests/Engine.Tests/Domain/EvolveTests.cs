using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Tests.Journal;

namespace Amoe.Engine.Tests.Domain;

/// <summary>Evolving is total: any event on any state leaves a state, and one that can be asked.</summary>
public sealed class EvolveTests
{
    [Fact]
    public void Any_events_in_any_order_leave_a_student_who_can_be_asked() => Properties.Check(
        Properties.FromSeeds(random => (Events: Many<StudentEvent>(random, 40), On: new Maker(random, 1).Date())),
        one =>
        {
            var student = new Student(new StudentId(1));
            foreach (var e in one.Made.Events)
            {
                StudentEvolver.Evolve(student, e);
                _ = student.NextDeadline;
            }

            var certificate = Entitlement.CertificateUntil(student, one.Made.On);
            return Enum.IsDefined(Entitlement.On(student, one.Made.On))
                && (certificate is null || certificate >= one.Made.On);
        },
        count: 5_000);

    [Fact]
    public void Any_events_in_any_order_leave_a_claim_with_a_status() => Properties.Check(
        Properties.FromSeeds(random => Many<ClaimEvent>(random, 40)),
        one =>
        {
            var claim = new Claim(1);
            foreach (var e in one.Made)
                ClaimEvolver.Evolve(claim, e);
            return Enum.IsDefined(claim.Status) && claim.PayableCentimes >= 0;
        },
        count: 5_000);

    [Fact]
    public void Any_deadline_of_any_student_brings_something()
    {
        var fired = 0;
        Properties.Check(
            Properties.FromSeeds(random => Many<StudentEvent>(random, 40)),
            one =>
            {
                var student = new Student(new StudentId(1));
                foreach (var e in one.Made)
                    StudentEvolver.Evolve(student, e);
                var due = student.NextDeadline;
                if (due == DateOnly.MaxValue)
                    return true;
                var decision = new Decision();
                Deadlines.Fire(student, due, decision);
                fired++;
                return decision.Events.Count > 0;
            },
            count: 5_000);
        Assert.InRange(fired, 1_000, 5_000);
    }

    private static T[] Many<T>(Random random, int max)
        where T : Event
    {
        var types = Maker.EventTypes.Where(type => type.IsSubclassOf(typeof(T))).ToArray();
        var maker = new Maker(random, 1);
        return [.. Enumerable.Range(0, random.Next(1, max))
            .Select(_ => (T)maker.Event(types[random.Next(types.Length)]))];
    }
}
