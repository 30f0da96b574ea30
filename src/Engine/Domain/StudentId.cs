namespace Amoe.Engine.Domain;

/// <summary>
/// A student's 64-bit number: all the engine ever knows of the person. The identity vault (or the simulator) keeps the
/// name, CIN, Massar number, e-mail and bank account that belong to it.
/// </summary>
public readonly record struct StudentId(ulong Value) : IComparable<StudentId>
{
    public int CompareTo(StudentId other) => Value.CompareTo(other.Value);

    /// <summary>
    /// The partition of this student and all the student's claims. It never changes, as the journal's partition count
    /// does not.
    /// </summary>
    public int PartitionOf(int studentPartitions) => (int)(Mixing.Mix(Value) % (ulong)studentPartitions);

    /// <summary>The bucket of a partition that the student is in.</summary>
    /// <param name="buckets">A power of two up to 256.</param>
    internal int BucketOf(int buckets) => (int)(Mixing.Mix(Value) >> 56) & (buckets - 1);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static bool operator <(StudentId left, StudentId right) => left.Value < right.Value;

    public static bool operator >(StudentId left, StudentId right) => left.Value > right.Value;

    public static bool operator <=(StudentId left, StudentId right) => left.Value <= right.Value;

    public static bool operator >=(StudentId left, StudentId right) => left.Value >= right.Value;
}
