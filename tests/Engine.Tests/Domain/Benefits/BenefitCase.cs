using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Tests.Domain.Benefits;

/// <summary>One case of Cases/*.yaml: a line of a claim and what must come of it.</summary>
internal sealed record BenefitCase(string Name, ClaimLine Line, ClaimWay Way, DateOnly Deposited, bool Exempt, int Approved, LineOutcome Expected)
{
    private static readonly string[] Keys =
    [
        "case", "date", "act", "sector", "paid", "reference", "quantity", "way", "circumstances", "exempt", "approved", "deposited", "amount", "reason",
    ];

    public static IReadOnlyList<BenefitCase> All { get; } = [.. Read("benefits.yaml"), .. Read("refusals.yaml")];

    public static List<BenefitCase> Read(string fileName, string yaml)
    {
        var file = new YamlFile(fileName, message => new InvalidDataException(message));
        return [.. file.List(file.Map(file.Parse(yaml), fileName, "cases")["cases"], "cases").Select(row => Of(file, file.Map(row, "a case", Keys)))];
    }

    private static List<BenefitCase> Read(string fileName)
    {
        using var stream = typeof(BenefitCase).Assembly.GetManifestResourceStream("cases/" + fileName)!;
        using var reader = new StreamReader(stream);
        return Read(fileName, reader.ReadToEnd());
    }

    private static BenefitCase Of(YamlFile file, YamlMap map)
    {
        var circumstances = Circumstances.None;
        if (map.Find("circumstances") is { } list)
        {
            foreach (var one in file.List(list, "'circumstances'"))
                circumstances |= file.Name<Circumstances>(one, "'circumstances'");
        }

        var care = file.Date(map["date"], "'date'");
        var quantity = map.Find("quantity") is { } stated ? (ushort)file.Whole(stated, "'quantity'", 1, ushort.MaxValue) : (ushort)1;
        var line = new ClaimLine(
            file.Name<Act>(map["act"], "'act'"), file.Name<CareSector>(map["sector"], "'sector'"), care, quantity, Centimes(file, map["paid"]),
            map.Find("reference") is { } reference ? Centimes(file, reference) : 0, circumstances);
        var reason = map.Find("reason") is { } why ? file.Name<Reason>(why, "'reason'") : Reason.None;
        var expected = new LineOutcome(reason, map.Find("amount") is { } amount ? Centimes(file, amount) : 0);
        if (map.Find("amount") is null == !expected.IsRefused)
            throw file.Error(map.Node, "a case has an amount, or is refused with a reason");
        return new BenefitCase(
            map.Text("case"),
            line,
            map.Find("way") is { } way ? file.Name<ClaimWay>(way, "'way'") : ClaimWay.Reimbursement,
            map.Find("deposited") is { } deposited ? file.Date(deposited, "'deposited'") : care,
            map.Find("exempt") is { } exempt && file.Truth(exempt, "'exempt'"),
            map.Find("approved") is { } approved ? (int)file.Whole(approved, "'approved'", 0, int.MaxValue) : quantity,
            expected);
    }

    private static uint Centimes(YamlFile file, YamlNode node)
    {
        var text = file.Text(node, "an amount");
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dirhams) && decimal.IsInteger(dirhams * 100)
            ? (uint)(dirhams * 100)
            : throw file.Error(node, $"an amount is in dirhams, with two decimals at most, not '{text}'");
    }
}
