using Amoe.Engine.Cases;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Cases;

/// <summary>
/// The cases of tests/Rules, which anyone who knows the scheme can read and add to (docs/rule-cases.md).
/// </summary>
public sealed class RuleCaseTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var one in CaseFiles.All)
            data.Add(one.File, one.Name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_comes_out_as_it_says(string file, string name)
    {
        var one = Assert.Single(CaseFiles.All, other => other.File == file && other.Name == name);

        var result = CaseRunner.Run(one);

        Assert.True(result.Passed, $"{file}, line {one.Line}: {name}\n"
            + string.Concat(result.Differences.Select(difference =>
            $"  line {difference.Line}: {difference.What}: expected {difference.Expected}, got {difference.Got}\n"))
                + string.Join('\n', result.History));
    }

    [Fact]
    public void Every_reason_of_the_scheme_has_a_case()
    {
        // What no catalogue has and dates without rules are no part of the scheme (CommandBounds). A file without its
        // prices is returned: only journals of the first version, and lines deposited before their rulebook changed,
        // lack them when they are adjudicated.
        Reason[] elsewhere = [Reason.Malformed, Reason.DateOutOfBounds, Reason.ReferenceMissing];
        var named = CaseFiles.All.SelectMany(one =>
            one.Given.SelectMany(step => step.Gives).Concat(
                one.Expected.SelectMany(ReasonsOf).Select(SnakeCase<Reason>.NameOf))).ToHashSet();

        Assert.DoesNotContain(
            SnakeCase<Reason>.Values.Except(elsewhere).Select(SnakeCase<Reason>.NameOf), name => !named.Contains(name));
    }

    [Fact]
    public void Every_act_has_a_case_in_both_sectors_of_Morocco()
    {
        var claimed = CaseFiles.All.SelectMany(one => one.Given)
            .SelectMany(step => step.Commands)
            .OfType<DepositClaim>()
            .SelectMany(deposit => deposit.Lines)
            .Select(line => (line.Act, line.Sector)).ToHashSet();

        Assert.DoesNotContain(
            SnakeCase<Act>.Values.SelectMany(act => new[] { (act, CareSector.Private), (act, CareSector.Public) }),
            pair => !claimed.Contains(pair));
    }

    private static IEnumerable<Reason> ReasonsOf(Expectation expectation) => expectation switch
    {
        RightExpectation right => [right.Because],
        ClaimExpectation claim => claim.Lines.Select(line => line.Reason ?? Reason.None),
        _ => [],
    };
}
