using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Partitions;

/// <summary>
/// A bucket's state as bytes, with what the partition has beside its buckets. A snapshot of another version is not
/// read: recovery then replays the log, which can always be read, so that snapshots need no upcasters.
/// </summary>
internal static class SnapshotCodec
{
    private const byte Version = 16;

    public static void Write(ByteWriter w, PartitionState state, int bucket = 0)
    {
        var of = state.Buckets[bucket];
        w.Byte(Version);
        w.Varint((ulong)state.Buckets.Length);
        w.Varint((ulong)bucket);
        w.Varint((ulong)state.Offset);
        w.Varint((ulong)state.SequenceNumber);
        Date(w, state.Day);
        Date(w, state.LastClosed);
        w.Varint((ulong)state.Rulebook);
        PartySnapshot.Write(w, state);
        w.UInt64(of.Digest);
        of.Totals.Write(w);
        w.Varint((ulong)of.Students.Count);
        // In the order of their ids: the same state is the same bytes, whatever the table's history.
        foreach (var student in of.Students.OrderBy(student => student.Id))
            Write(w, student);
    }

    /// <summary>
    /// Puts a snapshot into a partition before its first record. Each bucket may have one of another moment: the log is
    /// then replayed from the earliest, and each part takes what it does not have.
    /// </summary>
    /// <returns>
    /// False when the snapshot is of another version, or of another number of buckets: nothing is changed.
    /// </returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, PartitionState state)
    {
        var r = new ByteReader(bytes);
        if (r.Byte() != Version
            || r.Int() != state.Buckets.Length
            || r.Int() is var index && (uint)index >= (uint)state.Buckets.Length)
            return false;
        var bucket = state.Buckets[index];
        bucket.From = (long)r.Varint();
        bucket.FromSequenceNumber = (long)r.Varint();
        var (day, closed, rulebook) = (Date(ref r), Date(ref r), r.Int());

        // The latest of the snapshots says where the partition's own part is.
        var isLatest = bucket.From >= state.From;
        PartySnapshot.Read(ref r, state, isLatest);
        if (isLatest)
            (state.From, state.Day, state.LastClosed, state.Rulebook) = (bucket.From, day, closed, rulebook);
        bucket.Digest = r.UInt64();
        bucket.Totals = Totals.Read(ref r);
        for (var left = r.Int(); left > 0; left--)
        {
            var student = ReadStudent(ref r);
            bucket.Students.Put(student);
            bucket.OpenClaimCount += student.OpenClaims.Length;
            state.Reschedule(student);
        }

        var earliest = state.Buckets.MinBy(each => each.From)!;
        (state.Offset, state.SequenceNumber) = (earliest.From, earliest.FromSequenceNumber);
        return true;
    }

    /// <summary>One student with his claims.</summary>
    public static void Write(ByteWriter w, StudentActor student)
    {
        w.Varint(student.Id.Value);
        EnrolmentCodec.Write(w, student.Enrolment, 0);
        Date(w, student.EnrolledOn);
        w.Varint((ulong)student.Year);
        w.Varint(student.Enrolments.Bits);
        w.Byte((byte)student.Application);
        w.Byte((byte)student.DeclaredCoverage);
        w.Byte((byte)student.Standing);
        w.Varint((ulong)student.LastSequenceNr);
        Blob(w, student.Receipts.Bytes);
        w.Flag(student.Insurance is not null);
        if (student.Insurance is { } insurance)
            Write(w, insurance);
        w.Varint((ulong)student.OpenClaims.Length);
        foreach (var open in student.OpenClaims)
            Write(w, open);
        Blob(w, student.PassivatedClaims.Bytes);
    }

    public static StudentActor ReadStudent(ref ByteReader r)
    {
        var student = new StudentActor(new StudentId(r.Varint()))
        {
            Enrolment = EnrolmentCodec.Read(ref r, 0),
            EnrolledOn = Date(ref r),
            Year = (short)r.Int(),
            Enrolments = new YearEnrolments((ushort)r.Varint()),
            Application = (ApplicationState)r.Byte(),
            DeclaredCoverage = (CoverageKind)r.Byte(),
            Standing = (Standing)r.Byte(),
            LastSequenceNr = r.Int(),
            Receipts = ReceiptBook.From(r.Bytes(r.Int())),
        };
        if (r.Flag())
            student.Insurance = ReadInsurance(ref r);
        for (var left = r.Int(); left > 0; left--)
            ReadOpen(ref r, student);
        student.PassivatedClaims = PassivatedClaims.From(r.Bytes(r.Int()));
        return student;
    }

    private static void Write(ByteWriter w, Insurance insurance)
    {
        w.Varint((ulong)insurance.Rights.Length);
        foreach (var right in insurance.Rights)
        {
            w.Varint((ulong)right.Year);
            w.Flag(right.Lapsed);
            Date(w, right.From);
            Date(w, right.Until);
            Date(w, right.GraceUntil);
        }

        w.Varint((ulong)insurance.Suspensions.Length);
        foreach (var suspension in insurance.Suspensions)
        {
            w.Byte((byte)suspension.Cause);
            Date(w, suspension.From);
            Date(w, suspension.Until);
        }

        WriteContribution(w, insurance.Contribution);
        w.Flag(insurance.HasRare);
        if (insurance.HasRare)
            WriteRare(w, insurance);
    }

