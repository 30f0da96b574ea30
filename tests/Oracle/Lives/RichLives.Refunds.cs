using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Lives;

/// <summary>Bills of third-party payment for a student who proves later to have been exempt (B11, K2).</summary>
internal sealed partial class RichLives
{
    private void Refunds(StudentId id, Category category, DateOnly accepted)
    {
        var care = accepted.AddDays(12 + dice.Below(20));
        var (filed, from) = (care.AddDays(15), care.AddDays(dice.Of(-3, 0, 0, 5, 10)));
        if (dice.Chance(40))
            Owed(id, category, accepted);
        if (dice.Chance(10))
            Add(new DecideExemption(id, Next(), care.AddDays(-5), care.AddDays(-5), true, 7, care.AddDays(5)));
        var sheet = Bill(id, care, filed);

        // The provider is paid before the exemption is known, or after it.
        var known = filed.AddDays(dice.Of(3, 9, 30, 30, 60));
        Add(new DecideExemption(id, Next(), from, known, true, 3, from.AddDays(90)));
        if (dice.Chance(25))
            CoveredFor(id, care.AddDays(-1), care.AddDays(2), known.AddDays(dice.Of(-1, 5)));
        Pay(id, sheet, filed.AddDays(5), 0);
        Pay(id, sheet, known.AddDays(15), 1);
        Pay(id, sheet, known.AddDays(30), 2);
        var day = known.AddDays(50);
        if (dice.Chance(35))
            BillComesBack(id, sheet, day);
        if (dice.Chance(45))
            RefundIsOwed(id, sheet, care, from, day.AddDays(30));
        if (dice.Chance(60))
            File(
                id, category, false, dice.Below(40),
                [Line(id, false, accepted.AddDays(5)), Line(id, false, accepted.AddDays(6))], day.AddDays(40));
        if (dice.Chance(40))
            Pay(id, sheet, day.AddDays(120), 3);
        if (dice.Chance(50))
            Recover(id, sheet, day.AddDays(130));
    }

    /// <summary>A bill of which the student bore a share, with a line of an earlier and one of a later day.</summary>
    private ulong Bill(StudentId id, DateOnly care, DateOnly filed)
    {
        var sheet = id.Value * 1_000 + Next() % 1_000;
        var lines = new[] { Billed(id, care), Billed(id, care.AddDays(8)) };
        Add(
            new DepositClaim(
                id, sheet, filed, filed, ClaimWay.ThirdParty, ReferenceData.FundDeskId, dice.Below(40), true,
                FileItems.All, lines));
        Add(new ReceiveClaim(id, sheet, filed.AddDays(2), filed.AddDays(2)));
        Add(new ReviewClaim(id, sheet, filed.AddDays(dice.Of(3, 3, 40)), filed.AddDays(40), dice.Chance(90)));
        return sheet;
    }

    private ClaimLine Billed(StudentId id, DateOnly care)
    {
        var act = dice.Of(Act.Childbirth, Act.CancerTreatment, Act.LaserOrRetinalAngiography, Act.HospitalStay);
        var units = act == Act.HospitalStay ? 3 : 1;
        if (act == Act.HospitalStay)
            Approve(id, act, care, units);
        return new ClaimLine(
            act, CareSector.Private, care, (ushort)units, (uint)(20_003 + dice.Below(90_000)),
            (uint)(20_001 + dice.Below(90_000)),
            Circumstances.Ophthalmologist | Circumstances.ContractedClinic);
    }

    /// <summary>A reimbursement that was paid and is owed back, for a coverage of some days is learnt late.</summary>
    private void Owed(StudentId id, Category category, DateOnly accepted)
    {
        var (sheet, care) = (id.Value * 1_000 + Next() % 1_000, accepted.AddDays(3));
        var day = care.AddDays(2);
        ClaimLine[] lines = [new(Act.Specialist, CareSector.Private, care, 1, 20_000, 0)];
        Add(
            new DepositClaim(
                id, sheet, day, day, ClaimWay.Reimbursement, Desk(category, false), 0, true, FileItems.All, lines));
        Add(new ReceiveClaim(id, sheet, day, day));
        Add(new ReviewClaim(id, sheet, day, day, true));
        Pay(id, sheet, day, 0);
        Add(new ReportOtherCoverage(id, Next(), care, day.AddDays(12), CoverageKind.Ramed, true, CoverageHolder.Own));
        Add(
            new EndOtherCoverage(
                id, Next(), care.AddDays(1), day.AddDays(12), CoverageKind.Ramed, CoverageHolder.Own, true));
    }

    /// <summary>A payment to the provider or to the student comes back, and is ordered again.</summary>
    private void BillComesBack(StudentId id, ulong sheet, DateOnly day)
    {
        Add(new ReportPaymentReturned(id, sheet, day, day, dice.Of(0, 1, 2, 2)));
        if (dice.Chance(80))
        {
            Add(new ReissuePayment(id, sheet, day.AddDays(5), day.AddDays(5)));
            Add(new ConfirmPayment(id, sheet, day.AddDays(10), day.AddDays(10)) { Attempt = 9 });
        }
    }

    /// <summary>
    /// The exemption is taken back, or the student was covered elsewhere on days of care: then the provider owes too.
    /// </summary>
    private void RefundIsOwed(StudentId id, ulong sheet, DateOnly care, DateOnly from, DateOnly day)
    {
        if (dice.Chance(50))
            Add(new CorrectFact(id, Next(), from, day, CommandKind.DecideExemption));
        if (dice.Chance(60))
            CoveredFor(id, care.AddDays(-1), care.AddDays(dice.Of(2, 40)), day);
        if (dice.Chance(40))
            Recover(id, sheet, day.AddDays(3));
        if (dice.Chance(40))
            Add(new DecideExemption(id, Next(), care.AddDays(8), day.AddDays(10), true, 5, care.AddDays(90)));
    }

    private void CoveredFor(StudentId id, DateOnly from, DateOnly last, DateOnly known)
    {
        Add(new ReportOtherCoverage(id, Next(), from, known, CoverageKind.ArmedForces, true, CoverageHolder.Other));
        Add(new EndOtherCoverage(id, Next(), last, known, CoverageKind.ArmedForces, CoverageHolder.Other, true));
    }

    private void Recover(StudentId id, ulong sheet, DateOnly day)
    {
        for (byte attempt = 1; attempt <= 2; attempt++)
            Add(
                new RecoverOverpayment(
                    id, sheet, day, day, dice.Of(100, 1_000, 3_000, 30_000),
                    dice.Of(Payee.None, Payee.None, Payee.Student, Payee.Provider))
                {
                    Attempt = (byte)(attempt + 2 * dice.Below(8))
                });
    }
}
