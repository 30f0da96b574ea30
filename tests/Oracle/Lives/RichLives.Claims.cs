using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Lives;

/// <summary>Care, its sheets, approvals, prostheses and payments.</summary>
internal sealed partial class RichLives
{
    private void Care(StudentId id, Category category, DateOnly care)
    {
        var isThirdParty = dice.Chance(20);
        var lines = new ClaimLine[1 + dice.Below(3)];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = Line(id, isThirdParty, care);
        var provider = dice.Below(40);
        var filed = care.AddDays(dice.Chance(80) ? 3 + dice.Below(30) : 200);
        File(id, category, isThirdParty, provider, lines, filed);
        if (dice.Chance(18))
            File(id, category, isThirdParty, provider, lines, filed.AddDays(5 + dice.Below(40)));

        // By the wrong way first, then by the right one (X1).
        if (dice.Chance(6))
            File(id, category, !isThirdParty, provider + 1, lines, filed.AddDays(5 + dice.Below(40)));
        if (dice.Chance(12))
            File(
                id, category, isThirdParty, provider,
                [.. lines.Select(line => line with { PaidCentimes = line.PaidCentimes + 1_050 })],
                filed.AddDays(5 + dice.Below(40)));
    }

    private void File(
        StudentId id, Category category, bool isThirdParty, int provider, ClaimLine[] lines, DateOnly filed)
    {
        var sheet = id.Value * 1_000 + Next() % 1_000;
        var items = dice.Chance(85)
            ? FileItems.All
            : FileItems.All
                & ~(FileItems.StudentCin | FileItems.TotalExpense | FileItems.Invoice | FileItems.PractitionerStamp);
        Add(
            new DepositClaim(
                id, sheet, filed, filed, isThirdParty ? ClaimWay.ThirdParty : ClaimWay.Reimbursement,
                Desk(category, isThirdParty), provider, true, items, lines));
        if (items != FileItems.All)
            Add(new CompleteClaim(id, sheet, filed.AddDays(5), filed.AddDays(5), FileItems.All));
        Complete(id, sheet, lines, filed.AddDays(6));
        Add(new ReceiveClaim(id, sheet, filed.AddDays(10), filed.AddDays(10)));
        var day = filed.AddDays(12);
        if (dice.Chance(80))
            Add(new ResolveDuplicate(id, sheet, day, day, dice.Chance(50)));
        if (dice.Chance(90))
            Add(new ReviewClaim(id, sheet, day.AddDays(2), day.AddDays(2), dice.Chance(70)));
        Pay(id, sheet, day.AddDays(5 + dice.Below(20)), 0);
        if (dice.Chance(20))
            ComesBack(id, sheet, day.AddDays(40));
        if (dice.Chance(30))
            Pay(id, sheet, day.AddDays(60 + dice.Below(20)), 1);
        if (dice.Chance(20))
            Appeal(id, sheet, day.AddDays(90 + dice.Below(60)));
        if (dice.Chance(10))
            Add(new ReopenClaim(id, sheet, day.AddDays(170), day.AddDays(170)));
        if (dice.Chance(15))
            Add(
                new RecoverOverpayment(
                    id, sheet, day.AddDays(180 + dice.Below(30)), day.AddDays(210), dice.Of(500, 1_000, 3_000, 6_400)));
        if (dice.Chance(50))
            Pay(id, sheet, day.AddDays(230 + dice.Below(60)), 2);
        if (dice.Chance(15))
            Add(
                new ReportPaymentReturned(
                    id, sheet, day.AddDays(300), day.AddDays(300), dice.Of(0, 1, 2))
                { Attempt = 3 });
    }

