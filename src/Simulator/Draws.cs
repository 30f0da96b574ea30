using Amoe.Engine.Domain;

namespace Amoe.Simulator;

/// <summary>
/// Everything that is left to chance about one student: each draw is a hash of the seed, the student, what is drawn and
/// its number. There is no generator to share or to advance, so a draw is the same in any order, on any thread, after
/// any restart.
/// </summary>
internal readonly struct Draws(ulong seed, ulong id)
{
    /// <summary>The denominator of chances.</summary>
    public const int Whole = 100_000;

    private readonly ulong _base = Mixing.Mix(seed, id);

    /// <summary>64 bits for one purpose.</summary>
    public ulong Bits(DrawPurpose purpose, int n = 0) => Mixing.Mix(_base ^ ((ulong)purpose << 48 | (uint)n));

    public bool Chance(DrawPurpose purpose, int per100k, int n = 0) =>
        (int)(((Bits(purpose, n) >> 32) * Whole) >> 32) < per100k;

    public int Range(DrawPurpose purpose, Between between, int n = 0) => between.At(Bits(purpose, n));

    public int Delay(DrawPurpose purpose, Between between, int n = 0) => between.SkewedAt(Bits(purpose, n));

    public T Pick<T>(DrawPurpose purpose, Table<T> table, int n = 0) => table.At(Bits(purpose, n));
}

/// <summary>
/// The purpose of a draw. Its number is part of the hash: changing one changes every later run of every seed.
/// </summary>
internal enum DrawPurpose : ushort
{
    Origin = 1,
    Category,
    Cycle,
    PaidTrack,
    City,
    Institution,
    Age,
    Birthday,
    Sex,
    Coverage,
    CoverageKind,
    Renewing,
    Chronic,
    BankAccount,

    DeclarationDay = 30,
    DeclaresAgain,
    DeclaresAgainAfter,
    NeverForwarded,
    ForwardedWrong,
    ListOffset,
    ListEvery,
    ListLine,
    ResendDay,
    TransmitDelay,
    AnamDelay,
    AnamFinds,
    AnamFindsKind,

    WhenPaid = 60,
    PayDelay,
    PaysThoughCovered,
    WrongAmount,
    CorrectedAfter,
    TransferDelay,
    TransferFails,
    SecondInstitution,
    ReceiptDelay,

    ReportsCoverage = 80,
    ReportAfter,
    ReportKind,
    ReportLate,
    ReportLag,
    ReportByAnam,
    CoverageEnds,
    CoverageEndsAfter,
    Interrupts,
    InterruptAfter,
    InterruptLag,
    InterruptReason,
    InterruptLong,
    InterruptFor,
    ChangesReason,
    ChangedReason,
    WantsCertificate,
    CertificateAfter,
    AsksExemption,
    ExemptionAfter,
    ExemptionGranted,
    Illness,

    ClaimCount = 120,
    CareDay,
    Outside,
    NeverRegisteredTries,
    Episode,
    LineTaken,
    Sector,
    Contracted,
    Emergency,
    Ophthalmologist,
    Justified,
    WayChanged,
    Quantity,
    Amount,
    Reference,
    Units,
    UnitsOver,
    SplitLine,
    Provider,
    DepositLate,
    DepositDelay,
    Posted,
    Desk,
    WrongDesk,
    Redeposits,
    RedepositAfter,
    OtherPatient,
    Incomplete,
    MissingCount,
    MissingItem,
    Completes,
    CompletesAfter,
    CompletesInPart,
    ReceiveDelay,
    ConfirmDelay,
    SentTwice,

    ApprovalAsked = 180,
    ApprovalStale,
    ApprovalLead,
    ApprovalDelay,
    ApprovalAnswer,

    FactLate = 200,
    FactLateBy,
    FactWrong,
    FactWrongBy,
    FactTakenBack,

    ReviewAfter = 220,
    ReviewGranted,
    Duplicate,
    DuplicateAfter,
    OtherAmount,
    ResolveAfter,
    IsDuplicate,
    Appeals,
    AppealAfter,
    AppealDecided,
    AppealGranted,
    Reopens,
    ReopenAfter,
    ComesBack,
    ComesBackAfter,
    Reissued,
    ReissueAfter,
    PaysBack,
    PaysBackAfter,

