using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Reference;
using Amoe.Engine.Text;

namespace Amoe.Engine.Cases;

/// <summary>
/// Writes commands as the step of a case that <see cref="StepReader"/> makes them of. It leaves nothing to what is
/// usual but what every file has.
/// </summary>
/// <param name="claims">The number that a claim has in the case, by its sheet number.</param>
/// <param name="approvals">The number that an approval has in the case, by its request's reference.</param>
internal sealed class StepWriter(IReadOnlyDictionary<ulong, int> claims, IReadOnlyDictionary<ulong, int> approvals)
{
    private const int Teeth = 32;

    /// <summary>A step on a line of its own.</summary>
    /// <param name="commands">What happens: one command, or those of a shorthand.</param>
    /// <param name="shorthand">Its name; null for one command.</param>
    /// <param name="gives">What must come of the last; empty: no refusal.</param>
    public string Write(ReadOnlySpan<Command> commands, string? shorthand, IReadOnlyList<string> gives)
    {
        // A shorthand has the keys of its first command, but for the registration: its day is that of ANAM's answer.
        var command = commands is [Declare, .., AnswerFromAnam answer] ? answer : commands[0];
        var step = new FlowMap().Add("on", command.Effective);
        if (command.Known != command.Effective)
            step.Add("known", command.Known);
        step.Add("what", shorthand ?? SnakeCase<CommandKind>.NameOf(command.Kind));
        if (command is ClaimCommand claim)
            step.Add("claim", claims[claim.Claim]);
        if (commands is [Declare { Effective: var enrolled } declared, _, ..])
            AddEnrolment(step, declared.Enrolment).Add("year", declared.Year).Add("enrolled", enrolled);
        AddContent(step, command);
        if (gives.Count > 0)
            step.AddNames("gives", gives);
        return step.ToString();
    }

    /// <summary>Nothing happens, and the day comes.</summary>
    public static string Day(DateOnly day) => new FlowMap().Add("on", day).Add("what", "day").ToString();

    private void AddContent(FlowMap step, Command command)
    {
        switch (command)
        {
            case CarryOverRegistration c:
                AddEnrolment(step, c.Enrolment).Add("year", c.Year).Add("right_from", c.RightFrom);
                break;
            case Declare c:
                AddCoverage(AddEnrolment(step, c.Enrolment).Add("year", c.Year), c.Coverage, c.Holder);
                break;
            case ForwardApplication c:
                step.AddName("desk", c.Desk);
                break;
            case AnswerFromAnam c:
                AddCoverage(step, c.Coverage, c.Holder);
                break;
            case ResendRegistration c:
                step.Add("year", c.Year);
                break;
            case PayContribution c:
                step.AddAmount("amount", c.AmountCentimes).Add("institution", c.Institution).Add("year", c.Year);
                break;
            case ReceiveContribution c:
                step.AddAmount("amount", c.AmountCentimes).Add("year", c.Year);
                break;
            case PresentReceipt c:
                step.Add("institution", c.Institution);
                break;
            case ReportOtherCoverage c:
                AddCoverage(step, c.Coverage, c.Holder).Add("by_anam", c.ByAnam);
                break;
            case EndOtherCoverage c:
                AddCoverage(step, c.Coverage, c.Holder).Add("by_anam", c.ByAnam);
                break;
            case InterruptStudies c:
                step.AddName("reason", c.Reason);
                break;
            case ChangeInterruptionReason c:
                step.AddName("reason", c.Reason);
                break;
            case DecideExemption c:
                step.Add("granted", c.Granted).Add("illness", c.Illness).Add("until", c.Until);
                break;
            case RequestApproval c:
                step.Add("approval", approvals[c.Reference]).AddName("act", c.Act).Add("units", c.Units);
                break;
            case DecideApproval c:
                step.Add("approval", approvals[c.Reference]).Add("units", c.Units);
                break;
            case CorrectFact c:
                AddCoverage(step.AddName("fact", c.Fact), c.Coverage, c.Holder);
                if (c.Request != 0)
                    step.Add("approval", approvals[c.Request]);
                break;
            default:
                AddClaim(step, command);
                break;
        }
    }