    private static void WriteContribution(ByteWriter w, Contribution? contribution)
    {
        w.Flag(contribution is not null);
        if (contribution is null)
            return;
        w.Signed(contribution.Year);
        EventCodec.WriteOptional(w, contribution.Due, 0);
        w.Varint((ulong)contribution.OwedCentimes);
        w.Varint((ulong)contribution.HeldCentimes);
        w.Flag(contribution.ReceiptShown);
        w.Varint((ulong)contribution.Payments.Length);
        foreach (var payment in contribution.Payments)
        {
            w.Varint(payment.Centimes);
            w.Varint((ulong)payment.Institution);
            Date(w, payment.On);
        }

        w.Varint((ulong)contribution.AllReceipts.Length);
        foreach (var receipt in contribution.AllReceipts)
        {
            w.Varint(receipt.Centimes);
            Date(w, receipt.On);
            w.Varint((ulong)receipt.Institution);
            w.Varint(receipt.Number);
        }

        WriteContribution(w, contribution.Before);
    }

    private static Contribution? ReadContribution(ref ByteReader r)
    {
        if (!r.Flag())
            return null;
        var contribution = new Contribution { Year = (short)r.Signed() };
        var (due, owed) = (EventCodec.ReadOptional(ref r, 0), (long)r.Varint());
        if (due is { } day)
            contribution.Owe(owed, day);
        contribution.Hold((long)r.Varint());
        contribution.ReceiptShown = r.Flag();
        var payments = new ContributionPayment[r.Int()];
        for (var i = 0; i < payments.Length; i++)
            payments[i] = new ContributionPayment((uint)r.Varint(), r.Int(), Date(ref r));
        var receipts = new ContributionReceipt[r.Int()];
        for (var i = 0; i < receipts.Length; i++)
            receipts[i] = new ContributionReceipt((uint)r.Varint(), Date(ref r), r.Int(), (ushort)r.Varint());
        contribution.Become(payments, receipts);
        contribution.Before = ReadContribution(ref r);
        return contribution;
    }

    private static void WriteRare(ByteWriter w, Insurance insurance)
    {
        w.Varint((ulong)insurance.Approvals.Length);
        foreach (var approval in insurance.Approvals)
        {
            w.Varint(approval.Reference);
            w.Byte((byte)approval.Act);
            w.Varint((ulong)approval.Asked);
            EventCodec.WriteOptional(w, approval.RequestedOn, 0);
            w.Flag(approval.HasLapsed);
            w.Varint((ulong)approval.Decisions.Length);
            foreach (var decided in approval.Decisions)
            {
                w.Varint((ulong)decided.Number);
                w.Varint((ulong)decided.Units);
                Date(w, decided.From);
                EventCodec.WriteOptional(w, decided.Until, 0);
            }

            w.Varint((ulong)approval.Takers.Length);
            foreach (var taker in approval.Takers)
            {
                w.Varint(taker.Claim);
                w.Varint((ulong)taker.Units);
            }
        }

        w.Varint((ulong)insurance.Exemptions.Length);
        foreach (var exemption in insurance.Exemptions)
        {
            w.Varint((ulong)exemption.Illness);
            Date(w, exemption.From);
            Date(w, exemption.Until);
            FactCodec.WriteDecision(w, exemption.Granted, exemption.Supersedes);
        }

        w.Varint((ulong)insurance.CoverageFacts.Length);
        foreach (var fact in insurance.CoverageFacts)
        {
            Date(w, fact.On);
            FactCodec.WriteCoverage(w, fact.Coverage, fact.Holder);
            w.Byte((byte)fact.Source);
            w.Flag(fact.IsEnd);
        }

        w.Varint((ulong)insurance.StudyFacts.Length);
        foreach (var fact in insurance.StudyFacts)
        {
            Date(w, fact.On);
            w.Byte((byte)fact.Change);
            w.Byte((byte)fact.Reason);
            EventCodec.WriteOptional(w, fact.Suspends, 0);
            w.Flag(fact.Pauses);
        }
    }

    private static Insurance ReadInsurance(ref ByteReader r)
    {
        var rights = new Right[r.Int()];
        for (var i = 0; i < rights.Length; i++)
            rights[i] = new Right((short)r.Int(), r.Flag(), Date(ref r), Date(ref r), Date(ref r));
        var suspensions = new Suspension[r.Int()];
        for (var i = 0; i < suspensions.Length; i++)
            suspensions[i] = new Suspension((SuspensionCause)r.Byte(), Date(ref r), Date(ref r));
        var insurance = new Insurance
        {
            Rights = Rights.Of(rights),
            Suspensions = suspensions,
            Contribution = ReadContribution(ref r)
        };
        if (r.Flag())
            ReadRare(ref r, insurance);
        return insurance;
    }

