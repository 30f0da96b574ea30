using Amoe.Engine.Cases;

namespace Amoe.Engine.Tests.Cases;

/// <summary>The cases of tests/Rules, which anyone who knows the scheme can read and add to (docs/rule-cases.md).</summary>
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
    public async Task A_case_comes_out_as_it_says(string file, string name)
    {
        var one = Assert.Single(CaseFiles.All, other => other.File == file && other.Name == name);

        var result = await CaseRunner.Run(one);

        Assert.True(result.Passed, $"{file}, line {one.Line}: {name}\n" + string.Concat(result.Differences.Select(difference =>
            $"  line {difference.Line}: {difference.What}: expected {difference.Expected}, got {difference.Got}\n")) + string.Join('\n', result.History));
    }
}