    /// <summary>Brings prices and descriptions that were missing; now and then something else with them.</summary>
    private void Complete(StudentId id, ulong sheet, ClaimLine[] lines, DateOnly day)
    {
        if (!Array.Exists(
            lines,
            line =>
                line.ReferenceCentimes == 0
                    || IsProsthesis(line.Act) && (line.Prosthesis.Elements == 0 || line.Prosthesis.Teeth == 0))
                        || dice.Chance(15))
            return;
        if (dice.Chance(20))
            Add(
                new CompleteClaim(
                    id, sheet, day, day, FileItems.None,
                    [.. lines.Select(line => line with { PaidCentimes = line.PaidCentimes + 1 })])
                { Attempt = 1 });
        Add(
            new CompleteClaim(
                id, sheet, day.AddDays(1), day.AddDays(1), FileItems.All,
                [.. lines.Select(Completed)])
            { Attempt = 2 });
    }

    private ClaimLine Completed(ClaimLine line)
    {
        var completed = line.ReferenceCentimes > 0
            ? line
            : line with
            {
                ReferenceCentimes = 5_000,
                GenericCentimes = line.GenericCentimes == 0 && dice.Chance(30) ? 3_001 : line.GenericCentimes
            };
        return !IsProsthesis(line.Act) ? completed : completed with
        {
            Prosthesis = new Prosthesis(
                line.Prosthesis.Elements == 0 ? (byte)3 : line.Prosthesis.Elements,
                line.Prosthesis.Teeth == 0 ? Prosthesis.UpperJaw : line.Prosthesis.Teeth),
        };
    }

    /// <summary>Two prostheses some time apart, the files in either order, at the same place or another (B6).</summary>
    private void Prostheses(StudentId id, Category category, DateOnly accepted)
    {
        var act = dice.Of(Act.LongBridge, Act.PartialDenture);
        var first = accepted.AddDays(dice.Of(-1_900, -30, 5, 20));
        var second = dice.Chance(20)
            ? first.AddYears(5).AddDays(dice.Below(3) - 1)
            : accepted.AddDays(30 + dice.Below(120));
        var filed = Latest(first, Latest(second, accepted)).AddDays(10);
        List<DateOnly> cares = dice.Chance(50) ? [first, second] : [second, first];
        foreach (var care in cares.Where(care => care >= new DateOnly(2019, 1, 1)))
        {
            File(id, category, false, dice.Below(40), [Stated(act, care)], filed);
            filed = filed.AddDays(dice.Below(60));
        }
    }

    /// <summary>
    /// A prosthesis filed again for another amount and place, held as a possible duplicate, after it made a later one
    /// at that place too recent, which may be on the same file (B6, X1).
    /// </summary>
    private void RepeatedProstheses(StudentId id, Category category, DateOnly accepted)
    {
        var (act, provider) = (dice.Of(Act.LongBridge, Act.PartialDenture), 1 + dice.Below(30));
        var (first, second) = (accepted.AddDays(5), accepted.AddDays(20 + dice.Below(30)));
        var elements = (byte)(act == Act.LongBridge ? 3 : 5);
        var (here, there) = (new Prosthesis(elements, Prosthesis.Tooth(21)),
            new Prosthesis(elements, Prosthesis.Tooth(41)));
        var repeated = Stated(act, first) with { Prosthesis = there };
        var later = Stated(act, second) with { Prosthesis = there };
        var filed = second.AddDays(10);
        File(
            id, category, false, provider,
            [repeated with { PaidCentimes = repeated.PaidCentimes + 1_050, Prosthesis = here }], filed);
        var isOnOneFile = dice.Chance(30);
        File(id, category, false, provider, isOnOneFile ? [later, repeated] : [repeated], filed.AddDays(15));
        if (!isOnOneFile)
            File(id, category, false, provider, [later], filed.AddDays(dice.Of(5, 16, 12, 40)));
    }

    private ClaimLine Stated(Act act, DateOnly care) => new(
        act, CareSector.Private, care, 1, (uint)(40_003 + dice.Below(90_000)), (uint)(30_001 + dice.Below(90_000)),
        Prosthesis: Place(act));