    private static void ReadRare(ref ByteReader r, Insurance insurance)
    {
        var approvals = new Approval[r.Int()];
        for (var i = 0; i < approvals.Length; i++)
        {
            approvals[i] = new Approval(r.Varint(), (Act)r.Byte(), r.Int(), EventCodec.ReadOptional(ref r, 0))
            {
                HasLapsed = r.Flag(),
                Decisions = ReadDecisions(ref r),
                Takers = ReadTakers(ref r),
            };
        }

        insurance.Restore(approvals);
        if (r.Int() is > 0 and var count)
        {
            insurance.Exemptions = new Exemption[count];
            for (var i = 0; i < count; i++)
                insurance.Exemptions[i] = ReadExemption(ref r);
        }

        var coverage = new CoverageFact[r.Int()];
        for (var i = 0; i < coverage.Length; i++)
        {
            var (on, name) = (Date(ref r), FactCodec.ReadCoverage(ref r));
            coverage[i] = new CoverageFact(on, name.Kind, name.Holder, (CoverageSource)r.Byte(), r.Flag());
        }

        insurance.CoverageFacts = coverage;
        var studies = new StudyFact[r.Int()];
        for (var i = 0; i < studies.Length; i++)
            studies[i] = new StudyFact(
                Date(ref r), (StudyChange)r.Byte(), (InterruptionReason)r.Byte(), EventCodec.ReadOptional(ref r, 0),
                r.Flag());
        insurance.StudyFacts = studies;
    }

    private static Exemption ReadExemption(ref ByteReader r)
    {
        var (illness, from, until) = (r.Int(), Date(ref r), Date(ref r));
        var (granted, supersedes) = FactCodec.ReadDecision(ref r);
        return new Exemption(illness, from, until, granted, supersedes);
    }

    private static ApprovalDecision[] ReadDecisions(ref ByteReader r)
    {
        var decisions = new ApprovalDecision[r.Int()];
        for (var i = 0; i < decisions.Length; i++)
            decisions[i] = new ApprovalDecision(r.Int(), r.Int(), Date(ref r), EventCodec.ReadOptional(ref r, 0));
        return decisions;
    }

    private static ApprovalTaker[] ReadTakers(ref ByteReader r)
    {
        var takers = new ApprovalTaker[r.Int()];
        for (var i = 0; i < takers.Length; i++)
            takers[i] = new ApprovalTaker(r.Varint(), r.Int());
        return takers;
    }

    /// <summary>One claim.</summary>
    public static void Write(ByteWriter w, Claim claim)
    {
        w.Varint(claim.Number);
        Blob(w, claim.Places);
        w.Varint(claim.LastSequenceNr);
        w.Byte((byte)claim.Status);
        w.Byte((byte)claim.Way);
        w.Byte((byte)claim.AnnouncedMethod);
        w.Byte((byte)claim.Marks);
        w.Varint((ulong)claim.Items);
        w.Varint((ulong)claim.Missing);
        w.Varint((ulong)claim.Provider);
        Date(w, claim.DepositedOn);
        Date(w, claim.ReceivedOn ?? default);
        ClaimEventCodec.WriteLines(w, claim.Lines, 0);
        ClaimEventCodec.WriteOutcomes(w, claim.Outcomes);
        w.Varint(claim.SameLines);
        w.Varint(claim.SimilarLines);
        w.Signed(claim.SettledCentimes);
        w.Varint(claim.SharedLines);
        w.Signed(claim.RefundSettledCentimes);
        ClaimEventCodec.WritePayments(w, claim.Payments.ToArray(), 0);
    }

    public static void ReadOpen(ref ByteReader r, StudentActor student)
    {
        var number = r.Varint();
        var places = r.Bytes(r.Int()).ToArray();
        RecordPlaces.Validate(places);
        var claim = new Claim(number)
        {
            Places = places,
            LastSequenceNr = (ushort)r.Varint(),
            Status = (ClaimStatus)r.Byte(),
            Way = (ClaimWay)r.Byte(),
            AnnouncedMethod = (PaymentMethod)r.Byte(),
            Marks = (ClaimMarks)r.Byte(),
            Items = (FileItems)r.Varint(),
            Missing = (FileItems)r.Varint(),
            Provider = r.Int(),
            DepositedOn = Date(ref r),
            ReceivedOn = Date(ref r),
            Lines = ClaimEventCodec.ReadLines(ref r, 0),
        };
        claim.CountedStatus = claim.Status;
        claim.Judge(ClaimEventCodec.ReadOutcomes(ref r));
        claim.SameLines = (uint)r.Varint();
        claim.SimilarLines = (uint)r.Varint();
        claim.SettledCentimes = r.Signed();
        claim.SharedLines = (uint)r.Varint();
        claim.RefundSettledCentimes = r.Signed();
        claim.Payments = Payments.Of(ClaimEventCodec.ReadPayments(ref r, 0));
        student.Open(claim);
    }

    private static void Blob(ByteWriter w, ReadOnlySpan<byte> bytes)
    {
        w.Varint((ulong)bytes.Length);
        w.Bytes(bytes);
    }

    private static void Date(ByteWriter w, DateOnly date) => w.Varint((ulong)date.DayNumber);

    private static DateOnly Date(ref ByteReader r) => DateOnly.FromDayNumber(r.Int());
}
