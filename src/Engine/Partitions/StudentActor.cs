using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;

namespace Amoe.Engine.Partitions;

/// <summary>A student's aggregate, with what its partition keeps beside it.</summary>
internal sealed class StudentActor(StudentId id) : StudentAggregate(id)
{
    /// <summary>The next day on which something falls due, as the partition's calendar has it.</summary>
    public DateOnly NextDueOn { get; set; } = DateOnly.MaxValue;

    /// <summary>As the totals have it.</summary>
    public Standing Standing { get; set; }

    /// <summary>True when the student's history cannot be replayed: the partition's list says why.</summary>
    public bool IsQuarantined { get; set; }

    /// <summary>
    /// Reads what a decision or a replay will read first: where the receipts end, the first open claim, the insurance.
    /// No read depends on another but through the student. The sum has no meaning.
    /// </summary>
    public ulong Touch()
    {
        var read = (ulong)(Insurance is { Rights.Length: var rights } ? rights : 0);
        if (Receipts.Bytes is [.., var last])
            read += last;
        if (OpenClaims is [var open, ..])
            read += open.Number;
        return read;
    }
}
