using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Actors;

/// <summary>
/// A shard's state as bytes. A snapshot of another version is not read: recovery then replays the log, which can always be read, so that
/// snapshots need no upcasters.
/// </summary>
internal static class SnapshotCodec
{
    private const byte Version = 8;

    public static byte[] Write(ShardState state)
    {
        var w = new ByteWriter(1 << 16);
        w.Byte(Version);
        w.Varint((ulong)state.Offset);
        w.UInt64(state.Digest);
        Date(w, state.Day);
        Date(w, state.LastClosed);
        state.Totals.Write(w);
        PartySnapshot.Write(w, state);
        w.Varint((ulong)state.Cells.Count);
        // In the order of their ids: the same state is the same bytes, whatever the table's history.
        foreach (var cell in state.Cells.OrderBy(cell => cell.Id))
            Write(w, cell);
        return w.Written.ToArray();
    }

    /// <summary>The state, or null when the snapshot is of another version.</summary>
    /// <param name="state">The shard before its first record.</param>
    public static ShardState? Read(ReadOnlySpan<byte> bytes, ShardState state)
    {
        var r = new ByteReader(bytes);
        if (r.Byte() != Version)
            return null;
        state.Offset = (long)r.Varint();
        state.Digest = r.UInt64();
        state.Day = Date(ref r);
        state.LastClosed = Date(ref r);
        state.Totals = Totals.Read(ref r);
        PartySnapshot.Read(ref r, state);
        for (var left = r.Int(); left > 0; left--)
        {
            var cell = ReadCell(ref r);
            state.Cells.Put(cell);
            state.OpenClaimCount += cell.OpenClaims.Length;
            state.Reschedule(cell);
        }

        return state;
    }

    /// <summary>One student with his claims.</summary>
    public static void Write(ByteWriter w, StudentCell cell)
    {
        w.Varint(cell.Id.Value);
        EventCodec.WriteEnrolment(w, cell.Enrolment, 0);
        Date(w, cell.EnrolledOn);
        w.Varint((ulong)cell.Year);
        w.Byte((byte)cell.Application);
        w.Byte((byte)cell.DeclaredCoverage);
        w.Byte((byte)cell.Standing);
        w.Varint((ulong)cell.EventCount);
        Blob(w, cell.Receipts.Bytes);
        w.Flag(cell.Insurance is not null);
        if (cell.Insurance is { } insurance)
            Write(w, insurance);
        w.Varint((ulong)cell.OpenClaims.Length);
        foreach (var open in cell.OpenClaims)
            Write(w, open);
        w.Varint((ulong)cell.ClosedClaims.Length);
        foreach (var closed in cell.ClosedClaims)
            closed.Write(w);
    }

    public static StudentCell ReadCell(ref ByteReader r)
    {
        var cell = new StudentCell(new StudentId(r.Varint()))
        {
            Enrolment = EventCodec.ReadEnrolment(ref r, 0),
            EnrolledOn = Date(ref r),
            Year = (short)r.Int(),
            Application = (ApplicationState)r.Byte(),
            DeclaredCoverage = (CoverageKind)r.Byte(),
            Standing = (Standing)r.Byte(),
            EventCount = r.Int(),
            Receipts = ReceiptBook.From(r.Bytes(r.Int())),
        };
        if (r.Flag())
            cell.Insurance = ReadInsurance(ref r);
        for (var left = r.Int(); left > 0; left--)
            ReadOpen(ref r, cell);
        var closed = new ClosedClaim[r.Int()];
        for (var i = 0; i < closed.Length; i++)
            closed[i] = ClosedClaim.Read(ref r);
        cell.Restore(closed);
        return cell;
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
        w.Varint((ulong)contribution.PaidCentimes);
        w.Varint((ulong)contribution.ReceivedCentimes);
        Date(w, contribution.ReceivedOn);
        w.Varint((ulong)contribution.PaidTo);
        w.Flag(contribution.IsHeld);
        w.Flag(contribution.ReceiptShown);
        WriteContribution(w, contribution.Before);
    }

    private static Contribution? ReadContribution(ref ByteReader r) => !r.Flag() ? null : new Contribution
    {
        Year = (short)r.Signed(),
        Due = EventCodec.ReadOptional(ref r, 0),
        PaidCentimes = (long)r.Varint(),
        ReceivedCentimes = (long)r.Varint(),
        ReceivedOn = Date(ref r),
        PaidTo = r.Int(),
        IsHeld = r.Flag(),
        ReceiptShown = r.Flag(),
        Before = ReadContribution(ref r),
    };

