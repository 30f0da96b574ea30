using System.Collections.Immutable;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Partitions;

/// <summary>
/// Everything a partition holds: its students in buckets, its calendar, what it has for other partitions or their
/// ledgers. A live turn and a replay change it by the same steps, so that they end the same.
/// </summary>
/// <param name="buckets">A power of two; it may differ from one incarnation to the next.</param>
internal sealed partial class PartitionState(IActorLogic logic, int buckets = 1) : IRecordSink, IApplier
{
    /// <summary>Buckets are distinguished by eight bits.</summary>
    public const int BucketsMax = 256;

    // Replaced whole, because other threads read it while the partition runs.
    private ImmutableDictionary<StudentId, QuarantinedStudent> _quarantined =
        ImmutableDictionary<StudentId, QuarantinedStudent>.Empty;
    private StudentActor? _replaying;
    private RecordHeader _header;
    private long _record;
    private int _openClaimsBefore;
    private bool _isStudentChanged;
    private StudentPrefetch? _prefetch;
    private RecordBatch? _batch;

    public Bucket[] Buckets { get; } = NewBuckets(buckets);

    public DueCalendar Calendar { get; } = new();

    /// <summary>The partition's number of records applied.</summary>
    public long Offset { get; set; }

    /// <summary>The partition's number of frames applied.</summary>
    public long SequenceNumber { get; set; }

    /// <summary>
    /// The first record that <see cref="Day"/>, <see cref="LastClosed"/>, the outbox and the ledgers do not have: see
    /// <see cref="Bucket.From"/>.
    /// </summary>
    public long From { get; set; }

    /// <summary>The day last opened: known dates are never earlier.</summary>
    public DateOnly Day { get; set; }

    /// <summary>The day last closed: where a simulation is resumed.</summary>
    public DateOnly LastClosed { get; set; }

    /// <summary>The rulebook that decides, by the last mark; 0 is that of the journal's creation.</summary>
    public int Rulebook { get; set; }

    /// <summary>What a student partition has for ledger partitions; null on those, or where none are.</summary>
    public Outbox? Outbox { get; set; }

    /// <summary>The ledgers of a party partition; null on a student partition.</summary>
    public LedgerBook? Ledgers { get; set; }

    /// <summary>Loads the students of a batch ahead.</summary>
    public StudentPrefetch Prefetch => _prefetch ??= new(this);

    /// <summary>Students out of service, and why.</summary>
    public IReadOnlyDictionary<StudentId, QuarantinedStudent> Quarantined => _quarantined;

    public IEnumerable<StudentActor> Students => Buckets.SelectMany(bucket => bucket.Students);

    public long StudentCount => Buckets.Sum(bucket => (long)bucket.Students.Count);

    public long OpenClaimCount => Buckets.Sum(bucket => bucket.OpenClaimCount);

    public ulong Digest => Buckets.Aggregate(Ledgers?.Digest ?? 0, (sum, bucket) => sum + bucket.Digest);

    /// <summary>The sum over the buckets and the ledgers; of a single bucket its own.</summary>
    public Totals Totals
    {
        get
        {
            if (Buckets is [var only] && Ledgers is null)
                return only.Totals;
            var sum = new Totals();
            foreach (var bucket in Buckets)
                sum.Add(bucket.Totals);
            sum.CountOfParty(Ledgers?.EventCount ?? 0);
            return sum;
        }
    }

    /// <summary>Where the record that is being decided or replayed lies, and its reference.</summary>
    public (long Frame, int Position, ulong Reference) Place { get; set; }

    /// <summary>The bucket of a student.</summary>
    public Bucket BucketOf(StudentId student) =>
        Buckets.Length == 1 ? Buckets[0] : Buckets[student.BucketOf(Buckets.Length)];

    public StudentActor? Find(StudentId student) => BucketOf(student).Students.Find(student);

    /// <summary>A student, known or new.</summary>
    public StudentActor Student(StudentId id)
    {
        var students = BucketOf(id).Students;
        if (students.Find(id) is { } known)
            return known;
        var student = new StudentActor(id);
        students.Put(student);
        return student;
    }

    /// <summary>A record begins: what it posts and what it counts follow from the state it finds.</summary>
    public void Begin(StudentActor student)
    {
        Outbox?.Begin();
        _openClaimsBefore = student.OpenClaims.Length;
        BucketOf(student.Id).Totals.Begin(student, student.Standing);
    }

    /// <summary>Applies one event, and notes what it means to ledgers.</summary>
    public void Apply(StudentAggregate aggregate, Claim? claim, Event e)
    {
        if (Offset >= From)
            Outbox?.Note(aggregate, claim, e);
        aggregate.Apply(e, claim, logic);
    }

    /// <summary>Counts an event that was applied, and adds it to the digest.</summary>
    public void Count(StudentActor student, Event e, DateOnly known, ReadOnlySpan<byte> bytes)
    {
        var (id, bucket) = (student.Id.Value, BucketOf(student.Id));
        if (e is ClaimEvent c)
        {
            bucket.Digest += EventHash.Of(Mixing.Mix(id, c.Claim), student.Count(c, PlaceFor(c)), known, bytes);
            bucket.Totals.Count(student, student.FindOpen(c.Claim), e);
            return;
        }

        _isStudentChanged = true;
        bucket.Digest += EventHash.Of(Mixing.Mix(id), student.LastSequenceNr++, known, bytes);
        bucket.Totals.Count(student, null, e);
    }

