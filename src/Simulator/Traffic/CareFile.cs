using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>One claim as its papers tell it: when the care was, which acts, what they cost, what is missing. Drawn again whenever it is asked for.</summary>
internal readonly struct CareFile(Scenario scenario, Draws draws, int number, bool chronic)
{
    public const int LinesMax = 8;

    private readonly CareModel _care = scenario.Care;

    public Episode Episode { get; } = draws.Pick(Lot.Episode, chronic ? scenario.Care.Chronic : scenario.Care.Ordinary, number);

    public DateOnly CareDate => scenario.Horizon.Opens.AddDays(draws.Pick(Lot.CareDay, _care.Days, number));

    /// <summary>The way the file is sent, which is now and then not the one the act is paid by.</summary>
    public ClaimWay Way => Episode.ThirdParty != draws.Chance(Lot.WayChanged, Episode.WayChanged, number) ? ClaimWay.ThirdParty : ClaimWay.Reimbursement;

    /// <summary>Admitted first, cover asked for after (K2).</summary>
    public bool IsEmergency => draws.Chance(Lot.Emergency, Episode.Emergency, number);

    public bool AsksApproval => Episode.NeedsApproval && draws.Chance(Lot.ApprovalAsked, _care.Approvals.Asked, number);

    public int UnitsAsked => draws.Range(Lot.Units, Episode.Units, number);

    public int UnitsGranted => draws.Pick(Lot.ApprovalAnswer, _care.Approvals.Answers, number) switch
    {
        ApprovalAnswer.Granted => UnitsAsked,
        ApprovalAnswer.InPart => (UnitsAsked + 1) / 2,
        _ => 0,
    };

    /// <summary>How long before the care approval is asked for; so long, for some, that it has lapsed by then.</summary>
    public int ApprovalLead(bool mayBeStale) => mayBeStale && draws.Chance(Lot.ApprovalStale, _care.Approvals.Stale, number)
        ? draws.Range(Lot.ApprovalLead, _care.Approvals.StaleLead, number)
        : draws.Range(Lot.ApprovalLead, _care.Approvals.Lead, number);

    /// <summary>Fills the lines and says how many there are.</summary>
    public int Fill(Span<ClaimLine> lines)
    {
        var (date, sector, circumstances) = (CareDate, Sector, Circumstances);
        var (count, last) = (0, Episode.Lines.Count - 1);
        for (var i = 0; i <= last; i++)
        {
            var line = Episode.Lines[i];

            // A sheet has at least one act: the last is there when no other is.
            if (draws.Chance(Lot.LineTaken, line.Chance, number << 8 | i) || (i == last && count == 0))
                lines[count++] = Line(line.Act, i, QuantityOf(line.Act, i), date, sector, circumstances);
        }

        if (Episode.NeedsApproval && lines[0].Quantity > 1 && draws.Chance(Lot.SplitLine, _care.Approvals.SplitLine, number))
        {
            var (act, quantity) = (lines[0].Act, (int)lines[0].Quantity);
            lines[0] = Line(act, 0, (quantity + 1) / 2, date, sector, circumstances);
            lines[count++] = Line(act, LinesMax, quantity / 2, date, sector, circumstances);
        }

        return count;
    }

    /// <summary>What the file lacks when it is first brought (K5).</summary>
    public FileItems Missing(FileItems required)
    {
        var missing = FileItems.None;
        if (!draws.Chance(Lot.Incomplete, scenario.Filing.Incomplete, number))
            return missing;
        var count = draws.Pick(Lot.MissingCount, scenario.Filing.MissingItems, number);
        for (var i = 0; i < count; i++)
            missing |= Nth(required, draws.Range(Lot.MissingItem, new Between(0, int.PopCount((int)required) - 1), number << 8 | i));
        return missing;
    }

    /// <summary>What of the missing is brought the first time; the rest, where there is one, the second.</summary>
    public FileItems BroughtFirst(FileItems missing)
    {
        var first = Nth(missing, 0);
        return missing != first && draws.Chance(Lot.CompletesInPart, scenario.Filing.CompletesInPart, number) ? first : missing;
    }

    private CareSector Sector => Episode.Abroad ? CareSector.Abroad
        : draws.Chance(Lot.Sector, Episode.Public, number) ? CareSector.Public : CareSector.Private;

    private Circumstances Circumstances =>
        (draws.Chance(Lot.Contracted, Episode.Contracted, number) ? Circumstances.ContractedClinic : Circumstances.None)
        | (IsEmergency ? Circumstances.Emergency : Circumstances.None)
        | (draws.Chance(Lot.Ophthalmologist, Episode.Ophthalmologist, number) ? Circumstances.Ophthalmologist : Circumstances.None)
        | (draws.Chance(Lot.Justified, Episode.Justified, number) ? Circumstances.AbroadJustified : Circumstances.None);

    /// <summary>For an act under approval the units asked for, and now and then one more.</summary>
    private int QuantityOf(Act act, int line) => Episode.NeedsApproval
        ? UnitsAsked + (draws.Chance(Lot.UnitsOver, _care.Approvals.UnitsOver, number) ? 1 : 0)
        : draws.Delay(Lot.Quantity, _care.Amounts[(int)act].Quantity, number << 8 | line);

    private ClaimLine Line(Act act, int line, int quantity, DateOnly date, CareSector sector, Circumstances circumstances)
    {
        ref readonly var amounts = ref _care.Amounts[(int)act];
        var paid = draws.Delay(Lot.Amount, amounts.UnitCentimes, number << 8 | line) * (long)quantity;
        var reference = paid * draws.Range(Lot.Reference, amounts.ReferencePerMille, number << 8 | line) / 1000;
        return new ClaimLine(act, sector, date, (ushort)quantity, (uint)paid, (uint)reference, circumstances);
    }

    private static FileItems Nth(FileItems items, int n)
    {
        var bits = (uint)items;
        for (; n > 0; n--)
            bits &= bits - 1;
        return (FileItems)(bits & (~bits + 1));
    }
}