    private static void WriteRare(ByteWriter w, Insurance insurance)
    {
        w.Varint((ulong)insurance.Approvals.Length);
        foreach (var approval in insurance.Approvals)
        {
            w.Varint(approval.Reference);
            w.Byte((byte)approval.Act);
            w.Byte((byte)approval.State);
            w.Varint((ulong)approval.Units);
            w.Varint((ulong)approval.Used);
            Date(w, approval.From);
            Date(w, approval.Until);
            w.Varint((ulong)(approval.Takers?.Length ?? 0));
            foreach (var taker in approval.Takers ?? [])
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
        }

        w.Varint((ulong)insurance.CoverageFacts.Length);
        foreach (var fact in insurance.CoverageFacts)
        {
            Date(w, fact.On);
            w.Byte((byte)fact.Coverage);
        }

        w.Varint((ulong)insurance.StudyFacts.Length);
        foreach (var fact in insurance.StudyFacts)
        {
            Date(w, fact.On);
            w.Byte((byte)fact.Change);
            w.Byte((byte)fact.Reason);
            EventCodec.WriteOptional(w, fact.Suspends, 0);
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
        var insurance = new Insurance { Rights = rights, Suspensions = suspensions, Contribution = ReadContribution(ref r) };
        if (r.Flag())
            ReadRare(ref r, insurance);
        return insurance;
    }

    private static void ReadRare(ref ByteReader r, Insurance insurance)
    {
        var approvals = new Approval[r.Int()];
        for (var i = 0; i < approvals.Length; i++)
            approvals[i] = new Approval(r.Varint(), (Act)r.Byte(), (ApprovalState)r.Byte(), r.Int(), r.Int(), Date(ref r), Date(ref r), ReadTakers(ref r));
        insurance.Approvals = approvals;
        if (r.Int() is > 0 and var count)
        {
            insurance.Exemptions = new Exemption[count];
            for (var i = 0; i < count; i++)
                insurance.Exemptions[i] = new Exemption(r.Int(), Date(ref r), Date(ref r));
        }

        var coverage = new CoverageFact[r.Int()];
        for (var i = 0; i < coverage.Length; i++)
            coverage[i] = new CoverageFact(Date(ref r), (CoverageKind)r.Byte());
        insurance.CoverageFacts = coverage;
        var studies = new StudyFact[r.Int()];
        for (var i = 0; i < studies.Length; i++)
            studies[i] = new StudyFact(Date(ref r), (StudyChange)r.Byte(), (InterruptionReason)r.Byte(), EventCodec.ReadOptional(ref r, 0));
        insurance.StudyFacts = studies;
    }

    private static ApprovalTaker[]? ReadTakers(ref ByteReader r)
    {
        if (r.Int() is not (> 0 and var count))
            return null;
        var takers = new ApprovalTaker[count];
        for (var i = 0; i < count; i++)
            takers[i] = new ApprovalTaker(r.Varint(), r.Int());
        return takers;
    }

    /// <summary>One claim.</summary>
    public static void Write(ByteWriter w, in OpenClaim open)
    {
        var claim = open.Claim;
        w.Varint(claim.Number);
        w.Varint((ulong)open.DepositOffset);
        w.Varint(open.EventCount);
        w.Byte((byte)claim.Status);
        w.Byte((byte)claim.Way);
        w.Byte((byte)claim.Method);
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
        w.Varint((ulong)claim.InTransitCentimes);
        w.Varint((ulong)claim.LastPaymentCentimes);
        Date(w, claim.OrderedOn);
        w.Byte((byte)claim.OrderedBy);
    }

    public static void ReadOpen(ref ByteReader r, StudentCell cell)
    {
        var number = r.Varint();
        var (offset, events) = ((long)r.Varint(), (ushort)r.Varint());
        var claim = new Claim(number)
        {
            Status = (ClaimStatus)r.Byte(),
            Way = (ClaimWay)r.Byte(),
            Method = (PaymentMethod)r.Byte(),
            Marks = (ClaimMarks)r.Byte(),
            Items = (FileItems)r.Varint(),
            Missing = (FileItems)r.Varint(),
            Provider = r.Int(),
            DepositedOn = Date(ref r),
            ReceivedOn = Date(ref r),
            Lines = ClaimEventCodec.ReadLines(ref r, 0),
            Outcomes = ClaimEventCodec.ReadOutcomes(ref r),
            SameLines = (uint)r.Varint(),
            SimilarLines = (uint)r.Varint(),
            SettledCentimes = r.Signed(),
            InTransitCentimes = (long)r.Varint(),
            LastPaymentCentimes = (long)r.Varint(),
            OrderedOn = Date(ref r),
            OrderedBy = (PaymentMethod)r.Byte(),
        };
        claim.PayableCentimes = LineOutcome.Sum(claim.Outcomes);
        cell.Open(claim, offset, events);
    }

    private static void Blob(ByteWriter w, ReadOnlySpan<byte> bytes)
    {
        w.Varint((ulong)bytes.Length);
        w.Bytes(bytes);
    }

    private static void Date(ByteWriter w, DateOnly date) => w.Varint((ulong)date.DayNumber);

    private static DateOnly Date(ref ByteReader r) => DateOnly.FromDayNumber(r.Int());
}
