using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Rules;
using Amoe.Engine.Tests.Runtime;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>A core opens no day that was not opened to it, and changes its rulebook with a day.</summary>
public sealed class OpenDaysTests
{
    private const ulong Student = 1;
    private static readonly DateOnly Day = Traffic.Day;

    [Fact]
    public void What_is_of_a_day_that_is_not_open_waits_and_what_is_behind_it_too()
    {
        var single = new SingleCore(openThrough: Day);
        single.Post(Traffic.Registered(Student));
        single.Post(Certificate(50, Day.AddDays(1)), Certificate(51, Day));
        single.RunUntilIdle();
        Assert.Equal(Traffic.Registered(Student).Length, single.Replies.Count);
        Assert.False(single.Core.HasWork);

        single.Core.Open(OpenDays.Every(single.Logic) with { Through = Day.AddDays(1) });
        single.RunUntilIdle();
        Assert.Equal([Outcome.Done, Outcome.Stale], single.Replies[^2..].Select(reply => reply.Outcome));
    }

    [Fact]
    public void A_day_is_wanted_once_until_it_is_open()
    {
        var single = new SingleCore(openThrough: Day);
        single.PostDay(CommandKind.OpenDay, Day);
        single.RunUntilIdle();
        Assert.Null(single.Core.TakeDayWanted());

        single.PostDay(CommandKind.OpenDay, Day.AddDays(3));
        Assert.Null(single.Core.Decide());
        Assert.Equal(new DayWanted(Day.AddDays(1), Day.AddDays(3)), single.Core.TakeDayWanted());
        Assert.Null(single.Core.Decide());
        Assert.Null(single.Core.TakeDayWanted());

        single.Core.Open(OpenDays.Every(single.Logic) with { Through = Day.AddDays(1) });
        single.Commit(single.Decide());
        Assert.Equal(new DayWanted(Day.AddDays(2), Day.AddDays(3)), single.Core.TakeDayWanted());
    }

    [Fact]
    public void The_first_day_is_whichever_comes()
    {
        var single = new SingleCore(openThrough: default(DateOnly));
        single.Post(Traffic.Declare(Student));
        Assert.Null(single.Core.Decide());
        Assert.Equal(new DayWanted(Day, Day), single.Core.TakeDayWanted());
    }

    [Fact]
    public void What_waits_for_a_day_that_cannot_be_opened_is_answered_unknown_and_asks_again_when_it_is_sent_again()
    {
        var single = new SingleCore(openThrough: default(DateOnly));
        single.Post(Traffic.Declare(Student));
        Assert.Null(single.Core.Decide());
        Assert.NotNull(single.Core.TakeDayWanted());
        single.Abandon();
        Assert.Equal([Outcome.Unknown], single.Replies.Select(reply => reply.Outcome));
        Assert.Null(single.Core.TakeDayWanted());

        single.Post(Traffic.Declare(Student));
        Assert.Null(single.Core.Decide());
        Assert.NotNull(single.Core.TakeDayWanted());
    }

    [Fact]
    public void D9_a_rulebook_decides_from_its_first_day_on_and_a_mark_precedes_that_day()
    {
        var (raised, amended) = (Day.AddDays(5), Amendments.SpecialistFrom(Day.AddDays(5), 20_000));
        var single = new SingleCore(openThrough: raised);
        single.Post(Traffic.Registered(Student));
        single.Post(Claim(1, raised));
        single.RunUntilIdle();

        single.Core.Open(new OpenDays(raised.AddDays(1), 1, RulebookHash.Of(amended.Text), new AmoeLogic(amended)));
        single.Post(Claim(2, raised, known: raised));
        single.RunUntilIdle();
        Assert.Equal(0, single.Core.State.Rulebook);
        single.Post(Claim(3, raised, known: raised.AddDays(1)));
        single.RunUntilIdle();

        // Claims of the day before are priced as before: the rulebook of that day decides on it.
        Assert.Equal([12_000L, 12_000L, 16_000L], Adjudicated(single));
        Assert.Equal(
            [CommandKind.AdoptRulebook, CommandKind.OpenDay],
            single.History.Where(entry => !entry.Header.HasStudent).Select(entry => entry.Header.Kind).ToArray()[^2..]);
        Assert.Equal(
            [new RulebookAdopted(1, RulebookHash.Of(amended.Text))],
            single.History.SelectMany(entry => entry.Events).OfType<RulebookAdopted>());
        Assert.Equal((1, single.Core.State.Digest), (single.Replayed(1).Rulebook, single.Replayed(1).Digest));
    }

    private static IssueCertificate Certificate(ulong reference, DateOnly known) =>
        new(new StudentId(Student), reference, known, known);

    private static Command[] Claim(ulong sheet, DateOnly care, DateOnly? known = null) =>
    [
        Traffic.Deposit(Student, sheet, known ?? care) with
        {
            Lines = [new ClaimLine(Act.Specialist, CareSector.Private, care, 1, 30_000, 0)]
        },
        new ReceiveClaim(new StudentId(Student), sheet, known ?? care, known ?? care),
    ];

    private static IEnumerable<long> Adjudicated(SingleCore single) =>
        single.History.SelectMany(entry => entry.Events.OfType<ClaimAdjudicated>())
            .Select(e => e.Outcomes.Sum(outcome => (long)outcome.AmountCentimes));
}