    private static void AddClaim(FlowMap step, Command command)
    {
        switch (command)
        {
            case DepositClaim c:
                step.AddName("way", c.Way).Add("provider", c.Provider);
                step.AddName("desk", ReferenceData.Desk(c.Desk).Network);
                AddItems(step, c.Items);
                step.AddAll("lines", c.Lines.Select(Line));
                break;
            case CompleteClaim c:
                step.AddNames("brings", NamesOf(c.Items));
                if (c.Lines.Length > 0)
                    step.AddAll("lines", c.Lines.Select(Line));
                break;
            case ConfirmPayment { Payment: > 0 } c:
                step.Add("payment", c.Payment);
                break;
            case ReportPaymentReturned { Payment: > 0 } c:
                step.Add("payment", c.Payment);
                break;
            case ReviewClaim c:
                step.Add("granted", c.Granted);
                break;
            case ResolveDuplicate c:
                step.Add("is_duplicate", c.IsDuplicate);
                break;
            case DecideAppeal c:
                step.Add("granted", c.Granted);
                break;
            case RecoverOverpayment c:
                step.AddAmount("amount", c.AmountCentimes)
                    .AddName("payee", c.Attempt >= LedgerDecider.FirstAttempt ? Payee.Provider : c.Payee);
                break;
        }
    }

    private static FlowMap AddEnrolment(FlowMap step, in EnrolmentRecord enrolment) => step
        .AddName("category", enrolment.Category)
        .AddName("cycle", enrolment.Cycle)
        .Add("born", enrolment.BirthDate)
        .Add("paid_track", enrolment.PaidTrack)
        .Add("institution", enrolment.Institution)
        .Add("bank_account", enrolment.HasBankAccount);

    private static FlowMap AddCoverage(FlowMap step, CoverageKind coverage, CoverageHolder holder) =>
        step.AddName("coverage", coverage).AddName("holder", holder);

    /// <summary>What the file lacks, or what it has where that is less.</summary>
    private static void AddItems(FlowMap step, FileItems items)
    {
        var (has, lacks) = (NamesOf(items), NamesOf(FileItems.All & ~items));
        if (has.Count < lacks.Count)
            step.AddNames("has", has);
        else if (lacks.Count > 0)
            step.AddNames("without", lacks);
    }

    /// <summary>The items by name, each.</summary>
    public static IReadOnlyList<string> NamesOf(FileItems items) =>
        [.. SnakeCase<FileItems>.Values.Where(item => item != FileItems.All && items.HasFlag(item))
            .Select(SnakeCase<FileItems>.NameOf)];

    private static string Line(ClaimLine line)
    {
        var map = new FlowMap().AddName("act", line.Act).AddName("sector", line.Sector).Add("care", line.CareDate);
        if (line.Quantity != 1)
            map.Add("quantity", line.Quantity);
        map.AddAmount("paid", line.PaidCentimes);
        if (line.ReferenceCentimes > 0)
            map.AddAmount("reference", line.ReferenceCentimes);
        if (line.GenericCentimes > 0)
            map.AddAmount("generic", line.GenericCentimes);
        if (line.Prosthesis.Elements > 0)
            map.Add("elements", line.Prosthesis.Elements);
        if (line.Prosthesis.Teeth != 0)
            map.AddNames("teeth", TeethOf(line.Prosthesis.Teeth));
        if (line.Circumstances != Circumstances.None)
            map.AddNames("circumstances", [.. SnakeCase<Circumstances>.Values
                .Where(one => line.Circumstances.HasFlag(one)).Select(SnakeCase<Circumstances>.NameOf)]);
        return map.ToString();
    }

    private static IReadOnlyList<string> TeethOf(uint teeth) => teeth switch
    {
        Prosthesis.UpperJaw => ["upper"],
        Prosthesis.LowerJaw => ["lower"],
        _ => [.. Enumerable.Range(0, Teeth).Where(bit => (teeth & 1u << bit) != 0).Select(bit =>
            string.Create(CultureInfo.InvariantCulture, $"{bit / 8 + 1}{bit % 8 + 1}"))],
    };
}