    // Whose insurance, several coverages, and what is said of one.
    DeclaredHolder = 260,
    AnamFindsHolder,
    ReportHolder,
    SecondCoverage,
    SecondAfter,
    EndByStudent,
    ConfirmedAfter,
    CoverageFollows,
    CoveredBefore,
    CoveredBeforeAfter,
    Outlasts,
    ExemptionUndone,
    UndoneAfter,
    ExemptedForBill,
    ForBillAfter,

    // Another category or institution.
    OtherLastYear = 280,
    AccountGivenUp,
    ChangesInstitution,
    ChangesAfter,
    ChangesSide,
    ClosesAccount,

    // Money that is not as expected.
    MadeGood = 300,
    ByWhole,
    PaysTwice,
    TwiceAfter,
    PaysEarly,
    EarlyAfter,
    PaysNotOwed,
    NotOwedAfter,
    LastYearMoney,
    LastYearAfter,
    PaysAgainElsewhere,

    // What lines and files say, and sheets that are filed for a second reason.
    Generic = 320,
    GenericPrice,
    Elements,
    Teeth,
    Jaw,
    ProsthesisAgain,
    ProsthesisAgainAfter,
    OtherJaw,
    EarlierCare,
    Unpriced,
    Undescribed,
    PresentedAgain,
    PresentedAfter,
    ApprovalLate,
    ApprovalLateBy,
    ApprovalCorrected,
    ApprovalCorrectedAfter,
    ApprovalReplaced,

    FirstReturned = 340,
    AccountLost,

    // Which of the world's.
    Medicine = 360,
    TreatedElsewhere,
    CityOfCare,
}

/// <summary>An inclusive range of whole numbers.</summary>
internal readonly record struct Between(int Min, int Max)
{
    public int At(ulong bits) => Min + (int)(((bits >> 32) * (ulong)(Max - Min + 1)) >> 32);

    /// <summary>Most near the lower end, a few far out: the product of two uniform draws.</summary>
    public int SkewedAt(ulong bits) => Min + (int)((((bits >> 32) * (uint)bits >> 32) * (ulong)(Max - Min + 1)) >> 32);
}

/// <summary>A choice by weight.</summary>
internal sealed class Table<T>
{
    private const int GuideBits = 8;

    private readonly T[] _values;
    private readonly ulong[] _upTo;

    /// <summary>
    /// By the upper bits of a draw, the first entry it can fall on: the search begins there and is nearly over.
    /// </summary>
    private readonly ushort[] _guide = new ushort[1 << GuideBits];

    public Table(IReadOnlyList<(T Value, long Weight)> entries)
    {
        var total = entries.Sum(entry => entry.Weight);
        if (total is <= 0 or > 1L << 30)
            throw new ArgumentException("the weights add up to nothing, or to too much");
        _values = [.. entries.Select(entry => entry.Value)];
        _upTo = new ulong[entries.Count];
        var sum = 0L;
        for (var i = 0; i < _upTo.Length; i++)
        {
            sum += entries[i].Weight;
            _upTo[i] = ((ulong)sum << 32) / (ulong)total;
        }

        for (var i = 0; i < _guide.Length; i++)
            _guide[i] = (ushort)Array.FindIndex(_upTo, upTo => (ulong)i << (32 - GuideBits) < upTo);
    }

    public IReadOnlyList<T> Values => _values;

    /// <summary>Each entry with the part of 2³² draws that fall on it.</summary>
    public IEnumerable<(T Value, ulong Width)> Parts =>
        _values.Select((value, i) => (value, _upTo[i] - (i == 0 ? 0 : _upTo[i - 1])));

    public T At(ulong bits)
    {
        var drawn = bits >> 32;
        int i = _guide[bits >> (64 - GuideBits)];
        while (drawn >= _upTo[i])
            i++;
        return _values[i];
    }
}