    private Prosthesis Place(Act act)
    {
        var elements = act == Act.PartialDenture ? dice.Of(3, 4, 6, 10, 11) : dice.Of(2, 3, 3, 4, 5);
        var (front, side) = (Prosthesis.Tooth(11) | Prosthesis.Tooth(12) | Prosthesis.Tooth(13),
            Prosthesis.Tooth(13) | Prosthesis.Tooth(14) | Prosthesis.Tooth(15));
        var teeth = dice.Of(
            front, side, front, Prosthesis.Tooth(31) | Prosthesis.Tooth(32), Prosthesis.UpperJaw, Prosthesis.LowerJaw);
        return new Prosthesis((byte)(dice.Chance(4) ? 0 : elements), dice.Chance(4) ? 0 : teeth);
    }

    private static bool IsProsthesis(Act act) => act is Act.LongBridge or Act.BridgeRenewal or Act.PartialDenture;

    /// <summary>
    /// Paid in two parts, for a coverage was reported and taken back, and perhaps by two methods; then one of the
    /// payments comes back (K8, X6).
    /// </summary>
    private void PaidInParts(StudentId id, in EnrolmentRecord enrolment, DateOnly accepted)
    {
        var sheet = id.Value * 1_000 + Next() % 1_000;
        var (care, covered) = (accepted.AddDays(5), accepted.AddDays(10));
        var day = covered.AddDays(10);
        Add(new ReportOtherCoverage(id, Next(), covered, covered, CoverageKind.Ramed, true, CoverageHolder.Own));
        ClaimLine[] lines = [
            new(Act.Specialist, CareSector.Private, care, 1, 20_000, 0),
            new(Act.Biology, CareSector.Public, covered.AddDays(2), 40, 9_999, 0)
        ];
        Add(
            new DepositClaim(
                id, sheet, day, day, ClaimWay.Reimbursement, Desk(enrolment.Category, false), 0, true, FileItems.All,
                lines));
        Add(new ReceiveClaim(id, sheet, day.AddDays(2), day.AddDays(2)));
        Add(new ReviewClaim(id, sheet, day.AddDays(3), day.AddDays(3), true));
        Pay(id, sheet, day.AddDays(4), 0);
        Add(
            new CorrectFact(
                id, Next(), covered, day.AddDays(15), CommandKind.ReportOtherCoverage, CoverageKind.Ramed,
                CoverageHolder.Own));
        var moved = enrolment with
        {
            Institution = enrolment.Institution + 20,
            HasBankAccount = !enrolment.HasBankAccount
        };
        if (dice.Chance(60))
            Add(new Declare(id, Next(), day.AddDays(16), day.AddDays(16), moved, CoverageKind.None, 2025));
        Pay(id, sheet, day.AddDays(18), 1);
        ComesBack(id, sheet, day.AddDays(40));
        if (dice.Chance(50))
            Add(
                new ReportPaymentReturned(
                    id, sheet, day.AddDays(60), day.AddDays(60), dice.Of(0, 1, 2, 3))
                { Attempt = 1 });
    }

    private void Pay(StudentId id, ulong sheet, DateOnly day, byte attempt)
    {
        Add(new OrderPayment(id, sheet, day, day) { Attempt = attempt });
        if (dice.Chance(90))
            Add(
                new ConfirmPayment(
                    id, sheet, day.AddDays(8), day.AddDays(8),
                    dice.Of(0, 0, 0, 0, 0, 1, attempt + 1, 2))
                { Attempt = attempt });
    }

    private void ComesBack(StudentId id, ulong sheet, DateOnly day)
    {
        Add(new ReportPaymentReturned(id, sheet, day, day, dice.Of(0, 0, 1, 2)));
        if (dice.Chance(70))
        {
            Add(new ReissuePayment(id, sheet, day.AddDays(10), day.AddDays(10)));
            Add(new ConfirmPayment(id, sheet, day.AddDays(15), day.AddDays(15)) { Attempt = 9 });
        }
    }

    private void Appeal(StudentId id, ulong sheet, DateOnly day)
    {
        Add(new AppealClaim(id, sheet, day, day));
        Add(new DecideAppeal(id, sheet, day.AddDays(20), day.AddDays(20), dice.Chance(70)));
    }

