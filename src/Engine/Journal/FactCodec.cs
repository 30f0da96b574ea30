using Amoe.Engine.Bytes;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Journal;

/// <summary>
/// Parts of a student's facts that the first version of their events did not have, in the spare bits of its bytes: what
/// is left out is written as it was, and what the first version wrote is read as what it meant.
/// </summary>
internal static class FactCodec
{
    private const int HolderShift = 4;
    private const int KindMask = (1 << HolderShift) - 1;
    private const int Pauses = 0x80;
    private const int Granted = 1;
    private const int Supersedes = 2;

    public static void WriteCoverage(ByteWriter w, CoverageKind kind, CoverageHolder holder) =>
        w.Byte((byte)((int)kind | (int)holder << HolderShift));

    public static CoverageName ReadCoverage(ref ByteReader r)
    {
        var name = r.Byte();
        return new CoverageName((CoverageKind)(name & KindMask), (CoverageHolder)(name >> HolderShift));
    }

    public static DeclarationRecorded ReadDeclaration(ref ByteReader r, int day)
    {
        var enrolment = EnrolmentCodec.Read(ref r, day);
        var name = ReadCoverage(ref r);
        return new DeclarationRecorded(enrolment, name.Kind, r.Int(), r.Date(day), name.Holder);
    }

    public static OtherCoverageReported ReadReported(ref ByteReader r, int day)
    {
        var name = ReadCoverage(ref r);
        return new OtherCoverageReported(name.Kind, r.Date(day), r.Flag(), name.Holder);
    }

    public static OtherCoverageEnded ReadEnded(ref ByteReader r, int day)
    {
        var last = r.Date(day);
        var name = ReadCoverage(ref r);
        return new OtherCoverageEnded(last, name.Kind, name.Holder, (CoverageSource)r.Byte());
    }

    public static FactTakenBack ReadTakenBack(ref ByteReader r, int day)
    {
        var (fact, on) = ((Domain.CommandKind)r.Byte(), r.Date(day));
        var name = ReadCoverage(ref r);
        return new FactTakenBack(fact, on, name.Kind, name.Holder);
    }

    /// <summary>A reason, and whether it pauses a clock; the day it suspends follows.</summary>
    public static void WriteReason(ByteWriter w, InterruptionReason reason, bool pauses) =>
        w.Byte((byte)((int)reason | (pauses ? Pauses : 0)));

    public static StudiesInterrupted ReadInterrupted(ref ByteReader r, int day)
    {
        var (on, reason) = (r.Date(day), r.Byte());
        return new StudiesInterrupted(
            on, (InterruptionReason)(reason & ~Pauses), EventCodec.ReadOptional(ref r, day), (reason & Pauses) != 0);
    }

    public static InterruptionReasonChanged ReadReasonChanged(ref ByteReader r, int day)
    {
        var (on, reason) = (r.Date(day), r.Byte());
        return new InterruptionReasonChanged(
            on, (InterruptionReason)(reason & ~Pauses), EventCodec.ReadOptional(ref r, day), (reason & Pauses) != 0);
    }

    public static void WriteDecision(ByteWriter w, bool granted, bool supersedes) =>
        w.Byte((byte)((granted ? Granted : 0) | (supersedes ? Supersedes : 0)));

    public static (bool Granted, bool Supersedes) ReadDecision(ref ByteReader r)
    {
        var decision = r.Byte();
        return ((decision & Granted) != 0, (decision & Supersedes) != 0);
    }

    public static ExemptionDecided ReadExemption(ref ByteReader r, int day)
    {
        var (granted, supersedes) = ReadDecision(ref r);
        return new ExemptionDecided(granted, r.Int(), r.Date(day), r.Date(day), supersedes);
    }
}
