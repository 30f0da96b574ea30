using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain;

/// <summary>Commands drawn at random, such that most find something to do.</summary>
internal static class AnyCommand
{
    private const int Sheets = 8;
    private static readonly Act[] Prostheses = [Act.PartialDenture, Act.LongBridge, Act.BridgeRenewal];

    /// <summary>Any command to a student, or to one of his claims.</summary>
    public static Command Of(Random random, DateOnly day, StudentAggregate student)
    {
        var known = Text(day);
        var on = Text(day.AddDays(-random.Next(4) * random.Next(60)));
        var year = day.Month >= 8 ? day.Year : day.Year - 1;
        var enrolment = (random.Next(3) == 0 ? Public() : Private()) with { HasBankAccount = random.Next(2) == 0 };
        var coverage = random.Next(4) == 0 ? CoverageKind.Cnss : CoverageKind.None;
        var reason = (InterruptionReason)random.Next(9);
        return random.Next(30) switch
        {
            0 => Declares(known, enrolment, coverage, year),
            1 or 2 => Declares(known, enrolment with { Institution = random.Next(4) == 0 ? 22 : 11 }, year: year),
            3 or 4 => Forwards(known),
            5 or 6 => Transmits(known),
            7 => AnamFinds(known, coverage),
            8 => AnamFinds(known, coverage) with { Effective = day.AddDays(-random.Next(200)) },
            9 => Resends(known, year),
            10 => Pays(known, AnyAmount(random), random.Next(3) == 0 ? 22 : 11, year - random.Next(2)),
            11 => FundReceives(on, known, AnyAmount(random), year - random.Next(2)),
            12 => ShowsReceipt(known, 22),
            13 => HasCoverage(random, on, known),
            14 => LosesCoverage(random, on, known),
            15 => Interrupts(on, reason, known),
            16 => ChangesReason(on, reason, known),
            17 => Resumes(on, known),
            18 => AsksApproval(known, (ulong)random.Next(6), Act.Physiotherapy, random.Next(1, 9)),
            19 => Decides(random, on, known, student.Insurance),
            20 when random.Next(2) == 0 => Exempts(on, known, random.Next(3) > 0, 5 + random.Next(2), known),
            20 => CarriesOver(known, "2022-10-01", 2022, enrolment),
            21 => AsksCertificate(known),
            22 or 23 => TakesBackAny(random, student.Insurance, known),
            _ => ToClaim(random, on, known, student),
        };
    }

    private static long AnyAmount(Random random) => random.Next(3) switch { 0 => 15_000, 1 => 25_000, _ => 40_000 };

    /// <summary>A decision of today or of days past, or a second one of the day of the first.</summary>
    private static DecideApproval Decides(Random random, string on, string known, Insurance? insurance)
    {
        var approvals = insurance?.Approvals ?? [];
        if (approvals.Length == 0 || random.Next(4) == 0)
            return ControlGrants(known, (ulong)random.Next(6), random.Next(10));
        var approval = approvals[random.Next(approvals.Length)];
        return ControlGrants(
            approval.Holding is { } held && random.Next(4) != 0 ? Text(held.From) : on, approval.Reference,
            random.Next(10), known);
    }

    /// <summary>A fact that is on record where there is one of the kind.</summary>
    private static CorrectFact TakesBackAny(Random random, Insurance? insurance, string known)
    {
        var fact = Correctable[random.Next(Correctable.Length)];
        DateOnly[] dates = fact switch
        {
            CommandKind.ReportOtherCoverage =>
                [.. insurance?.CoverageFacts.Where(f => !f.IsEnd).Select(f => f.On) ?? []],
            CommandKind.EndOtherCoverage =>
                [.. insurance?.CoverageFacts.Where(f => f.IsEnd).Select(f => f.On.AddDays(-1)) ?? []],
            CommandKind.ReceiveContribution =>
                [.. insurance?.Contribution?.Receipts.Select(receipt => receipt.On) ?? []],
            CommandKind.DecideApproval =>
                [.. insurance?.Approvals.Where(approval => approval.Holding is not null)
                    .Select(approval => approval.Holding!.Value.From) ?? []],
            CommandKind.DecideExemption => [.. insurance?.Exemptions.Select(x => x.From) ?? []],
            _ => [.. insurance?.StudyFacts.Select(f => f.On) ?? []],
        };
        var coverage = random.Next(2) == 0 ? CoverageKind.None : AnyKind(random);
        return TakesBack(
            fact, dates.Length == 0 ? known : Text(dates[random.Next(dates.Length)]), known, coverage,
            AnyHolder(random));
    }

    private static ReportOtherCoverage HasCoverage(Random random, string on, string known) =>
        HasOtherCoverage(on, known, AnyKind(random), random.Next(3) > 0, AnyHolder(random));

    /// <summary>Now and then one that is not named, which is refused.</summary>
    private static EndOtherCoverage LosesCoverage(Random random, string on, string known) =>
        LosesOtherCoverage(
            on, known, random.Next(20) == 0 ? CoverageKind.None : AnyKind(random), random.Next(3) > 0,
            AnyHolder(random));

    // Few of each, so that an end finds its coverage.
    private static CoverageKind AnyKind(Random random) => random.Next(3) == 0 ? CoverageKind.Ramed : CoverageKind.Cnss;