    private ClaimLine Line(StudentId id, bool isThirdParty, DateOnly care)
    {
        var act = isThirdParty
            ? dice.Of(
                Act.HospitalStay, Act.HospitalStay, Act.Childbirth, Act.Dialysis, Act.ListedCostlyMedicine,
                Act.CancerTreatment)
            : dice.Of(
                Act.GeneralPractitioner, Act.GeneralPractitioner, Act.Specialist, Act.OrdinaryMedicine,
                Act.OrdinaryMedicine, Act.Biology, Act.Biology, Act.Glasses, Act.Physiotherapy,
                Act.Physiotherapy, Act.DentalCare, Act.PartialDenture, Act.BridgeRenewal, Act.LongBridge,
                Act.MedicalDevice, Act.Veneer, Act.NonReimbursableMedicine);
        var quantity = act is Act.Biology ? 20 + dice.Below(120) : act is Act.Physiotherapy ? 6 : 1;
        var sector = dice.Chance(50) ? CareSector.Private : CareSector.Public;
        if (Model.Scheme.MayNeedApproval(act) || act == Act.HospitalStay && sector == CareSector.Private)
            Approve(id, act, care, quantity);

        // Centimes that do not come out even, and now and then less than the base.
        var paid = (uint)(4_003 + dice.Below(30_000));
        var circumstances = Circumstances.Ophthalmologist | Circumstances.ContractedClinic;
        var isMedicine = act is Act.OrdinaryMedicine or Act.ListedCostlyMedicine;
        return new ClaimLine(
            act, sector, care, (ushort)quantity, dice.Chance(3) ? paid * 30 : paid,
            dice.Chance(4) ? 0 : (uint)(3_001 + dice.Below(30_000)),
            dice.Chance(90) ? circumstances : dice.Of(Circumstances.None, circumstances | Circumstances.Emergency),
            isMedicine && dice.Chance(40) ? (uint)(2_001 + dice.Below(9_000)) : 0,
            IsProsthesis(act) ? Place(act) : default);
    }

    /// <summary>
    /// Asked for whole or in parts, before the care or long after it; decided once, again, or taken back (B10, T7).
    /// </summary>
    private void Approve(StudentId id, Act act, DateOnly care, int units)
    {
        if (dice.Chance(12))
            return;
        var left = units;
        while (left > 0)
        {
            var asked = dice.Chance(70) ? left : 1 + dice.Below(left);
            Decide(id, act, care, asked);
            left -= asked;
        }
    }

    private void Decide(StudentId id, Act act, DateOnly care, int units)
    {
        var reference = Next();
        var from = care.AddDays(-dice.Of(0, 5, 20, 60, 90, -1));
        var known = dice.Chance(65) ? from : care.AddDays(20 + dice.Below(120));
        Add(new RequestApproval(id, reference, known.AddDays(-2), known.AddDays(-2), act, units + dice.Of(0, 0, 2)));
        Add(new DecideApproval(id, reference, from, known, Granted()));
        if (dice.Chance(20))
            Add(
                new DecideApproval(
                    id, reference, dice.Chance(80) ? from : from.AddDays(1), known.AddDays(dice.Below(90)),
                    Granted())
                { Attempt = 1 });
        if (dice.Chance(15))
        {
            var corrected = known.AddDays(dice.Below(120));
            Add(
                new CorrectFact(
                    id, Next(), from, corrected, CommandKind.DecideApproval, Request: dice.Chance(60) ? reference : 0));
            if (dice.Chance(50))
                Add(
                    new DecideApproval(
                        id, reference, from.AddDays(dice.Of(-1, 1)), corrected.AddDays(5), Granted())
                    { Attempt = 2 });
        }

        int Granted() => dice.Chance(70) ? units : Math.Max(0, dice.Of(units - 1, units - 2, 0, units + 3));
    }

    private static int Desk(Category category, bool isThirdParty) =>
        isThirdParty ? ReferenceData.FundDeskId : ReferenceData.Desks.First(desk => desk.Network == category switch
        {
            Category.Ofppt => DeskNetwork.Ofppt,
            Category.PrivateVocational => DeskNetwork.Fund,
            _ => DeskNetwork.Onousc,
        }).Id;
}
