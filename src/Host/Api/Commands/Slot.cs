namespace Amoe.Host.Api.Commands;

/// <summary>
/// The place of a field's value while a command is read or written: every value but lines fits into 64 bits.
/// </summary>
internal enum Slot : byte
{
    // The envelope: what every command has.
    Command,
    Student,

    /// <summary>The business reference; of a command to a claim the sheet number.</summary>
    Reference,
    Attempt,
    Effective,
    Known,

    // Of commands to students.
    Category,
    Cycle,
    Born,
    PaidTrack,
    Institution,
    BankAccount,
    Year,
    RightFrom,
    Coverage,
    Holder,
    ApplicationDesk,
    Amount,
    ByAnam,
    Reason,
    Granted,
    Illness,
    Until,
    Units,
    Fact,
    Approval,
    On,

    // Of commands to claims.
    Way,
    ClaimDesk,
    Provider,
    PatientIsStudent,
    Has,
    Without,
    Brings,
    Lines,
    Payment,
    IsDuplicate,
    Payee,

    // Of an approval, and of a line.
    Act,
    Sector,
    Care,
    Quantity,
    Paid,
    TariffOrPrice,
    Circumstances,
    Generic,
    Elements,
    Teeth,
}

/// <summary>The values of one command's fields, by slot. What was not said is 0.</summary>
/// <param name="values">Room for <see cref="Count"/> values, all 0.</param>
internal readonly ref struct FieldValues(Span<long> values)
{
    public const int Count = (int)Slot.Teeth + 1;

    private readonly Span<long> _values = values;

    public ref long this[Slot slot] => ref _values[(int)slot];

    public int Whole(Slot slot) => (int)_values[(int)slot];

    public uint Centimes(Slot slot) => (uint)_values[(int)slot];

    public bool Flag(Slot slot) => _values[(int)slot] != 0;

    public DateOnly Date(Slot slot) => DateOnly.FromDayNumber((int)_values[(int)slot]);

    public void Put(Slot slot, DateOnly date) => _values[(int)slot] = date.DayNumber;

    public void Put(Slot slot, bool flag) => _values[(int)slot] = flag ? 1 : 0;
}