    private RecordPlace PlaceFor(ClaimEvent e) => new(Place.Frame, Place.Position, Place.Reference == e.Claim);

    /// <summary>Books a record once its events are applied: receipt, calendar, totals, passivation.</summary>
    public void Book(StudentActor? student, in RecordHeader header)
    {
        if (student is null)
            BookMark(header);
        else
            BookStudent(student, header);
        Offset++;
    }

    private void BookStudent(StudentActor student, in RecordHeader header)
    {
        var bucket = BucketOf(student.Id);
        bucket.Totals.Count(header);
        if (Offset >= From)
            Outbox?.Book(student.Id, header);
        if (header.IsCommand)
            student.Receipts.Add(new Receipt(header.Id, header.Fingerprint, header.Outcome, header.Reason));
        student.Passivate();
        bucket.OpenClaimCount += student.OpenClaims.Length - _openClaimsBefore;
        if (!_isStudentChanged)
            return;

        // Deadlines, standing and queues follow from the student alone: what happened to his claims changes none.
        _isStudentChanged = false;
        Reschedule(student);
        bucket.Totals.End(student);
        var standing = StandingOf(student);
        if (standing != student.Standing)
        {
            bucket.Totals.Count(student.Standing, standing);
            student.Standing = standing;
        }
    }

    public void Reschedule(StudentActor student)
    {
        var next = student.NextDeadline;
        if (next == student.NextDueOn)
            return;
        student.NextDueOn = next;
        if (next != DateOnly.MaxValue)
            Calendar.Add(next, student.Id);
    }

    /// <summary>Takes a student out of service, or says better why one is.</summary>
    public void Quarantine(StudentActor student, string why) => Quarantine(
        student,
        _quarantined.TryGetValue(student.Id, out var known)
            ? known with { Why = why, CanBeReplayed = false }
            : new QuarantinedStudent(why, Offset, Day));

    private void Quarantine(StudentActor student, QuarantinedStudent why)
    {
        student.IsQuarantined = true;
        student.NextDueOn = DateOnly.MaxValue;
        _quarantined = _quarantined.SetItem(student.Id, why);
    }

    /// <summary>Takes the claims of a student that failed out of the count, until the student is replayed.</summary>
    public void Retire(StudentActor student) => BucketOf(student.Id).OpenClaimCount -= _openClaimsBefore;

    /// <summary>The same for a student whose memory is whole, and whose records are damaged.</summary>
    public void RetireWhole(StudentActor student) => BucketOf(student.Id).OpenClaimCount -= student.OpenClaims.Length;

    /// <summary>
    /// Replaces a student that failed with a freshly replayed one, or removes a student that the journal has nothing
    /// of.
    /// </summary>
    /// <remarks>
    /// Where the sums lack events of a student, they would not be those of the log: the student stays out of service,
    /// and the log has to be read again.
    /// </remarks>
    public void Replace(StudentActor student)
    {
        if (_quarantined.TryGetValue(student.Id, out var why) && why.IsPartial)
        {
            _quarantined = _quarantined.SetItem(student.Id, why with { CanBeReplayed = true });
            return;
        }

        _quarantined = _quarantined.Remove(student.Id);
        var bucket = BucketOf(student.Id);
        bucket.OpenClaimCount += student.OpenClaims.Length;
        if (student.IsBlank)
        {
            bucket.Students.Remove(student.Id);
            return;
        }

        bucket.Students.Put(student);
        if (student.NextDueOn != DateOnly.MaxValue)
            Calendar.Add(student.NextDueOn, student.Id);
    }

    private void BookMark(in RecordHeader header)
    {
        foreach (var bucket in Buckets)
        {
            if (Offset >= bucket.From)
                BookDay(bucket.Totals, header);
        }

        if (Offset < From)
            return;
        if (header.Kind is CommandKind.OpenDay or CommandKind.CloseDay)
            Outbox?.Seal(Day, isClosed: header.Kind == CommandKind.CloseDay);
        if (header.Kind == CommandKind.OpenDay)
            Day = header.Effective;
        else if (header.Kind == CommandKind.CloseDay)
            LastClosed = header.Effective;
    }

    private static void BookDay(Totals totals, in RecordHeader header)
    {
        if (header.Kind == CommandKind.OpenDay)
            totals.OpenDay(header.Effective);
        else if (header.Kind == CommandKind.CloseDay)
            totals.CloseDay(header.Effective);
    }

    private static Bucket[] NewBuckets(int count)
    {
        if (!int.IsPow2(count) || count > BucketsMax)
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"The number of buckets is a power of two up to {BucketsMax}.");
        return [.. Enumerable.Range(0, count).Select(index => new Bucket(index))];
    }

    private static Standing StandingOf(Student student)
    {
        if (student.Insurance is not { Rights.Length: > 0 } insurance)
            return Standing.None;
        if (insurance.Rights[^1].Lapsed)
            return Standing.Lapsed;
        foreach (var suspension in insurance.Suspensions)
        {
            if (suspension.Until == DateOnly.MaxValue)
                return Standing.Suspended;
        }

        return Standing.Active;
    }
}
