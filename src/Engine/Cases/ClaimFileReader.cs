using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Reference;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Cases;

/// <summary>
/// Reads a claim file: its lines, what is in it, and the desk it is handed in at. Unless a case says otherwise it is
/// complete, the student's own, and at the right desk.
/// </summary>
internal static class ClaimFileReader
{
    public static readonly string[] LineKeys = [
        "act", "sector", "care", "quantity", "paid", "reference", "circumstances", "generic", "elements", "teeth"
    ];

    public static readonly string[] FileKeys = [
        "claim", "way", "provider", "desk", "patient_is_student", "without", "has", "lines", .. LineKeys
    ];

    private const int SomeProvider = 900;
    private const long ConsultationCentimes = 8_000;

    public static DepositClaim Deposit(StepReader step, Category category)
    {
        var fields = step.Fields;
        var way = fields.Name("way", ClaimWay.Reimbursement);
        var (claim, desk) = (step.Claim(),
            fields.Has("desk") ? fields.Name<DeskNetwork>("desk") : RightDesk(category, way));
        var provider = (int)fields.Whole("provider", way == ClaimWay.ThirdParty ? SomeProvider : 0, 0, int.MaxValue);
        var lines = Lines(fields, step.On);
        return step.Make(student => new DepositClaim(
            student, claim, step.On, step.Known, way, DeskOf(desk), provider, fields.Truth("patient_is_student", true),
            Items(fields), lines));
    }

    private static FileItems Items(CaseFields fields)
    {
        if (fields.Has("has") && fields.Has("without"))
            throw fields.Error("says what the file has and what it is without: one of them");
        return fields.Has("has") ? fields.Flags<FileItems>("has") : FileItems.All & ~fields.Flags<FileItems>("without");
    }

    public static ClaimLine[] Lines(CaseFields fields, DateOnly on)
    {
        if (!fields.Has("lines"))
            return [Line(fields, on)];
        if (LineKeys.FirstOrDefault(fields.Has) is { } stray)
            throw fields.Error(stray, "belongs to one of the 'lines'");
        return [.. fields.Maps("lines", "a line", LineKeys).Select(line => Line(line, on))];
    }

    private static ClaimLine Line(CaseFields fields, DateOnly on)
    {
        var act = fields.Name("act", Act.GeneralPractitioner);
        return new ClaimLine(
            act,
            fields.Name("sector", CareSector.Private),
            fields.Date("care", on),
            (ushort)fields.Whole("quantity", 1, 1, ushort.MaxValue),
            Amount(fields, "paid", fields.Has("act") ? null : ConsultationCentimes),
            Amount(fields, "reference", 0),
            fields.Flags<Circumstances>("circumstances"),
            Amount(fields, "generic", 0),
            new Prosthesis((byte)fields.Whole("elements", 0, 0, CommandBounds.ElementsMax), Teeth(fields)));
    }

    /// <summary>A jaw by its name, or teeth by their numbers.</summary>
    private static uint Teeth(CaseFields fields) => fields.Has("teeth")
        ? fields.OneOrMore("teeth", (file, node, named) => file.Text(node, named))
            .Aggregate(0u, (teeth, name) => teeth | Teeth(fields, name))
        : 0;

    private static uint Teeth(CaseFields fields, string name) => name switch
    {
        "upper" => Prosthesis.UpperJaw,
        "lower" => Prosthesis.LowerJaw,
        _ =>
            int.TryParse(name, CultureInfo.InvariantCulture, out var number)
                && number is >= 11 and <= 48
                && number % 10 is >= 1 and <= 8
                ? Prosthesis.Tooth(number)
                : throw fields.Error("teeth", $"must be 'upper', 'lower' or numbers of teeth such as 14, not '{name}'"),
    };

    private static uint Amount(CaseFields fields, string key, long? otherwise)
    {
        var centimes = otherwise is { } usual ? fields.Centimes(key, usual) : fields.Centimes(key);
        return centimes <= uint.MaxValue
            ? (uint)centimes
            : throw fields.Error(key, $"is more than a line can state, {uint.MaxValue / 100m} dirhams");
    }

    private static DeskNetwork RightDesk(Category category, ClaimWay way) =>
        way == ClaimWay.Reimbursement && ClaimDesks.Accepts(category, DeskNetwork.Onousc) ? DeskNetwork.Onousc
        : way == ClaimWay.Reimbursement && ClaimDesks.Accepts(category, DeskNetwork.Ofppt) ? DeskNetwork.Ofppt
        : DeskNetwork.Fund;

    private static int DeskOf(DeskNetwork network) => ReferenceData.Desks.First(desk => desk.Network == network).Id;
}
