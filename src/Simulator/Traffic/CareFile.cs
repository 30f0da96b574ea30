using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>The purpose of a second sheet for an occasion of care.</summary>
internal enum SecondSheet : byte
{
    /// <summary>It is the first sheet.</summary>
    None = 0,

    /// <summary>The same care is claimed once more (X1).</summary>
    SentAgain = 1,

    /// <summary>Another prosthesis of the kind (B6).</summary>
    SecondProsthesis = 2,

    /// <summary>The same care, the right way this time (X1).</summary>
    PresentedAgain = 3,
}

/// <summary>
/// One claim as its papers tell it: when the care was, which acts, what they cost, what is missing. Drawn again
/// whenever it is asked for.
/// </summary>
/// <param name="world">Whose medicines its lines name, and who gave the care.</param>
/// <param name="sheet">The claim's number among its student's, as <see cref="Sheet"/> has it.</param>
internal readonly struct CareFile(Scenario scenario, World world, Draws draws, int sheet, bool chronic)
{
    public const int LinesMax = 8;

    /// <summary>Permanent teeth of one jaw.</summary>
    public const int JawTeeth = 16;

    private const int HalfJaw = JawTeeth / 2;

    private readonly int number = Sheet.CareOf(sheet);
    private readonly CareModel _care = scenario.Care;

    public Episode Episode { get; } = draws.Pick(
        DrawPurpose.Episode, chronic ? scenario.Care.Chronic : scenario.Care.Ordinary, Sheet.CareOf(sheet));

    /// <summary>The day of care. Of a second prosthesis, some time after the first, or before it.</summary>
    public DateOnly CareDate
    {
        get
        {
            var first = scenario.Horizon.Opens.AddDays(draws.Pick(DrawPurpose.CareDay, _care.Days, number));
            return Second != SecondSheet.SecondProsthesis ? first
                : first.AddDays(
                    draws.Chance(DrawPurpose.EarlierCare, _care.Prostheses.Earlier, number)
                        ? -SecondProsthesisAfter
                        : SecondProsthesisAfter);
        }
    }

    public SecondSheet Second => !Sheet.IsAgain(sheet) ? SecondSheet.None
        : IsSentAgain ? SecondSheet.SentAgain
        : HasSecondProsthesis ? SecondSheet.SecondProsthesis
        : SecondSheet.PresentedAgain;

    /// <summary>The same care will be claimed a second time.</summary>
    public bool IsSentAgain => draws.Chance(DrawPurpose.Duplicate, scenario.Detours.Duplicates, number);

    /// <summary>A second prosthesis follows, unless the second sheet is used otherwise.</summary>
    public bool HasSecondProsthesis =>
        IsProsthesis(Episode.Lines[0].Act)
            && draws.Chance(DrawPurpose.ProsthesisAgain, _care.Prostheses.Again, number)
            && !IsSentAgain;

    /// <summary>Days between the two days of care, and between the two deposits.</summary>
    public int SecondProsthesisAfter =>
        draws.Range(DrawPurpose.ProsthesisAgainAfter, _care.Prostheses.AgainAfter, number);

    /// <summary>Sent the wrong way: nothing of it can be paid.</summary>
    public bool IsWrongWay => Episode.WrongWay || draws.Chance(DrawPurpose.WayChanged, Episode.WayChanged, number);

    /// <summary>
    /// The way the file is sent, which is now and then not the one the act is paid by, until it is presented again.
    /// </summary>
    public ClaimWay Way =>
        Episode.ThirdParty
            != (draws.Chance(
                DrawPurpose.WayChanged, Episode.WayChanged, number) != (Second == SecondSheet.PresentedAgain))
                    ? ClaimWay.ThirdParty
                    : ClaimWay.Reimbursement;

    /// <summary>Admitted first, cover asked for after (K2).</summary>
    public bool IsEmergency => draws.Chance(DrawPurpose.Emergency, Episode.Emergency, number);

    public bool AsksApproval =>
        Episode.NeedsApproval && draws.Chance(DrawPurpose.ApprovalAsked, _care.Approvals.Asked, number);

    public int UnitsAsked => draws.Range(DrawPurpose.Units, Episode.Units, number);

    /// <param name="corrected">True once a wrong decision is decided again: fewer units, or some after all.</param>
    public int UnitsGranted(bool corrected)
    {
        var units = draws.Pick(DrawPurpose.ApprovalAnswer, _care.Approvals.Answers, number) switch
        {
            ApprovalAnswer.Granted => UnitsAsked,
            ApprovalAnswer.InPart => (UnitsAsked + 1) / 2,
            _ => 0,
        };
        return !corrected ? units : units == 0 ? UnitsAsked : units / 2;
    }

    /// <summary>How long before the care approval is asked for; for some, very long.</summary>
    public int ApprovalLead(bool mayBeStale) =>
        mayBeStale && draws.Chance(DrawPurpose.ApprovalStale, _care.Approvals.Stale, number)
            ? draws.Range(DrawPurpose.ApprovalLead, _care.Approvals.StaleLead, number)
            : draws.Range(DrawPurpose.ApprovalLead, _care.Approvals.Lead, number);

    /// <summary>Fills the lines as they should be and says how many there are.</summary>
    public int Fill(Span<ClaimLine> lines)
    {
        var (date, sector, circumstances) = (CareDate, Sector, Circumstances);
        var (count, last) = (0, Episode.Lines.Count - 1);
        for (var i = 0; i <= last; i++)
        {
            var line = Episode.Lines[i];

            // A sheet has at least one act: the last is there when no other is.
            if (draws.Chance(DrawPurpose.LineTaken, line.Chance, number << 8 | i) || (i == last && count == 0))
                lines[count++] = Line(line.Act, i, QuantityOf(line.Act, i), date, sector, circumstances);
        }

        if (Episode.NeedsApproval
            && lines[0].Quantity > 1
            && draws.Chance(DrawPurpose.SplitLine, _care.Approvals.SplitLine, number))
        {
            var (act, quantity) = (lines[0].Act, (int)lines[0].Quantity);
            lines[0] = Line(act, 0, (quantity + 1) / 2, date, sector, circumstances);
            lines[count++] = Line(act, LinesMax, quantity / 2, date, sector, circumstances);
        }

        return count;
    }

    /// <summary>
    /// Takes from the lines the price, or the description of a prosthesis, that the file first lacks (K5). False where
    /// it lacks none. A price that the file does not have to state is never missed: nothing would bring it later.
    /// </summary>
    public bool TakeUnsaid(Span<ClaimLine> lines, Rulebook rulebook)
    {
        if (Sheet.IsAgain(sheet))
            return false;
        ref var first = ref lines[0];
        var isUndescribed = first.Prosthesis != default
            && draws.Chance(DrawPurpose.Undescribed, scenario.Filing.Undescribed, number);
        if (isUndescribed)
            first = first with { Prosthesis = default };
        if (!draws.Chance(DrawPurpose.Unpriced, scenario.Filing.Unpriced, number))
            return isUndescribed;
        foreach (ref var line in lines)
        {
            var unpriced = line with { ReferenceCentimes = 0, GenericCentimes = 0 };
            if (unpriced == line || !Adjudication.LacksPrice(unpriced, rulebook))
                continue;
            line = unpriced;
            return true;
        }

        return isUndescribed;
    }

    /// <summary>
    /// The number of the provider, who gives the first line's act in the student's city or, now and then, in another.
    /// </summary>
    public int Provider(Act first, int city)
    {
        if (draws.Chance(DrawPurpose.TreatedElsewhere, _care.Elsewhere, number))
            city = draws.Pick(DrawPurpose.CityOfCare, scenario.Population.Cities, number);
        return world.Providers.Draw(first, Sector, city, draws.Bits(DrawPurpose.Provider, number));
    }

    /// <summary>Which papers the file lacks when it is first brought (K5).</summary>
    public FileItems Missing(FileItems required)
    {
        var missing = FileItems.None;
        if (!draws.Chance(DrawPurpose.Incomplete, scenario.Filing.Incomplete, number))
            return missing;
        var count = draws.Pick(DrawPurpose.MissingCount, scenario.Filing.MissingItems, number);
        for (var i = 0; i < count; i++)
            missing |= Nth(
                required,
                draws.Range(DrawPurpose.MissingItem, new Between(0, int.PopCount((int)required) - 1), number << 8 | i));
        return missing;
    }

    /// <summary>The missing items that are brought the first time; the rest, if any, comes the second time.</summary>
    public FileItems BroughtFirst(FileItems missing)
    {
        var first = Nth(missing, 0);
        return missing != first && draws.Chance(DrawPurpose.CompletesInPart, scenario.Filing.CompletesInPart, number)
            ? first
            : missing;
    }

    /// <summary>Acts whose lines say elements and teeth (B6).</summary>
    public static bool IsProsthesis(Act act) => act is Act.LongBridge or Act.BridgeRenewal or Act.PartialDenture;

    private CareSector Sector => Episode.Abroad ? CareSector.Abroad
        : draws.Chance(DrawPurpose.Sector, Episode.Public, number) ? CareSector.Public : CareSector.Private;

    private Circumstances Circumstances =>
        (draws.Chance(DrawPurpose.Contracted, Episode.Contracted, number)
            ? Circumstances.ContractedClinic
            : Circumstances.None)
        | (IsEmergency ? Circumstances.Emergency : Circumstances.None)
        | (draws.Chance(DrawPurpose.Ophthalmologist, Episode.Ophthalmologist, number)
            ? Circumstances.Ophthalmologist
            : Circumstances.None)
        | (draws.Chance(DrawPurpose.Justified, Episode.Justified, number)
            ? Circumstances.AbroadJustified
            : Circumstances.None);

    /// <summary>For an act under approval the units asked for, and now and then one more.</summary>
    private int QuantityOf(Act act, int line) => Episode.NeedsApproval
        ? UnitsAsked + (draws.Chance(DrawPurpose.UnitsOver, _care.Approvals.UnitsOver, number) ? 1 : 0)
        : draws.Delay(DrawPurpose.Quantity, _care.Amounts[(int)act].Quantity, number << 8 | line);

    private ClaimLine Line(
        Act act, int line, int quantity, DateOnly date, CareSector sector, Circumstances circumstances)
    {
        var (paid, reference, generic) = CostOf(act, quantity, number << 8 | line);
        return new ClaimLine(
            act, sector, date, (ushort)quantity, (uint)paid, (uint)reference, circumstances, (uint)generic,
            IsProsthesis(act) ? ProsthesisOf(act) : default);
    }

    /// <summary>Of medicines what the boxes of one cost, of other acts what is asked for them.</summary>
    private (long Paid, long Reference, long Generic) CostOf(Act act, long quantity, int n)
    {
        if (world.Medicines.Draw(act, draws.Bits(DrawPurpose.Medicine, n)) is { } medicine)
            return (medicine.PriceCentimes * quantity, medicine.ReferenceCentimes * quantity,
                medicine.GenericCentimes * quantity);
        ref readonly var amounts = ref _care.Amounts[(int)act];
        var paid = draws.Delay(DrawPurpose.Amount, amounts.UnitCentimes, n) * quantity;
        var reference = paid * draws.Range(DrawPurpose.Reference, amounts.ReferencePerMille, n) / 1000;
        var hasGeneric = amounts.Generic > 0 && draws.Chance(DrawPurpose.Generic, amounts.Generic, n);
        return (paid, reference,
            hasGeneric ? reference * draws.Range(DrawPurpose.GenericPrice, amounts.GenericPerMille, n) / 1000 : 0);
    }

    /// <summary>Neighbouring teeth of one jaw.</summary>
    private Prosthesis ProsthesisOf(Act act)
    {
        var elements = draws.Pick(
            DrawPurpose.Elements, act == Act.PartialDenture ? _care.Prostheses.Teeth : _care.Prostheses.Elements,
            number);
        var from = draws.Range(DrawPurpose.Teeth, new Between(0, JawTeeth - elements), number);
        var isLower = draws.Bits(DrawPurpose.Jaw, number) >> 63 != 0;
        if (Second == SecondSheet.SecondProsthesis)
            isLower ^= draws.Chance(DrawPurpose.OtherJaw, _care.Prostheses.OtherJaw, number);
        var teeth = 0u;
        for (var i = from; i < from + elements; i++)
            teeth |= Prosthesis.Tooth(NumberOf(i, isLower));
        return new Prosthesis((byte)elements, teeth);
    }

    /// <summary>The number of a tooth, counted along its jaw from the patient's right.</summary>
    private static int NumberOf(int place, bool isLower) => place < HalfJaw
        ? (isLower ? 40 : 10) + HalfJaw - place
        : (isLower ? 30 : 20) + place - HalfJaw + 1;

    private static FileItems Nth(FileItems items, int n)
    {
        var bits = (uint)items;
        for (; n > 0; n--)
            bits &= bits - 1;
        return (FileItems)(bits & (~bits + 1));
    }
}