    private static CoverageHolder AnyHolder(Random random) =>
        random.Next(3) == 0 ? CoverageHolder.Father : CoverageHolder.None;

    private static readonly CommandKind[] Correctable =
    [
        CommandKind.ReportOtherCoverage, CommandKind.EndOtherCoverage, CommandKind.InterruptStudies,
        CommandKind.ChangeInterruptionReason,
        CommandKind.ResumeStudies, CommandKind.ReceiveContribution, CommandKind.DecideExemption,
        CommandKind.DecideApproval,
    ];

    private static Command ToClaim(Random random, string on, string known, StudentAggregate student)
    {
        var sheet = (ulong)random.Next(Sheets);
        if (!Has(student, sheet))
            return Deposits(known, sheet, Care(on), Care(on, Act.Physiotherapy, 20_000, quantity: 4)) with
            {
                Items = random.Next(3) == 0 ? FileItems.StudentName : FileItems.All
            };
        return random.Next(5) switch
        {
            0 => Completes(known, sheet, FileItems.All),
            1 or 2 => Receives(known, sheet),
            3 => Orders(known, sheet),
            _ => Confirms(known, sheet),
        };
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>
    /// Any command to one of the student's claims, among them those that find claims paid long ago, and claims that
    /// repeat others.
    /// </summary>
    public static Command OfClaim(Random random, DateOnly day, StudentAggregate student)
    {
        var (known, sheet) = (Text(day), (ulong)random.Next(Sheets));
        if (!Has(student, sheet))
            return AnyDeposit(random, day, sheet);
        if (student.FindOpen(sheet) is { } open && random.Next(4) > 0)
            return NextOf(open, random, known);
        return random.Next(11) switch
        {
            0 => Completes(known, sheet, FileItems.All),
            1 => Receives(known, sheet),
            2 => Orders(known, sheet),
            3 => Confirms(known, sheet),
            4 => Reviews(known, sheet),
            5 => Appeals(known, sheet),
            6 or 7 => Reopens(known, sheet),
            8 => ComesBack(known, sheet),
            9 => ComesBack(known, sheet, payment: random.Next(1, 3)),
            _ => Recovers(known, sheet, random.Next(1, 10_000)),
        };
    }

    /// <summary>A fact of days past, or one taken back: adjudicated claims are notified of it (S5).</summary>
    public static Command OfDaysPast(Random random, DateOnly day, Student student)
    {
        var (known, on) = (Text(day), Text(day.AddDays(-random.Next(200))));
        return random.Next(6) switch
        {
            0 or 1 => HasCoverage(random, on, known),
            2 => LosesCoverage(random, on, known),
            3 => Exempts(on, known, random.Next(3) > 0, 5 + random.Next(2), known),
            _ => TakesBackAny(random, student.Insurance, known),
        };
    }

    /// <summary>The command that usually comes next.</summary>
    private static Command NextOf(Claim claim, Random random, string known) => claim.Status switch
    {
        ClaimStatus.Returned => Completes(known, claim.Number, FileItems.All),
        ClaimStatus.Deposited => Receives(known, claim.Number),
        ClaimStatus.HeldAsDuplicate => Resolves(known, claim.Number, random.Next(2) == 0),
        ClaimStatus.HeldForReview => Reviews(known, claim.Number, random.Next(3) > 0),
        ClaimStatus.Payable => Orders(known, claim.Number),
        ClaimStatus.PaymentOrdered => Confirms(known, claim.Number),
        ClaimStatus.PaymentReturned => Reissues(known, claim.Number),
        _ when claim.OverpaidCentimes > 0 => Recovers(known, claim.Number, claim.OverpaidCentimes),
        _ => DecidesAppeal(known, claim.Number, random.Next(3) > 0),
    };

    private static DepositClaim AnyDeposit(Random random, DateOnly day, ulong sheet)
    {
        var known = Text(day);
        ClaimLine[] lines = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => AnyLine(random, day))];
        return random.Next(5) switch
        {
            0 =>
                ProviderDeposits(
                    known, sheet,
                    [.. lines.Select(line =>
                        line with
                        {
                            Act = Act.Dialysis,
                            ReferenceCentimes = line.PaidCentimes,
                            Prosthesis = default
                        })]),
            1 => Deposits(known, sheet, lines) with { Items = FileItems.StudentName },
            _ => Deposits(known, sheet, lines) with { Provider = random.Next(3) },
        };
    }

    private static ClaimLine AnyLine(Random random, DateOnly day)
    {
        var on = Text(day.AddDays(-(random.Next(3) == 0 ? random.Next(300) : random.Next(20))));
        return random.Next(6) switch
        {
            0 => Care(on, Act.Physiotherapy, 20_000, quantity: random.Next(1, 5)),
            1 => Care(on, Prostheses[random.Next(Prostheses.Length)], 100_000, 100_000),
            2 => Care(on, Act.HospitalStay, 900_000, 900_000, circumstances: Circumstances.ContractedClinic),
            _ => Care(on, paid: random.Next(2) == 0 ? 8_000 : 7_000),
        };
    }

    private static bool Has(StudentAggregate student, ulong sheet) =>
        student.FindOpen(sheet) is not null || student.PassivatedClaims.TryFind(sheet, out _);
}
