using Amoe.Engine.Cases;

namespace Amoe.Engine.Tests.Cases;

/// <summary>A student's history is written as a case that passes.</summary>
public sealed class CaseWriterTests
{
    public static TheoryData<string> Files() => [.. CaseFiles.Texts().Select(file => file.Name)];

    /// <summary>The cases of the scheme have every command there is, with every answer.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void The_history_of_every_case_of_the_scheme_comes_back_as_a_case_that_passes(string file)
    {
        var wrong = new List<string>();
        foreach (var one in CaseFiles.All.Where(one => one.File == file))
        {
            using var world = Played(one);
            var text = CaseWriter.Write(world.Reading, "memory");
            var read = CaseReader.Read("written.yaml", text, one.Rulebook);
            if (read.Errors.Count > 0 || !CaseRunner.Run(read.Cases.Single()).Passed)
                wrong.Add($"{one.Name}\n{string.Join('\n', read.Errors.Concat(read.Cases.SelectMany(Differences)))}\n{text}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of them:\n{string.Join('\n', wrong.Take(3))}");
    }

    [Fact]
    public void What_was_known_to_be_different_in_a_journal_fails_as_a_case()
    {
        using var world = Played(CaseFiles.All.First(one => one.Name.StartsWith("drawn by lot: drawn", StringComparison.Ordinal)));
        var text = CaseWriter.Write(world.Reading, "memory");

        Assert.Contains("\n    drawn: [1]\n", text, StringComparison.Ordinal);
        Assert.Contains("gives: [claim_held, physician_review] }", text, StringComparison.Ordinal);
        var wrong = text.Replace("amount: 64.00", "amount: 65.00", StringComparison.Ordinal);
        Assert.NotEqual(text, wrong);
        Assert.False(CaseRunner.Run(CaseFiles.Read("wrong.yaml", wrong).Single()).Passed);
    }

    [Fact]
    public void A_refusal_whose_content_no_journal_keeps_is_a_comment()
    {
        var one = CaseFiles.Read("mine.yaml", """
            cases:
              - case: somebody else's claim
                rules: [E4]
                given:
                  - { on: 2023-09-20, what: registered }
                  - { on: 2023-11-10, what: deposit_claim, patient_is_student: false, gives: patient_not_student }
                  - { on: 2023-11-11, what: order_payment, gives: claim_unknown }

            """).Single();

        using var world = Played(one);
        var text = CaseWriter.Write(world.Reading, "memory");

        Assert.Contains(
            "\n      # 2023-11-10: deposit_claim of 2023-11-10 gave refused, patient_not_student; a journal does not keep what was refused.\n",
            text, StringComparison.Ordinal);
        Assert.Contains(
            "\n      - { on: 2023-11-11, what: order_payment, claim: 1, gives: [refused, claim_unknown] }\n", text,
            StringComparison.Ordinal);
        Assert.True(CaseRunner.Run(CaseFiles.Read("written.yaml", text).Single()).Passed);
    }

    private static IEnumerable<string> Differences(RuleCase one) => CaseRunner.Run(one).Differences.Select(difference =>
        $"line {difference.Line}: {difference.What}: expected {difference.Expected}, got {difference.Got}");

    private static CaseWorld Played(RuleCase one)
    {
        var world = new CaseWorld(one.Rulebook, one.Student);
        foreach (var step in one.Given)
        {
            world.Open(step.Known);
            foreach (var command in step.Commands)
                world.Send(command);
        }

        return world;
    }
}
