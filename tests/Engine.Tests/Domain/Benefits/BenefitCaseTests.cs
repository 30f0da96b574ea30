using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Domain.Benefits;

/// <summary>The cases of Cases/*.yaml, which anyone who knows the scheme can read and add to (B1-B11, K2).</summary>
public sealed class BenefitCaseTests
{
    public static TheoryData<string> Names() => [.. BenefitCase.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_case_is_paid_or_refused_as_it_says(string name)
    {
        var one = Assert.Single(BenefitCase.All, other => other.Name == name);
        var outcome = Adjudication.Price(one.Line, one.Way, one.Deposited, new LineCoverage(Reason.None, one.Exempt, one.Approved), Rulebook.Embedded);
        Assert.Equal((one.Name, one.Expected), (name, outcome));
    }

    [Fact]
    public void Every_act_has_a_case_in_every_sector_of_Morocco_and_every_refusal_of_a_line_by_its_act_has_one()
    {
        foreach (var act in Enum.GetValues<Act>().Where(act => act is not (Act.None or Act.CareAbroad)))
        {
            foreach (var sector in new[] { CareSector.Private, CareSector.Public })
                Assert.Contains(BenefitCase.All, one => one.Line.Act == act && one.Line.Sector == sector);
        }

        Reason[] byTheAct =
        [
            Reason.None, Reason.ActNotCovered, Reason.ApprovalCoversLess, Reason.ThirdPartyNotAllowed, Reason.ThirdPartyOnly, Reason.ClinicNotContracted,
            Reason.NotByOphthalmologist, Reason.AbroadNotJustified, Reason.SectorNotCovered, Reason.MedicineNotReimbursable,
            Reason.NoOphthalmologistConsultation,
        ];
        Assert.Equal(byTheAct, BenefitCase.All.Select(one => one.Expected.Reason).Distinct().Order());
    }

    [Fact]
    public void No_case_pays_more_than_was_spent() =>
        Assert.All(BenefitCase.All, one => Assert.True(one.Expected.AmountCentimes <= one.Line.PaidCentimes, one.Name));

    [Theory]
    [InlineData("act: dentist", "cases.yaml, line 2: 'act' has an unknown name 'dentist'")]
    [InlineData("act: veneer, paid: 1.005", "an amount is in dirhams, with two decimals at most, not '1.005'")]
    [InlineData("act: veneer, paid: 1", "a case has an amount, or is refused with a reason")]
    [InlineData("act: veneer, paid: 1, amount: 1, reason: act_not_covered", "a case has an amount, or is refused with a reason")]
    public void A_case_that_makes_no_sense_says_where(string rest, string message)
    {
        var yaml = $"cases:\n  - {{ case: x, date: 2023-11-10, sector: private, {rest} }}\n";
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => BenefitCase.Read("cases.yaml", yaml)).Message, StringComparison.Ordinal);
    }
}
