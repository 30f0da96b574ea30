using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Explaining;
using Amoe.Engine.Tests.Domain;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>What a completed file brings is named, with what the file said before (K5).</summary>
public sealed class CompletionTests
{
    private const ulong Claim = 501;

    private static readonly ClaimLine Medicine = Say.Care("2023-11-05", Act.OrdinaryMedicine, paid: 9_000);
    private static readonly ClaimLine Bridge = Say.Care("2023-11-06", Act.LongBridge, 200_000, 200_000) with
    {
        Prosthesis = default
    };

    [Fact]
    public void K5_the_prices_and_descriptions_that_were_brought_are_named()
    {
        ClaimLine[] brought =
        [
            Medicine with { ReferenceCentimes = 10_000, GenericCentimes = 8_000 },
            Bridge with
            {
                Prosthesis = new Prosthesis(3, Prosthesis.Tooth(14) | Prosthesis.Tooth(15) | Prosthesis.Tooth(16))
            },
        ];
        using var journal = Recorded.Journal(
            "2024-10-30",
            [
                .. Say.IsAccepted("2023-10-02"), Say.Deposits("2023-11-20", Claim, Medicine, Bridge),
                Say.Completes("2023-11-25", Claim, FileItems.None, lines: brought)
            ]);
        var lines = ExplanationText.Lines(Explainer.Claim(new Explainer(journal).Read(Say.Student), Claim), Language.En)
            .ToList();

        string[] expected =
        [
            "line 1, reference tariff or public price: 100.00 MAD; before: not said",
            "line 1, price of the generic: 80.00 MAD; before: not said",
            "line 2, elements or teeth: 3; before: not said",
            "line 2, teeth: 14; 15; 16; before: not said",
        ];
        Assert.All(
            expected,
            text =>
                Assert.True(
                    lines.Exists(line => line.Contains(text, StringComparison.Ordinal)),
                    $"«{text}» not in:\n{string.Join('\n', lines)}"));
    }

    [Fact]
    public void B10_a_validity_of_approvals_that_is_off_reads_as_no_limit()
    {
        using var journal = Recorded.Journal(
            "2024-10-30",
            [
                .. Say.IsAccepted("2023-10-02"), Say.AsksApproval("2023-10-20", 70),
                Say.ControlGrants("2023-10-21", 70, 3)
            ]);
        var reading = new Explainer(journal).Read(Say.Student);
        var lines = ExplanationText.Lines(Explainer.Student(reading, reading.KnownOn), Language.En);
        Assert.Contains(
            lines, line => line.Contains("validity of a prior approval = no limit set", StringComparison.Ordinal));
    }
}
