using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Runtime;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>What the totals keep by month.</summary>
public sealed class MonthFiguresTests
{
    private static readonly StudentId _first = new(1);
    private static readonly DateOnly _september = Traffic.Day;
    private static readonly DateOnly _october = new(2025, 10, 1);
    private static readonly DateOnly _december = new(2025, 12, 31);

    private readonly SingleCore _single = new();

    private Totals Totals => _single.Core.State.Totals;

    [Fact]
    public void A_month_has_what_became_known_in_it_and_months_without_a_change_are_empty()
    {
        Ask(Traffic.Registered(1));
        Ask(Traffic.PaidClaim(1, 64, _september));
        Ask(Traffic.PaidClaim(1, 128, _october));
        Ask(Traffic.PaidClaim(1, 192, _december));

        Assert.Equal([new(2025, 9, 1), _october, new(2025, 11, 1), new(2025, 12, 1)], Totals.Months);
        Assert.Equal([1, 1, 0, 1], ByMonth(totals => totals.LinesOf(Act.OrdinaryMedicine)));
        Assert.Equal([1, 1, 0, 1], ByMonth(totals => totals.ClaimsOf(Category.PublicUniversity)));
        Assert.Equal([1, 0, 0, 0], ByMonth(totals => totals.DeclarationsOf(Category.PublicUniversity)));
        Assert.Equal(
            [Totals[Counter.PayableCentimes] / 3, Totals[Counter.PayableCentimes] / 3, 0,
            Totals[Counter.PayableCentimes] / 3],
            ByMonth(totals => totals.PayableCentimesOf(Category.PublicUniversity)));
    }

    [Fact]
    public void A_fact_that_was_learnt_late_counts_in_the_month_in_which_it_became_known()
    {
        Ask(Traffic.Registered(1));
        Ask(Traffic.Deposit(1, 64, care: _september, on: _september));
        Ask(new ReceiveClaim(_first, 64, _september, _october));

        Assert.Equal([1, 0], ByMonth(totals => totals[Counter.Claims]));
        Assert.Equal([0, 1], ByMonth(totals => totals[Counter.ClaimsDecided]));
        Assert.Equal([0, 1], ByMonth(totals => totals.LinesOf(Act.GeneralPractitioner)));
    }

    [Fact]
    public void A_refused_file_counts_in_its_month_by_its_reason()
    {
        Ask(Traffic.Registered(1));
        var reply = Assert.Single(_single.Ask(Traffic.Deposit(2, 64, _october)));

        Assert.Equal(Outcome.Refused, reply.Outcome);
        Assert.Equal([0, 1], ByMonth(totals => totals.FilesRefusedFor(reply.Reason)));
        Assert.Equal([0, 1], ByMonth(totals => totals.CommandsRefusedFor(reply.Reason)));
    }

    [Fact]
    public void A_month_is_open_until_the_first_day_of_the_next_opens()
    {
        Ask(Traffic.Registered(1, new DateOnly(2025, 9, 30)));
        _single.PostDay(CommandKind.CloseDay, new DateOnly(2025, 9, 30));
        _single.RunUntilIdle();
        Assert.Equal([1], ByMonth(totals => totals[Counter.Accepted]));

        _single.PostDay(CommandKind.OpenDay, _october);
        _single.RunUntilIdle();

        Assert.Equal([1, 0], ByMonth(totals => totals[Counter.Accepted]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_replay_and_what_follows_a_snapshot_have_the_same_months_whatever_the_buckets(int buckets)
    {
        var many = new SingleCore(buckets);
        List<byte[]> snapshots = [];
        for (var student = 1ul; student <= 9; student++)
            many.Ask(Traffic.Registered(student));
        for (var month = 0; month < 4; month++)
        {
            for (var student = 1ul; student <= 9; student++)
            {
                var day = _september.AddMonths(month).AddDays((int)student);
                many.Ask(Traffic.PaidClaim(student, student * 64 + (ulong)month, day));
            }

            if (month == 2)
                snapshots = [.. many.Core.State.Buckets.Select(bucket =>
                    SnapshotBytes.Of(many.Core.State, bucket.Index))];
        }

        var (lived, replayed) = (many.Core.State, many.Replayed(buckets));
        var read = new PartitionState(many.Logic, buckets);
        foreach (var snapshot in snapshots)
            Assert.True(SnapshotCodec.TryRead(snapshot, read));
        var chain = new FrameChain(partition: 0);
        foreach (var frame in many.Frames.After(0, 0).Select(bytes => chain.Follow(bytes)))
        {
            if (frame.SequenceNumber > read.SequenceNumber)
                read.Apply(frame);
        }

        Assert.Equal(4, lived.Totals.Months.Count);
        Assert.Equal([9, 9, 9, 9], lived.Totals.Months.Select(month => lived.Totals.InMonthOf(month)[Counter.Claims]));
        Assert.Null(StateComparison.Difference(lived, replayed));
        Assert.Null(StateComparison.Difference(lived, read));
    }

    private void Ask(params ReadOnlySpan<Command> commands) =>
        Assert.All(_single.Ask(commands), reply => Assert.NotEqual(Outcome.Refused, reply.Outcome));

    private IEnumerable<long> ByMonth(Func<Totals, long> figure) =>
        Totals.Months.Select(month => figure(Totals.InMonthOf(month)));
}
