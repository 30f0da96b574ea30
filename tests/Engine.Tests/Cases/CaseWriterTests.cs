using Amoe.Engine.Cases;
using Amoe.Engine.Domain;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

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
            for (var student = 1; student <= one.Students.Count; student++)
            {
                var text = CaseWriter.Write(world.Reading(student), "memory");
                var read = CaseReader.Read("written.yaml", text, one.Rulebook);
                if (read.Errors.Count > 0 || !CaseRunner.Run(read.Cases.Single()).Passed)
                    wrong.Add($"{one.Name}\n{string.Join('\n', read.Errors.Concat(read.Cases.SelectMany(Differences)))}\n{text}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of them:\n{string.Join('\n', wrong.Take(3))}");
    }

    [Fact]
    public void What_was_known_to_be_different_in_a_journal_fails_as_a_case()
    {
        using var world = Played(CaseFiles.All.First(one => one.Name.StartsWith("drawn by lot: drawn", StringComparison.Ordinal)));
        var text = CaseWriter.Write(world.Reading(1), "memory");

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
        var text = CaseWriter.Write(world.Reading(1), "memory");

        Assert.Contains(
            "\n      # 2023-11-10: deposit_claim of 2023-11-10 gave refused, patient_not_student; a journal does not keep what was refused.\n",
            text, StringComparison.Ordinal);
        Assert.Contains(
            "\n      - { on: 2023-11-11, what: order_payment, claim: 1, gives: [refused, claim_unknown] }\n", text,
            StringComparison.Ordinal);
        Assert.True(CaseRunner.Run(CaseFiles.Read("written.yaml", text).Single()).Passed);
    }

    [Fact]
    public void A_history_is_written_in_shorthands_where_they_say_the_same()
    {
        var one = CaseFiles.Read("mine.yaml", """
            cases:
              - case: all shorthands
                rules: [C3]
                student: { category: private_higher_education }
                given:
                  - { on: 2023-09-20, what: registered, enrolled: 2023-09-18 }
                  - { on: 2023-09-25, what: contributed }
                  - { on: 2023-10-01, what: approved, act: physiotherapy, units: 10 }
                  - { on: 2023-11-10, what: claim }
                  - { on: 2023-11-12, what: paid }
                  - { on: 2023-11-20, what: paid_claim, claim: 2, care: 2023-11-19 }
                  - { on: 2023-11-21, what: deposit_claim, claim: 3, without: student_cin, gives: claim_returned }
                  - { on: 2023-11-21, what: receive_claim, claim: 3, gives: refused }

            """).Single();

        using var world = Played(one);
        var text = CaseWriter.Write(world.Reading(1), "memory");

        Assert.Equal(
            ["registered", "contributed", "approved", "claim", "paid", "paid_claim", "deposit_claim", "receive_claim", "day"],
            text.Split('\n').Where(line => line.Contains(", what: ", StringComparison.Ordinal))
                .Select(line => line.Split(", what: ")[1].Split([',', ' '])[0]));
        Assert.Empty(Differences(CaseFiles.Read("written.yaml", text).Single()));
    }

    [Fact]
    public void What_a_providers_account_set_off_is_a_step_where_other_students_had_a_part_in_it()
    {
        using var world = Played(CaseFiles.All.First(one =>
            one.Name.EndsWith(": less than it owes", StringComparison.Ordinal)));
        var text = CaseWriter.Write(world.Reading(1), "memory");

        Assert.Contains("\n    accounts: false ", text, StringComparison.Ordinal);
        Assert.Contains(
            "\n      - { on: 2024-01-28, what: recover_overpayment, claim: 1, amount: 600.00, payee: provider }\n", text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_the_journal_does_not_give_back_is_named()
    {
        using var world = Played(CaseFiles.Read("mine.yaml", """
            cases:
              - case: one claim
                rules: [B1]
                given:
                  - { on: 2023-09-20, what: registered }
                  - { on: 2023-11-10, what: claim, gives: claim_payable }

            """).Single());
        HistoryEntry[] entries = [.. world.Reading(1).Entries.Select(entry =>
            entry.Header.Kind == CommandKind.DepositClaim
                ? entry with { Header = entry.Header with { Fingerprint = entry.Header.Fingerprint + 1 } }
                : entry)];
        using var journal = new MemoryJournal(
            new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, Rulebook.EmbeddedText, "tests", 0, 0));
        var reading = StudentReading.Of(journal, entries[0].Header.Student, new JournalRulebooks(journal), entries);

        Assert.Matches(
            "^old.amoe: the record [0-9]+ of student [0-9]+, deposit_claim of 2023-11-10 gave done, does not give its command back$",
            Assert.Throws<CaseException>(() => CaseWriter.Write(reading, "old.amoe")).Message);
    }

    private static IEnumerable<string> Differences(RuleCase one) => CaseRunner.Run(one).Differences.Select(difference =>
        $"line {difference.Line}: {difference.What}: expected {difference.Expected}, got {difference.Got}");

    private static CaseWorld Played(RuleCase one)
    {
        var world = new CaseWorld(one);
        foreach (var step in one.Given)
        {
            world.Open(step.Known);
            foreach (var command in step.Commands)
                world.Send(command);
        }

        return world;
    }
}
