using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;

namespace Amoe.Engine.Partitions;

/// <summary>A student's aggregate, with what its partition keeps beside it.</summary>
internal sealed class HostedStudent(StudentId id) : StudentAggregate(id)
{
    /// <summary>The next day on which something falls due, as the partition's calendar has it.</summary>
    public DateOnly NextDueOn { get; set; } = DateOnly.MaxValue;

    /// <summary>As the totals have it.</summary>
    public Standing Standing { get; set; }

    /// <summary>True when the student's history cannot be replayed: the partition's list says why.</summary>
    public bool IsQuarantined { get; set; }

    /// <summary>Reads what a decision will read first, and nothing that depends on it.</summary>
    public int Touch() => Receipts.Bytes.Length + OpenClaims.Length + (Insurance is { Rights.Length: var rights } ? rights : 0);
}
