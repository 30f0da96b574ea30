using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>
/// What a student and a claim take of memory, in bytes each. The budgets of bench/README.md, 500 and 300, are for more
/// history and for what a whole process keeps. These bounds lie just above what it is now, so that a word more in each
/// object is noticed: raise them knowingly.
/// </summary>
public sealed class MemoryBudgetTests
{
    private const int Students = 500;
    private const int ActiveStudentMax = 400;
    private const int OpenClaimMax = 278;
    private const ulong Sheets = 64;

    /// <summary>Of whose claims no physician sees any (X4).</summary>
    private static readonly ulong[] Unreviewed = [.. Enumerable.Range(1, 2 * Students)
        .Select(student => (ulong)student)
        .Where(IsUnreviewed)
        .Take(Students)];

    [Fact]
    public void A_student_with_a_years_history_and_an_open_claim_are_within_their_budgets()
    {
        var single = new SingleCore();
        PostOfEach(single, student => [.. Traffic.Registered(student), .. Paid(student, 0)]);
        PostOfEach(single, student => Paid(student, 1));
        var (students, settled) = (single.Core.State.StudentCount, BytesOf(single));
        PostOfEach(single, student => Opened(student, 2));
        var (claims, open) = (single.Core.State.OpenClaimCount, BytesOf(single) - settled);
        Assert.Equal((Students, Students), (students, claims));
        Assert.InRange(settled / Students, 300, ActiveStudentMax);
        Assert.InRange(open / Students, 150, OpenClaimMax);
    }

    [Fact]
    public void A_payment_that_is_ordered_makes_a_claim_no_larger_but_by_its_receipt()
    {
        var single = new SingleCore();
        PostOfEach(single, student => [.. Traffic.Registered(student), .. Opened(student, 0)]);
        var payable = BytesOf(single);
        PostOfEach(
            single, student => [new OrderPayment(new StudentId(student), student * Sheets, Traffic.Day, Traffic.Day)]);
        Assert.InRange((BytesOf(single) - payable) / Students, 0, 24);
    }

    private static void PostOfEach(SingleCore single, Func<ulong, Command[]> commands)
    {
        foreach (var student in Unreviewed)
            single.Post(commands(student));
        single.RunUntilIdle();
        Assert.All(single.Replies, reply => Assert.True(reply.IsDecision && reply.Outcome != Outcome.Refused));
    }

    private static Command[] Paid(ulong student, ulong number) =>
        Traffic.PaidClaim(student, student * Sheets + number, Traffic.Day.AddDays((int)number));

    private static Command[] Opened(ulong student, ulong number) => Paid(student, number)[..2];

    private static bool IsUnreviewed(ulong student) => Enumerable.Range(0, 3).All(number => !ReviewSample.IsDrawn(
        new StudentId(student), student * Sheets + (ulong)number,
        Rulebook.Embedded.On(Traffic.Day).ReviewShareBasisPoints));

    private static long BytesOf(SingleCore single) =>
        HeapBytes.Of(single.Core.State.Buckets, single.Core.State.Calendar);
}
